package org.eventstreaming.naming;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eventstreaming.document.FrappeTime;
import org.jspecify.annotations.Nullable;

/**
 * The text of a rule made of parts, filled in for one document: dates, values of fields, and at
 * most one number, which is counted per text before it.
 */
final class NamePattern {
  private static final Pattern BRACED = Pattern.compile("\\{([^{}]+)}");

  private final NamedDocument named;
  private final LocalDateTime now;
  private final StringBuilder before = new StringBuilder();
  private final StringBuilder after = new StringBuilder();
  private int digits;

  NamePattern(NamedDocument named, LocalDateTime now) {
    this.named = named;
    this.now = now;
  }

  /** Parts between dots: {@code ACC-.YYYY.-.{company}.-.#####}. */
  NamePattern series(String series) {
    for (String part : series.split("\\.", -1)) {
      if (part.contains("{")) {
        format(part);
      } else if (part.startsWith("#")) {
        addNumber(part.length());
      } else {
        String date = date(part);
        addText(date != null ? date : named.knows(part) ? named.required(part) : part);
      }
    }
    return this;
  }

  /** Parts in braces: <code>ACC-{YYYY}-{company}-{#####}</code>. */
  NamePattern format(String format) {
    Matcher braced = BRACED.matcher(format);
    int end = 0;
    while (braced.find()) {
      addText(format.substring(end, braced.start()));
      addBraced(braced.group(1).strip());
      end = braced.end();
    }
    addText(format.substring(end));
    return this;
  }

  NameDraft draft() {
    return digits == 0
        ? NameDraft.of(before.toString())
        : new NameDraft(before.toString(), number -> before + padded(number) + after);
  }

  private String padded(long number) {
    String text = Long.toString(number);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }

  private void addBraced(String part) {
    if (part.startsWith("#")) {
      addNumber(part.length());
    } else if (part.equals("FY")) {
      addText(part);
    } else {
      String date = date(part);
      addText(date != null ? date : named.required(part));
    }
  }

  private void addText(String text) {
    (digits == 0 ? before : after).append(text);
  }

  private void addNumber(int length) {
    if (digits == 0) {
      digits = length;
    }
  }

  /** Null where the part is no date. */
  private @Nullable String date(String part) {
    return switch (part) {
      case "YYYY" -> formatted("uuuu");
      case "YY" -> formatted("uu");
      case "MM" -> formatted("MM");
      case "DD" -> formatted("dd");
      case "JJJ" -> formatted("DDD");
      case "WW" -> week();
      case "timestamp" -> FrappeTime.format(now);
      default -> null;
    };
  }

  private String formatted(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).format(now);
  }

  /** Frappe's week: the ISO week, but 00 and 53 at the ends of a year, so that weeks never fall. */
  private String week() {
    int week = now.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
    if (now.getMonthValue() == 1 && week >= 52) {
      return "00";
    }
    if (now.getMonthValue() == 12 && week == 1) {
      return "53";
    }
    return "%02d".formatted(week);
  }
}
