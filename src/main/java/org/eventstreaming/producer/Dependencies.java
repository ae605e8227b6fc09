package org.eventstreaming.producer;

import java.util.Set;

/**
 * Which of the documents that a document links to are brought along with it.
 *
 * @param kind whether the types that follow are all there are
 * @param doctypes the producer's types, where only some are brought along
 */
public record Dependencies(Kind kind, Set<String> doctypes) {
  public static final Dependencies ALL = new Dependencies(Kind.ALL, Set.of());
  public static final Dependencies SUBSCRIBED = new Dependencies(Kind.SUBSCRIBED, Set.of());
  public static final Dependencies NONE = new Dependencies(Kind.LISTED, Set.of());

  public Dependencies {
    doctypes = Set.copyOf(doctypes);
  }

  public static Dependencies of(Set<String> doctypes) {
    return new Dependencies(Kind.LISTED, doctypes);
  }

  /** Whether documents of this type of that producer are brought along. */
  public boolean include(String remoteDoctype, EventProducer producer) {
    if (NeverStreamed.contains(remoteDoctype)
        || (producer.target() != null
            && producer.target().rules().of(remoteDoctype).madeBySite())) {
      return false;
    }
    return switch (kind) {
      case ALL -> true;
      case SUBSCRIBED ->
          producer.following(remoteDoctype).filter(row -> !row.unsubscribe()).isPresent();
      case LISTED -> doctypes.contains(remoteDoctype);
    };
  }

  /** Which types are brought along. */
  public enum Kind {
    ALL,
    /** Those that have a row of their own in the producer file. */
    SUBSCRIBED,
    /** Those that are named. */
    LISTED
  }
}
