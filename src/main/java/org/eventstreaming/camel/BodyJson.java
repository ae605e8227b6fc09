package org.eventstreaming.camel;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import org.eventstreaming.update.DocumentJson;

/**
 * What a route of the project leaves as its body, as JSON. Numbers get the kinds that reading gives
 * them. Bytes are no value: Jackson would write them in base64, and nobody would notice.
 */
final class BodyJson {
  private static final ObjectMapper VALUES =
      DocumentJson.MAPPER
          .copy()
          .registerModule(
              new SimpleModule()
                  .addSerializer(new NoValue<>(byte[].class, "bytes"))
                  .addSerializer(new NoValue<>(InputStream.class, "a stream"))
                  .addSerializer(new NoValue<>(Reader.class, "a stream")));

  private BodyJson() {}

  /** A document: text, bytes and streams contain it as JSON. */
  static JsonNode document(Object body) throws IOException {
    if (body instanceof String text) {
      return DocumentJson.MAPPER.readTree(text);
    }
    if (body instanceof byte[] bytes) {
      return DocumentJson.MAPPER.readTree(bytes);
    }
    if (body instanceof InputStream stream) {
      return DocumentJson.MAPPER.readTree(stream);
    }
    if (body instanceof Reader reader) {
      return DocumentJson.MAPPER.readTree(reader);
    }
    return value(body);
  }

  /** A value: text is a text. */
  static JsonNode value(Object body) throws IOException {
    return DocumentJson.MAPPER.readTree(VALUES.writeValueAsBytes(body));
  }

  /** Refuses what would be written as something else. */
  private static final class NoValue<T> extends StdSerializer<T> {
    private static final long serialVersionUID = 1L;
    private final String kind;

    NoValue(Class<T> type, String kind) {
      super(type);
      this.kind = kind;
    }

    @Override
    public void serialize(T value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      String name = json.getOutputContext().getCurrentName();
      throw JsonMappingException.from(
          json,
          "%s is %s. Convert it to text (convertBodyTo), or read it as JSON (unmarshal)"
              .formatted(name == null ? "the value" : name, kind));
    }
  }
}
