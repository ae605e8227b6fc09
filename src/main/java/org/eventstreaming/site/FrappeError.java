package org.eventstreaming.site;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a site says went wrong (protocol: frappe-wire 2.5).
 *
 * @param excType the class of the error, without its package; empty where it cannot be known
 * @param message for a person, without markup
 * @param page whether a text that is not JSON came: then it may well be a proxy that speaks
 */
record FrappeError(int status, String excType, String message, boolean page) {
  private static final String METHOD = "/api/method/";
  private static final int LONGEST_MESSAGE = 1_000;

  /**
   * How a site says 500 of a DocType that it does not have: read by name, and by list (version 13).
   * That does not pass.
   */
  private static final Set<String> NO_SUCH_DOCTYPE = Set.of("ImportError", "ProgrammingError");

  /**
   * What a database says 500 of: a value that a column does not take, by the classes of PyMySQL and
   * of psycopg2. The same value is refused again (live evidence 7).
   */
  private static final Set<String> BAD_VALUE =
      Set.of(
          "DataError",
          "DatetimeFieldOverflow",
          "InvalidDatetimeFormat",
          "InvalidTextRepresentation",
          "NumericValueOutOfRange",
          "StringDataRightTruncation");

  /** How MariaDB refuses one more column of a table, by the class of many other errors. */
  private static final Pattern TABLE_FULL = Pattern.compile("Row size too large|Too many columns");

  /** What a Workflow does not let happen, for the key's user. */
  private static final Set<String> OF_WORKFLOW =
      Set.of("WorkflowPermissionError", "WorkflowStateError", "WorkflowTransitionError");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern BLOCK =
      Pattern.compile("</?(?:br|p|div|ul|ol|li|tr|td|h\\d|details|summary)\\b[^>]*>");
  private static final Pattern TAG = Pattern.compile("</?[a-zA-Z][^>]*>");

  static FrappeError of(int status, String body) {
    JsonNode answer = parsed(body);
    if (!answer.isObject()) {
      return new FrappeError(
          status, "", "HTTP " + status + " with a page instead of JSON", !body.isBlank());
    }
    String exception = answer.path("exception").asText("");
    String type = answer.path("exc_type").asText("");
    if (type.isEmpty() && !exception.isEmpty()) {
      String className = exception.split(":", 2)[0].strip();
      type = className.substring(className.lastIndexOf('.') + 1);
    }
    return new FrappeError(status, type, plain(message(status, answer, exception, type)), false);
  }

  /**
   * @param path what was called: a site may say in any language that it does not have a method, and
   *     its text then names that
   */
  SiteFailure.Kind kind(String path) {
    if (excType.equals("TimestampMismatchError")) {
      return SiteFailure.Kind.STALE;
    }
    if (OF_WORKFLOW.contains(excType)) {
      return SiteFailure.Kind.WORKFLOW;
    }
    if (message.startsWith("Failed to get method for command")
        || (status == 417 && path.startsWith(METHOD) && message.contains(method(path)))) {
      return SiteFailure.Kind.NO_SUCH_METHOD;
    }
    return switch (status) {
      case 401 -> SiteFailure.Kind.KEY_REFUSED;
      case 403 -> SiteFailure.Kind.REFUSED;
      // a proxy that has lost the site says nothing of the document
      case 404 -> page ? SiteFailure.Kind.UNREADABLE : SiteFailure.Kind.NOT_FOUND;
      case 408, 425, 429 -> SiteFailure.Kind.BUSY;
      default ->
          status < 500
                  || NO_SUCH_DOCTYPE.contains(excType)
                  || BAD_VALUE.contains(excType)
                  || TABLE_FULL.matcher(message).find()
              ? SiteFailure.Kind.REJECTED
              : status == 500 ? SiteFailure.Kind.FAULT : SiteFailure.Kind.BUSY;
    };
  }

  private static String method(String path) {
    return path.substring(METHOD.length());
  }

  private static String message(int status, JsonNode answer, String exception, String type) {
    String said = serverMessage(answer);
    if (said != null) {
      return said;
    }
    if (answer.hasNonNull("_error_message")) {
      return answer.get("_error_message").asText();
    }
    int colon = exception.indexOf(": ");
    if (colon >= 0) {
      return exception.substring(colon + 2);
    }
    String lastLine = lastLine(parsed(answer.path("exc").asText("")).path(0).asText(""));
    // the name of a class alone says no more than the type does
    if (!lastLine.isEmpty() && !lastLine.equals(exception.strip())) {
      return lastLine;
    }
    JsonNode first = answer.path("errors").path(0);
    for (String key : new String[] {"message", "type"}) {
      if (first.hasNonNull(key)) {
        return first.get(key).asText();
      }
    }
    return type.isEmpty() ? "HTTP " + status : type;
  }

  private static @Nullable String serverMessage(JsonNode answer) {
    String chosen = null;
    boolean raised = false;
    for (JsonNode text : parsed(answer.path("_server_messages").asText(""))) {
      JsonNode entry = text.isTextual() ? parsed(text.asText()) : text;
      String message = entry.path("message").asText("");
      boolean raises = entry.path("raise_exception").asInt(0) == 1;
      if (!message.isEmpty() && (raises || !raised)) {
        chosen = message;
        raised = raises;
      }
    }
    return chosen;
  }

  private static String lastLine(String text) {
    String stripped = text.strip();
    return stripped.substring(stripped.lastIndexOf('\n') + 1).strip();
  }

  private static JsonNode parsed(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      return node == null ? MissingNode.getInstance() : node;
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private static String plain(String html) {
    String text =
        Markup.unescaped(TAG.matcher(BLOCK.matcher(html).replaceAll(" ")).replaceAll(""))
            .replaceAll("\\s+", " ")
            .strip();
    return text.length() <= LONGEST_MESSAGE
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_MESSAGE / 2)) + "…";
  }
}
