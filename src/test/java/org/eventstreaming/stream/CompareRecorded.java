package org.eventstreaming.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eventstreaming.standin.RecordedHistory;
import org.eventstreaming.update.DocumentKey;

/** Compares the documents of the recorded history with what is here of them. */
final class CompareRecorded {
  private CompareRecorded() {}

  /** Those that are not here as the recorded site has them in the end, with what differs. */
  static Map<String, Set<String>> differences(TestDatabase database) {
    Map<String, Set<String>> differences = new TreeMap<>();
    CompareDocuments compare = new CompareDocuments();
    Here here = new Here(database);
    Set<DocumentKey> reported =
        RecordedHistory.entries(RecordedHistory.Form.METHOD).stream()
            .map(entry -> new DocumentKey(entry.refDoctype(), entry.docname()))
            .collect(Collectors.toSet());
    for (ObjectNode wanted : RecordedHistory.documents()) {
      String doctype = wanted.path("doctype").asText();
      String name = wanted.path("name").asText();
      if (reported.contains(new DocumentKey(doctype, name))) {
        JsonNode held = here.names(doctype).contains(name) ? here.document(doctype, name) : null;
        Set<String> fields = compare.differences(wanted, held);
        if (!fields.isEmpty()) {
          differences.put(doctype + " " + name, fields);
        }
      }
    }
    return differences;
  }
}
