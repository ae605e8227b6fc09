package org.eventstreaming.attachment;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.AttachmentStore;
import org.eventstreaming.store.ProducerState;
import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.store.StoreOutage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one at a time copy the files of a producer, where any are requested and the site answers.
 */
public final class TakeTurn {
  /** Prolonged with each file: longer than one takes, short enough after a kill. */
  private static final Duration TURN = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(TakeTurn.class);

  private final AttachmentStore attachments;
  private final ProducerStates producers;
  private final StoreOutage database;
  private final StoreOutage files;
  private final Clock clock;

  /** What was logged of each producer last: the same failure is reported once. */
  private final Map<String, String> reported = new ConcurrentHashMap<>();

  public TakeTurn(
      AttachmentStore attachments,
      ProducerStates producers,
      StoreOutage database,
      StoreOutage files,
      Clock clock) {
    this.database = database;
    this.files = files;
    this.attachments = attachments;
    this.producers = producers;
    this.clock = clock;
  }

  /**
   * The turn; null where no files are requested, somebody else has it, or this is no time: in quiet
   * hours, and while the producer is not followed because it does not answer.
   */
  public @Nullable Turn take(EventProducer producer) {
    if (producer.producerDoctypes().stream().noneMatch(ProducerDoctype::copiesAttachments)) {
      return null;
    }
    ProducerState state = producers.state(producer.producerUrl());
    if (state.timeZone() == null
        || state.failed()
        || producer.isQuiet(clock.instant(), ZoneId.of(state.timeZone()))) {
      return null;
    }
    Turn turn = new Turn(producer, UUID.randomUUID().toString());
    return isOurs(turn) ? turn : null;
  }

  /** A file more, within the turn. */
  boolean isOurs(Turn turn) {
    return attachments.take(turn.url(), turn.owner(), clock.instant(), TURN);
  }

  public void release(Turn turn) {
    attachments.release(turn.url(), turn.owner());
  }

  public void succeeded(Turn turn) {
    files.end();
    reported.remove(turn.url());
  }

  /** The next turn continues where this one ended. */
  public void failed(Turn turn, Throwable failure) {
    if (database.isOfDatabase(failure) || files.isOfFiles(failure)) {
      LOG.debug("Attached files of {}", turn.url(), failure);
      return;
    }
    Throwable cause = failure;
    while (!(cause instanceof SiteFailure) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = String.valueOf(cause.getMessage());
    if (message.equals(reported.put(turn.url(), message))) {
      LOG.debug("Attached files of {}: still {}", turn.url(), message);
    } else if (cause instanceof SiteFailure) {
      LOG.warn("{} Attached files of {} are copied later.", message, turn.url());
    } else {
      LOG.error(
          "Attached files of {} could not be copied: {}. They are retried.",
          turn.url(),
          message,
          failure);
    }
  }
}
