package org.eventstreaming.producer;

import java.util.List;

/** A producer that is never called. */
public final class TestProducer {
  public static final String URL = "http://hq.example";

  private TestProducer() {}

  public static EventProducer of(ProducerDoctype... rows) {
    return new EventProducer(
        URL, "user", new Secret("key"), new Secret("secret"), Read.LIST, List.of(rows));
  }
}
