package org.eventstreaming.update;

import java.time.Instant;
import java.util.List;
import org.eventstreaming.producer.EventProducer;

/**
 * The request to compare what a producer has with what is here, as wholes.
 *
 * @param doctypes the producer's document types, each followed and approved
 * @param repair whether what differs is made as it is there
 * @param all whether documents that were never followed count too
 * @param began when it began
 * @param reported takes what is found, range by range
 */
public record Comparison(
    EventProducer producer,
    List<String> doctypes,
    boolean repair,
    boolean all,
    Instant began,
    ReportComparison reported) {
  public Comparison {
    doctypes = List.copyOf(doctypes);
  }

  /** The same, reported to somebody else. */
  public Comparison reportingTo(ReportComparison other) {
    return new Comparison(producer, doctypes, repair, all, began, other);
  }
}
