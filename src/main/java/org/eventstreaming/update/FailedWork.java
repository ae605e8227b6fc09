package org.eventstreaming.update;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Work on a producer that fails since now, or for another reason than before. */
public record FailedWork(String producerUrl, Work work, String error, Instant failedAt) {
  /** What becomes JSON: a list, as of failed entries. */
  public List<Map<String, @Nullable Object>> fields() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("kind", "poll");
    fields.put("producer", producerUrl);
    fields.put("work", work.text());
    fields.put("error", error);
    fields.put("failed_at", failedAt.toString());
    return List.of(fields);
  }
}
