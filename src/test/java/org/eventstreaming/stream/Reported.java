package org.eventstreaming.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.update.ComparedDocument;
import org.eventstreaming.update.ComparedDocument.Verdict;
import org.eventstreaming.update.ComparedRange;
import org.eventstreaming.update.Comparison;
import org.eventstreaming.update.ReportComparison;

/** What a comparison reported, in order. */
final class Reported implements ReportComparison {
  final List<ComparedRange> ranges = new ArrayList<>();
  final Map<String, String> refused = new HashMap<>();

  /** Runs a comparison to its end. */
  static Reported by(
      TestStream stream, EventProducer producer, boolean repair, boolean all, String... doctypes) {
    Reported reported = new Reported();
    stream.clock().advance(Duration.ofSeconds(1));
    stream
        .application()
        .compare(
            new Comparison(
                producer, List.of(doctypes), repair, all, stream.clock().instant(), reported));
    return reported;
  }

  @Override
  public void compared(ComparedRange range) {
    ranges.add(range);
  }

  @Override
  public void refused(String doctype, String why) {
    refused.put(doctype, why);
  }

  List<ComparedDocument> differences() {
    return ranges.stream().flatMap(range -> range.differences().stream()).toList();
  }

  Map<String, Verdict> verdicts() {
    Map<String, Verdict> verdicts = new TreeMap<>();
    differences().forEach(one -> verdicts.put(one.remote().name(), one.verdict()));
    return verdicts;
  }

  List<String> fields() {
    return differences().stream()
        .flatMap(
            one ->
                one.fields().stream()
                    .map(
                        field ->
                            "%s %s: %s, there %s"
                                .formatted(
                                    one.remote().name(),
                                    field.field(),
                                    field.here(),
                                    field.there())))
        .toList();
  }

  int notFollowed() {
    return ranges.stream().mapToInt(ComparedRange::notFollowed).sum();
  }
}
