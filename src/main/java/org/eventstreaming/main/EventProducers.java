package org.eventstreaming.main;

import java.util.List;
import org.eventstreaming.callback.Answer;
import org.eventstreaming.producer.EventProducer;
import org.jspecify.annotations.Nullable;

/** The Event Producers of the files, for the routes. */
public final class EventProducers {
  private final List<EventProducer> producers;

  EventProducers(List<EventProducer> producers) {
    this.producers = List.copyOf(producers);
  }

  public List<EventProducer> all() {
    return producers;
  }

  /** The producer that an answered call-back is news of; null where it is of none. */
  public @Nullable EventProducer notified(Answer answer) {
    return answer
        .notified()
        .flatMap(url -> producers.stream().filter(one -> one.producerUrl().equals(url)).findFirst())
        .orElse(null);
  }
}
