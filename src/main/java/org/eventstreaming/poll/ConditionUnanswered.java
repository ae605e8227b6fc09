package org.eventstreaming.poll;

import org.eventstreaming.producer.ProducerDoctype;

/**
 * A type has a condition of the form {@code cmd: name}, a function on the producer. Only the method
 * of an Event Update Log calls it, and this producer is followed by lists. So no new document of
 * the type is followed.
 */
final class ConditionUnanswered extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConditionUnanswered(ProducerDoctype rule, String producerUrl) {
    super(
        ("No new document of %1$s of %2$s is followed: its condition 'cmd: %3$s' is answered by an"
                + " update log, %2$s is followed by lists, and nothing here has that name. Give a"
                + " route from direct:cmd.%3$s or a bean %3$s, or write the condition as an"
                + " expression.")
            .formatted(rule.remoteDoctype(), producerUrl, rule.command().orElse("")));
  }
}
