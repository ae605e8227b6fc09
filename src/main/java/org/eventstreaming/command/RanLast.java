package org.eventstreaming.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.settings.LengthOfTime;
import org.eventstreaming.settings.Settings;
import org.jspecify.annotations.Nullable;

/** When each kind of work on a producer ran last, and which should have run since. */
final class RanLast {
  /** Clocks look every few seconds, and what is due waits for its turn. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private static final Duration LOOKS_FOR_LOADS = Duration.ofSeconds(30);

  private final ObjectNode row;
  private final Instant at;

  /**
   * @param row one producer of {@code status}
   */
  RanLast(ObjectNode row) {
    this.row = row;
    this.at = Instant.parse(row.path("at").asText());
  }

  /** In words; work that never ran is left out. */
  String reported() {
    StringJoiner reported = new StringJoiner(", ");
    last()
        .forEach(
            (work, moment) -> {
              if (moment != null) {
                reported.add(work + " " + ago(moment) + " ago");
              }
            });
    return reported.toString();
  }

  /** What is overdue, each with its period; nothing of a producer that was never polled. */
  List<String> overdue(EventProducer producer, Settings settings) {
    List<String> overdue = new ArrayList<>();
    if (row.path("last_poll").isNull()) {
      return overdue;
    }
    Map<String, @Nullable Instant> last = last();
    late(overdue, "poll", settings.poll().period(), last.get("poll"));
    if (isQuiet(producer)) {
      return overdue;
    }
    if (producer.reconcile().isOn() && !row.path("source").asText().equals("modified")) {
      late(overdue, "reconcile", producer.reconcile().changes(), last.get("reconcile"));
    }
    if (producer.reconcile().isOn()) {
      late(overdue, "rows", producer.reconcile().rows(), last.get("rows"));
    }
    late(overdue, "compare", producer.reconcile().all(), last.get("compare"));
    late(overdue, "retry", settings.retry().period(), moment(row.path("retry_due_at")));
    for (JsonNode type : row.path("types")) {
      if (!type.path("load_since").isNull()
          && type.path("loaded_at").isNull()
          && type.path("status").asText().equals("Approved")) {
        late(overdue, "load", LOOKS_FOR_LOADS, last.get("load"));
        break;
      }
    }
    return overdue;
  }

  /** What fails now, other than what the last error says. */
  List<String> failing() {
    List<String> failing = new ArrayList<>();
    for (JsonNode work : row.path("works")) {
      if (!work.path("error").isNull()) {
        Instant since = moment(work.path("failing_since"));
        Instant last = moment(work.path("failed_at"));
        int times = work.path("failures").asInt();
        failing.add(
            "%s fails%s%s: %s"
                .formatted(
                    work.path("work").asText(),
                    since == null ? "" : " for " + ago(since),
                    times < 2 || last == null
                        ? ""
                        : ", %d times, last %s ago".formatted(times, ago(last)),
                    work.path("error").asText()));
      }
    }
    return failing;
  }

  private Map<String, @Nullable Instant> last() {
    Map<String, @Nullable Instant> last = new LinkedHashMap<>();
    last.put("poll", moment(row.path("last_poll")));
    last.put("reconcile", moment(row.path("swept_at")));
    last.put("rows", moment(row.path("rows_swept_at")));
    last.put("retry", began("retry"));
    last.put("load", began("load"));
    last.put("compare", moment(row.path("compared_at")));
    return last;
  }

  private @Nullable Instant began(String name) {
    for (JsonNode work : row.path("works")) {
      if (work.path("work").asText().equals(name)) {
        return moment(work.path("began_at"));
      }
    }
    return null;
  }

  private void late(List<String> overdue, String work, Duration period, @Nullable Instant last) {
    Instant since = last == null ? requested(work) : last;
    if (!period.isZero()
        && since != null
        && at.isAfter(since.plus(period.multipliedBy(2)).plus(GRACE))) {
      overdue.add("%s (every %s)".formatted(work, LengthOfTime.text(period)));
    }
  }

  /** Since when work waits that never ran. */
  private @Nullable Instant requested(String name) {
    for (JsonNode work : row.path("works")) {
      if (work.path("work").asText().equals(name.equals("rows") ? "reconcile" : name)) {
        return moment(work.path("requested_at"));
      }
    }
    return null;
  }

  private boolean isQuiet(EventProducer producer) {
    try {
      return !row.path("time_zone").isNull()
          && producer.isQuiet(at, ZoneId.of(row.path("time_zone").asText()));
    } catch (DateTimeException e) {
      return false;
    }
  }

  private String ago(Instant moment) {
    return LengthOfTime.text(
        Duration.ofSeconds(Math.max(0, Duration.between(moment, at).toSeconds())));
  }

  private static @Nullable Instant moment(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return null;
    }
    // inside of JSON columns PostgreSQL writes an offset
    return OffsetDateTime.parse(value.asText().replace(' ', 'T')).toInstant();
  }
}
