package org.eventstreaming.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;

/**
 * Compares a recorded document with a held one: equal as their field types make them. Left out is
 * what no entry carries: {@code modified}, {@code modified_by}, a parent's {@code idx}, keys that
 * begin with {@code _}.
 */
final class CompareDocuments {
  private static final Set<String> IGNORED = Set.of("modified", "modified_by");
  private static final Set<String> NEVER_EMPTY =
      Set.of("Check", "Int", "Float", "Currency", "Percent");
  private final Map<String, Map<String, String>> types = new HashMap<>();

  CompareDocuments() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    CompareDocuments.class.getResourceAsStream("/demo/erpnext-15/doctypes.jsonl")),
                StandardCharsets.UTF_8))) {
      for (String line : lines.lines().toList()) {
        JsonNode doctype = DocumentJson.MAPPER.readTree(line);
        Map<String, String> fields = new HashMap<>();
        doctype
            .path("fields")
            .forEach(
                field ->
                    fields.put(field.path("fieldname").asText(), field.path("fieldtype").asText()));
        types.put(doctype.path("name").asText(), fields);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The fields that differ; a missing document differs in its name. */
  Set<String> differences(ObjectNode wanted, @Nullable JsonNode held) {
    if (held == null) {
      return Set.of("name");
    }
    Set<String> differences = new TreeSet<>();
    compare(wanted, held, "", differences);
    return differences;
  }

  private void compare(JsonNode wanted, JsonNode held, String path, Set<String> differences) {
    Map<String, String> fields = types.getOrDefault(wanted.path("doctype").asText(), Map.of());
    Set<String> keys = new TreeSet<>();
    wanted.fieldNames().forEachRemaining(keys::add);
    held.fieldNames().forEachRemaining(keys::add);
    for (String key : keys) {
      if (IGNORED.contains(key) || key.startsWith("_") || (key.equals("idx") && path.isEmpty())) {
        continue;
      }
      JsonNode one = wanted.path(key);
      JsonNode other = held.path(key);
      if (one.isArray() || other.isArray()) {
        compareRows(one, other, path + key + ".", differences);
      } else if (!value(one, fields.get(key)).equals(value(other, fields.get(key)))) {
        differences.add(path + key);
      }
    }
  }

  private void compareRows(JsonNode wanted, JsonNode held, String path, Set<String> differences) {
    if (wanted.size() != held.size()) {
      differences.add(path.substring(0, path.length() - 1));
      return;
    }
    for (int i = 0; i < wanted.size(); i++) {
      compare(wanted.get(i), held.get(i), path, differences);
    }
  }

  private static String value(JsonNode node, @Nullable String type) {
    boolean number = type != null && NEVER_EMPTY.contains(type);
    if (node.isMissingNode() || node.isNull()) {
      return number ? "0" : "";
    }
    if (node.isNumber()) {
      BigDecimal plain = node.decimalValue().stripTrailingZeros();
      return plain.signum() == 0 ? "0" : plain.toPlainString();
    }
    if (Objects.equals(type, "Time")) {
      return FrappeTime.parse("2000-01-01 " + node.asText())
          .map(FrappeTime::format)
          .orElse(node.asText());
    }
    return node.asText();
  }
}
