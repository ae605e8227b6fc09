package org.eventstreaming.settings;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.BiConsumer;
import org.eventstreaming.files.Place;

/** The lines of a {@code .properties} text, with the place of each; what they mean Java says. */
final class PropertiesText {
  private static final String BLANK = " \t\f";

  private PropertiesText() {}

  /** One key with its value, both unescaped. */
  record Line(String key, Place keyPlace, String value, Place valuePlace) {}

  /** The keys in the order of the text; a line that cannot be read is reported as a problem. */
  static List<Line> lines(String text, BiConsumer<Place, String> problem) {
    var lines = new ArrayList<Line>();
    var natural = text.split("\r\n|\n|\r", -1);
    for (var i = 0; i < natural.length; i++) {
      var number = i + 1;
      var logical = new StringBuilder(natural[i]);
      var start = skip(natural[i], 0);
      if (start == natural[i].length() || "#!".indexOf(natural[i].charAt(start)) >= 0) {
        continue;
      }
      while (continues(natural[i]) && i + 1 < natural.length) {
        logical.append('\n').append(natural[++i]);
      }
      try {
        var pair = new Properties();
        pair.load(new StringReader(logical.toString()));
        pair.stringPropertyNames()
            .forEach(
                key ->
                    lines.add(
                        new Line(
                            key,
                            new Place(number, start + 1),
                            pair.getProperty(key),
                            new Place(number, value(logical, start) + 1))));
      } catch (IllegalArgumentException malformed) {
        problem.accept(
            new Place(number, start + 1), "a \\u must be followed by four hexadecimal digits");
      } catch (IOException impossible) {
        throw new UncheckedIOException(impossible);
      }
    }
    return lines;
  }

  private static boolean continues(String line) {
    var backslashes = 0;
    while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  /** Where the value begins, by the rules of {@link Properties#load(java.io.Reader)}. */
  private static int value(CharSequence line, int start) {
    var at = start;
    while (at < line.length() && "=: \t\f\n".indexOf(line.charAt(at)) < 0) {
      at += line.charAt(at) == '\\' ? 2 : 1;
    }
    at = skip(line, at);
    if (at < line.length() && "=:".indexOf(line.charAt(at)) >= 0) {
      at = skip(line, at + 1);
    }
    return Math.min(at, line.length());
  }

  private static int skip(CharSequence line, int from) {
    var at = from;
    while (at < line.length() && BLANK.indexOf(line.charAt(at)) >= 0) {
      at++;
    }
    return Math.min(at, line.length());
  }
}
