package org.eventstreaming.site;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypeJson;

/**
 * Reads the definitions in an answer of {@code getdoctype} as a stream: most of it is scripts for
 * the desk, which are skipped.
 */
final class DocTypeReader {
  /** The scripts of a large DocType are a few megabytes. */
  private static final long LONGEST_ANSWER = 64L * 1024 * 1024;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxDocumentLength(LONGEST_ANSWER).build())
          .build();

  private DocTypeReader() {}

  static List<DocType> read(InputStream body) throws IOException {
    // a site repeats the type of rows for each Table field that has it
    Map<String, DocType> found = new LinkedHashMap<>();
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonParseException(parser, "an object was expected");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean docs = parser.currentName().equals("docs");
        if (parser.nextToken() == JsonToken.START_ARRAY && docs) {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            DocType definition = DocTypeJson.read(parser);
            found.putIfAbsent(definition.name(), definition);
          }
        } else {
          parser.skipChildren();
        }
      }
      if (parser.currentToken() != JsonToken.END_OBJECT) {
        throw new JsonParseException(parser, "the answer ends early");
      }
    }
    return List.copyOf(found.values());
  }
}
