package org.eventstreaming.update;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry that is Failed now and was not before, for a route that hands it on: of its document it
 * has the name alone.
 *
 * @param syncLog its number in the Event Sync Log
 * @param attempts how often it was tried
 */
public record FailedEntry(
    long syncLog,
    String producerUrl,
    String refDoctype,
    String docname,
    String updateType,
    String updateLog,
    String cause,
    @Nullable String error,
    int attempts,
    Instant failedAt) {
  /** What becomes JSON. */
  public Map<String, @Nullable Object> fields() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("kind", "entry");
    fields.put("producer", producerUrl);
    fields.put("ref_doctype", refDoctype);
    fields.put("docname", docname);
    fields.put("update_type", updateType);
    fields.put("update_log", updateLog);
    fields.put("sync_log", syncLog);
    fields.put("cause", cause);
    fields.put("error", error);
    fields.put("attempts", attempts);
    fields.put("failed_at", failedAt.toString());
    return fields;
  }
}
