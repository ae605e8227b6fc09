package org.eventstreaming.site;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.NoJson;
import org.eventstreaming.update.UpdateLogEntry;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of an update log answer one by one, so that memory does not grow with the
 * backlog. Takes the method's {@code message} and a list call's {@code data} alike.
 */
public final class EntryReader implements AutoCloseable {
  // an answer may go on behind a value: trailing tokens are the rest of the list
  private static final ObjectMapper JSON =
      DocumentJson.MAPPER.copy().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final SiteAnswer answer;
  private final String call;
  private final JsonParser parser;
  private boolean inside;
  private String modified = "";

  EntryReader(SiteAnswer answer, String call) {
    this.answer = answer;
    this.call = call;
    try {
      parser = JSON.createParser(answer.body());
      inside = findEntries();
    } catch (IOException e) {
      answer.close();
      throw broken(e);
    } catch (RuntimeException e) {
      answer.close();
      throw e;
    }
  }

  /** The next entry; null after the last. */
  public @Nullable UpdateLogEntry next() {
    if (!inside) {
      return null;
    }
    try {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.END_ARRAY) {
        inside = false;
        drain();
        return null;
      }
      if (token == null) {
        throw new IOException("the answer ends in the middle of the list");
      }
      return token == JsonToken.START_OBJECT ? entry() : stranger(JSON.readTree(parser));
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /**
   * When the entry that was read last was changed last, its creation where the answer does not
   * report: lists are in this order.
   */
  public String modified() {
    return modified;
  }

  @Override
  public void close() {
    answer.close();
  }

  private boolean findEntries() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("an object was expected");
    }
    String error = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      JsonToken value = parser.nextToken();
      if ((key.equals("message") || key.equals("data")) && value == JsonToken.START_ARRAY) {
        return true;
      }
      if (key.equals("exc") && value == JsonToken.VALUE_STRING) {
        error = parser.getText();
      }
      if ((key.equals("message") || key.equals("data")) && value != JsonToken.VALUE_NULL) {
        throw new SiteFailure(
            SiteFailure.Kind.UNREADABLE,
            call + ": '" + key + "' should be a list of entries. Is it a Frappe site?");
      }
      parser.skipChildren();
    }
    if (!error.isEmpty() && !error.equals("[]")) {
      FrappeError said =
          FrappeError.of(answer.status(), JSON.createObjectNode().put("exc", error).toString());
      throw new SiteFailure(
          SiteFailure.Kind.BUSY,
          call
              + ": the site reports an error: "
              + said.message()
              + ". The request is repeated later.");
    }
    if (parser.currentToken() != JsonToken.END_OBJECT) {
      throw new IOException("the answer ends early");
    }
    // Frappe leaves `message` out where a method returns nothing
    return false;
  }

  private void drain() throws IOException {
    while (parser.nextToken() != null) {
      parser.skipChildren();
    }
  }

  private UpdateLogEntry entry() throws IOException {
    String name = null;
    String updateType = "";
    String refDoctype = "";
    String docname = "";
    String data = null;
    String creation = "";
    modified = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      switch (key) {
        case "name" -> name = text();
        case "update_type" -> updateType = textOr(updateType);
        case "ref_doctype" -> refDoctype = textOr(refDoctype);
        case "docname" -> docname = textOr(docname);
        case "data" -> data = text();
        case "creation" -> creation = textOr(creation);
        case "modified" -> modified = textOr(modified);
        default -> parser.skipChildren();
      }
    }
    if (parser.currentToken() != JsonToken.END_OBJECT) {
      throw new IOException("the answer ends in the middle of an entry");
    }
    modified = modified.isEmpty() ? creation : modified;
    return new UpdateLogEntry(
        name == null || name.isEmpty()
            ? unnamed(updateType + refDoctype + docname + data + creation)
            : name.length() > DocumentKey.LONGEST_NAME ? unnamed(name) : name,
        updateType,
        refDoctype,
        docname,
        data,
        creation);
  }

  /** Something in the list that is no entry: of no document type, so nobody asked for it. */
  private static UpdateLogEntry stranger(JsonNode value) {
    return new UpdateLogEntry(unnamed(value.toString()), "", "", "", value.toString(), "");
  }

  private String textOr(String otherwise) throws IOException {
    String text = text();
    return text == null ? otherwise : text;
  }

  /** Text as it is, a number as text (v14 numbers its log), anything else as JSON text. */
  private @Nullable String text() throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> null;
      case START_OBJECT, START_ARRAY -> JSON.readTree(parser).toString();
      default -> parser.getText();
    };
  }

  /** An identity for an entry that has none: the same for the same content. */
  private static String unnamed(String content) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "unnamed-" + HexFormat.of().formatHex(hash, 0, 10);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private SiteFailure broken(IOException cause) {
    boolean syntax = cause instanceof JsonProcessingException;
    return new SiteFailure(
        syntax ? SiteFailure.Kind.UNREADABLE : SiteFailure.Kind.UNREACHABLE,
        call
            + ": the answer broke off or is not JSON: "
            + NoJson.why(cause)
            + ". It is read again.",
        cause);
  }
}
