package org.eventstreaming.target;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.RoundingMode;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.document.ComparedForm;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;

/** Converts values of fields for a target site, and compares them as the site would store them. */
final class SiteValues {
  private static final JsonNode ZERO = ComparedForm.of("Int", IntNode.valueOf(0));

  /** Years that mean "never" and "for ever". Their times are not converted between time zones. */
  private static final int FIRST_YEAR = 1;

  private static final int LAST_YEAR = 9999;

  private final ZoneId producerZone;
  private final ZoneId siteZone;
  private final boolean convertsTimes;

  SiteValues(ZoneId producerZone, ZoneId siteZone, boolean convertsTimes) {
    this.producerZone = producerZone;
    this.siteZone = siteZone;
    this.convertsTimes = convertsTimes && !producerZone.equals(siteZone);
  }

  /** A value of the site in the producer's time zone and form. */
  JsonNode read(DocField field, JsonNode value) {
    return converted(field, value, siteZone, producerZone);
  }

  /**
   * A value in the form in which it is sent. Every database reads this form; some databases misread
   * or refuse others.
   */
  JsonNode sent(DocField field, JsonNode value) {
    return switch (field.fieldtype()) {
      case "Time", "Date" -> ComparedForm.of(field.fieldtype(), value);
      case "Datetime" ->
          converted(
              field,
              FrappeTime.isWhole(value.asText()) ? value : ComparedForm.of("Datetime", value),
              producerZone,
              siteZone);
      // a site accepts an object and refuses a list
      case "JSON" -> isJson(value) ? value : TextNode.valueOf(value.toString());
      default -> value;
    };
  }

  private static boolean isJson(JsonNode value) {
    try {
      return value.isTextual() && !DocumentJson.MAPPER.readTree(value.textValue()).isMissingNode();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private JsonNode converted(DocField field, JsonNode value, ZoneId from, ZoneId to) {
    if (!convertsTimes || !field.fieldtype().equals("Datetime")) {
      return value;
    }
    Optional<LocalDateTime> time = FrappeTime.parse(value.asText());
    return time.isEmpty() || isUnlimited(time.get())
        ? value
        : TextNode.valueOf(
            FrappeTime.format(time.get().atZone(from).withZoneSameInstant(to).toLocalDateTime()));
  }

  private static boolean isUnlimited(LocalDateTime time) {
    return time.getYear() <= FIRST_YEAR || time.getYear() >= LAST_YEAR;
  }

  /** Whether two values are equal when the site stores them. */
  boolean isSame(DocField field, JsonNode stands, JsonNode desired) {
    JsonNode one = compared(field, stands);
    JsonNode other = compared(field, desired);
    return stands.equals(desired) || one.equals(other) || isCutTo(field.precision(), one, other);
  }

  /** Whether the site's number is the desired one, rounded by its database. */
  private static boolean isCutTo(@Nullable Integer digits, JsonNode stands, JsonNode desired) {
    return digits != null
        && stands.isNumber()
        && desired.isNumber()
        && desired.decimalValue().scale() > digits
        && desired
                .decimalValue()
                .setScale(digits, RoundingMode.HALF_UP)
                .compareTo(stands.decimalValue())
            == 0;
  }

  /**
   * The value as the site would store it. In a numeric field that is never empty, text that is no
   * number becomes 0. Times in an hour that the site's clock repeats or skips become equal where
   * the site cannot distinguish them.
   */
  JsonNode compared(DocField field, JsonNode value) {
    JsonNode form =
        ComparedForm.of(
            field.fieldtype(), field.fieldtype().equals("Datetime") ? sent(field, value) : value);
    // an empty Rating becomes 0 when its document is saved
    return form.isMissingNode() && (field.isNeverEmpty() || field.fieldtype().equals("Rating"))
        ? ZERO
        : stored(field, form);
  }

  /** A digest of the value as the site would store it. */
  String digest(DocField field, JsonNode value) {
    return Rewrites.digest(compared(field, value).toString());
  }

  /**
   * Whether a site rewrites the markup of the value when it is saved, without a change of meaning.
   */
  static boolean isCleaned(DocField field, JsonNode value) {
    String text = value.asText();
    return switch (field.fieldtype()) {
      case "Data",
          "Small Text",
          "Text",
          "Long Text",
          "Text Editor",
          "HTML Editor",
          "Markdown Editor",
          "Code" ->
          text.contains("<") || text.contains(">");
      case "JSON", "Geolocation", "Rating" -> true;
      default -> false;
    };
  }

  /** The form of a value after a save: numbers given as text are cast (live evidence 7). */
  private static JsonNode stored(DocField field, JsonNode form) {
    if (!field.isNeverEmpty()) {
      return form;
    }
    if (form.isTextual()) {
      return switch (field.fieldtype()) {
        case "Check", "Int" -> ZERO;
        default -> withoutCommas(field, form.textValue());
      };
    }
    return field.fieldtype().equals("Int") && form.isNumber()
        ? ComparedForm.of(
            "Int", DecimalNode.valueOf(form.decimalValue().setScale(0, RoundingMode.DOWN)))
        : form;
  }

  private static JsonNode withoutCommas(DocField field, String text) {
    JsonNode number = ComparedForm.of(field.fieldtype(), TextNode.valueOf(text.replace(",", "")));
    return number.isNumber() ? number : ZERO;
  }

  /** Whether the value is a password, which answers show as stars. */
  static boolean isHidden(DocField field, JsonNode value) {
    return field.fieldtype().equals("Password")
        && value.asText("").chars().allMatch(letter -> letter == '*');
  }

  static boolean isEmpty(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.asText().isEmpty());
  }
}
