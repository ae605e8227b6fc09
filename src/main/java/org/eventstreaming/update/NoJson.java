package org.eventstreaming.update;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why a text is not JSON, in one line and without the parser's advice about its own settings. */
public final class NoJson {
  private static final Pattern NO_NUMBER =
      Pattern.compile("Non-standard token '(-?(?:NaN|INF|Infinity|\\+INF|\\+Infinity))'.*");

  private NoJson() {}

  /** What is wrong with it. */
  public static String why(Exception cause) {
    if (holdsNoNumber(cause) && cause instanceof JsonProcessingException e) {
      Matcher token = NO_NUMBER.matcher(firstLine(e.getOriginalMessage()));
      String field = e.getProcessor() instanceof JsonParser parser ? name(parser) : null;
      return "%s is %s, and JSON has no such number"
          .formatted(
              field == null ? "a value" : field, token.matches() ? token.group(1) : "no number");
    }
    String message =
        cause instanceof JsonProcessingException e ? e.getOriginalMessage() : cause.getMessage();
    return message == null || message.isEmpty()
        ? cause.getClass().getSimpleName()
        : firstLine(message)
            .replaceFirst(" \\(for \\w+ starting at .*", "")
            .replaceFirst(": enable `.*", "");
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "" : message.lines().findFirst().orElse("");
  }

  /** The field whose value was read last; null where it was none of an object. */
  private static @Nullable String name(JsonParser parser) {
    try {
      return parser.currentName();
    } catch (IOException e) {
      return null;
    }
  }

  /** Whether it is JSON but for NaN or an infinity, which Python writes as numbers. */
  public static boolean holdsNoNumber(Exception cause) {
    return cause instanceof JsonProcessingException e
        && NO_NUMBER.matcher(firstLine(e.getOriginalMessage())).matches();
  }
}
