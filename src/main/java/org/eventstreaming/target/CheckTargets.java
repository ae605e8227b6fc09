package org.eventstreaming.target;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.TargetSite;
import org.eventstreaming.store.SiteLinks;
import org.eventstreaming.store.StreamedTo;

/**
 * Finds producers whose file names another target than the one that their documents were written
 * to. The identity map would then give names of one site for documents of another: documents would
 * be missed, or others changed in their place.
 */
public final class CheckTargets {
  private final SiteLinks links;

  public CheckTargets(SiteLinks links) {
    this.links = links;
  }

  /**
   * Checks these producers.
   *
   * @throws Refused where a target was changed after documents were written
   */
  public void check(List<EventProducer> producers) {
    List<Moved> moved = producers.stream().flatMap(producer -> check(producer).stream()).toList();
    if (!moved.isEmpty()) {
      throw new Refused(moved);
    }
  }

  /** The changed target of a producer; empty where its documents are where its file says. */
  public Optional<Moved> check(EventProducer producer) {
    TargetSite target = producer.target();
    String now = target == null ? null : target.url();
    List<StreamedTo> elsewhere =
        links.streamedTo(producer.producerUrl()).stream()
            .filter(one -> !Objects.equals(one.site(), now))
            .toList();
    return elsewhere.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Moved(
                "The file of %s says %s, but %s."
                    .formatted(
                        producer.producerUrl(),
                        target == null
                            ? "target: postgres"
                            : "target: %s (%s)".formatted(target.name(), target.url()),
                        elsewhere.stream()
                            .map(CheckTargets::reported)
                            .collect(Collectors.joining(", and "))),
                ("Set the target back, or use another database for the new one. To give up these"
                        + " documents, which stay as they are, and write them anew as they change:"
                        + " delete from event_streaming.document_link where producer_url = '%s'")
                    .formatted(producer.producerUrl())));
  }

  private static String reported(StreamedTo one) {
    return "%d of its documents %s"
        .formatted(
            one.documents(),
            one.site() == null ? "are kept in PostgreSQL" : "were written to " + one.site());
  }

  /**
   * A target that was changed after documents were written.
   *
   * @param what the target of the file, and where documents were written to
   * @param advice what a person can do
   */
  public record Moved(String what, String advice) {}

  /** The start is refused, so that documents of two targets are not mixed. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(List<Moved> moved) {
      super(
          moved.stream()
              .map(one -> one.what() + " Nothing is streamed. " + one.advice())
              .collect(Collectors.joining("\n")));
    }
  }
}
