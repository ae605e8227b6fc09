package org.eventstreaming.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;

/** What {@code type} makes of a value: the form in which Frappe keeps a field of that type. */
enum FieldType {
  DATA("Data") {
    @Override
    JsonNode of(JsonNode value, @Nullable DateTimeFormatter format) {
      return TextNode.valueOf(plain(value));
    }
  },
  INT("Int") {
    @Override
    JsonNode of(JsonNode value, @Nullable DateTimeFormatter format) {
      try {
        return integer(number(value));
      } catch (ArithmeticException fraction) {
        throw new NoValue(shown(value) + " is not a whole number");
      }
    }
  },
  FLOAT("Float") {
    @Override
    JsonNode of(JsonNode value, @Nullable DateTimeFormatter format) {
      if (value.isNumber()) {
        return value;
      }
      BigDecimal number = number(value);
      return number.scale() <= 0 ? integer(number) : DecimalNode.valueOf(number);
    }
  },
  CURRENCY("Currency") {
    @Override
    JsonNode of(JsonNode value, @Nullable DateTimeFormatter format) {
      return FLOAT.of(value, format);
    }
  },
  CHECK("Check") {
    @Override
    JsonNode of(JsonNode value, @Nullable DateTimeFormatter format) {
      return switch (plain(value).toLowerCase(Locale.ROOT)) {
        case "1", "1.0", "true", "yes" -> IntNode.valueOf(1);
        case "0", "0.0", "false", "no" -> IntNode.valueOf(0);
        default -> throw new NoValue(shown(value) + " is neither 0 nor 1");
      };
    }
  },
  DATE("Date") {
    @Override
    JsonNode of(JsonNode value, @Nullable DateTimeFormatter format) {
      LocalDate date =
          format == null
              ? frappeTime(value).toLocalDate()
              : parsed(value, text -> LocalDate.parse(text, format));
      return TextNode.valueOf(date.toString());
    }
  },
  DATETIME("Datetime") {
    @Override
    JsonNode of(JsonNode value, @Nullable DateTimeFormatter format) {
      LocalDateTime time =
          format == null
              ? frappeTime(value)
              : parsed(value, text -> LocalDateTime.parse(text, format));
      return TextNode.valueOf(FrappeTime.format(time));
    }
  },
  TIME("Time") {
    @Override
    JsonNode of(JsonNode value, @Nullable DateTimeFormatter format) {
      LocalTime time =
          format == null ? time(value) : parsed(value, t -> LocalTime.parse(t, format));
      return TextNode.valueOf(
          (time.equals(time.truncatedTo(ChronoUnit.SECONDS)) ? SECONDS : MICROSECONDS)
              .format(time));
    }
  },
  /** Frappe keeps JSON as text. */
  JSON("JSON") {
    @Override
    JsonNode of(JsonNode value, @Nullable DateTimeFormatter format) {
      if (!value.isTextual()) {
        return TextNode.valueOf(value.toString());
      }
      try {
        DocumentJson.MAPPER.readTree(value.textValue());
        return value;
      } catch (JsonProcessingException broken) {
        throw new NoValue(shown(value) + " is not JSON");
      }
    }
  };

  private static final int LONGEST_SHOWN = 60;
  private static final int MOST_DIGITS = 400;
  // of more digits than any field of Frappe has a number can be made that fills the memory
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d{1,40}(\\.\\d{0,40})?|\\.\\d{1,40})");
  private static final Pattern TIME_TEXT =
      Pattern.compile("(\\d{1,2}:\\d{1,2}(:\\d{1,2}(\\.\\d{1,6})?)?)");
  private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");

  private final String text;

  FieldType(String text) {
    this.text = text;
  }

  /**
   * The value in this type.
   *
   * @param value neither missing nor null
   * @param format how a date or time is written; null is Frappe's own way
   * @throws NoValue where it is not of that type
   */
  abstract JsonNode of(JsonNode value, @Nullable DateTimeFormatter format);

  static Optional<FieldType> named(String text) {
    for (FieldType type : values()) {
      if (type.text.equals(text)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  String text() {
    return text;
  }

  boolean isTime() {
    return this == DATE || this == DATETIME || this == TIME;
  }

  /** The value for a message. */
  static String shown(JsonNode value) {
    String text = value.isTextual() ? "'" + value.textValue() + "'" : value.toString();
    return text.length() <= LONGEST_SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_SHOWN / 2)) + "…";
  }

  private static String plain(JsonNode value) {
    if (value.isContainerNode()) {
      throw new NoValue(shown(value) + " is not a single value");
    }
    if (value.isBoolean()) {
      return value.booleanValue() ? "1" : "0";
    }
    return value.asText().strip();
  }

  private static BigDecimal number(JsonNode value) {
    if (value.isNumber()) {
      return numberOf(value)
          .orElseThrow(() -> new NoValue(shown(value) + " is not a number that a field can hold"));
    }
    String text = plain(value);
    if (!NUMBER.matcher(text).matches()) {
      throw new NoValue(shown(value) + " is not a number");
    }
    return new BigDecimal(text);
  }

  /** Empty for one whose digits, written out, could fill the memory. */
  static Optional<BigDecimal> numberOf(JsonNode value) {
    return Optional.of(value.decimalValue())
        .filter(
            number ->
                Math.abs((long) number.scale()) <= MOST_DIGITS
                    && number.precision() <= MOST_DIGITS);
  }

  private static JsonNode integer(BigDecimal number) {
    var whole = number.toBigIntegerExact();
    if (whole.bitLength() < Integer.SIZE) {
      return IntNode.valueOf(whole.intValue());
    }
    return whole.bitLength() < Long.SIZE
        ? LongNode.valueOf(whole.longValue())
        : BigIntegerNode.valueOf(whole);
  }

  private static LocalDateTime frappeTime(JsonNode value) {
    return FrappeTime.parse(plain(value))
        .orElseThrow(
            () ->
                new NoValue(
                    shown(value)
                        + " is not a time like 2026-01-31 23:59:59: set format to its pattern"
                        + " written"));
  }

  private static LocalTime time(JsonNode value) {
    String text = plain(value);
    // a Time of Frappe has hours of one or two digits
    return TIME_TEXT.matcher(text).matches()
        ? FrappeTime.parse("2000-01-01 " + text)
            .orElseThrow(() -> new NoValue(shown(value) + " is not a time of a day"))
            .toLocalTime()
        : frappeTime(value).toLocalTime();
  }

  private static <T> T parsed(JsonNode value, Function<String, T> parse) {
    try {
      return parse.apply(plain(value));
    } catch (DateTimeParseException other) {
      throw new NoValue(shown(value) + " is not written as format says");
    }
  }
}
