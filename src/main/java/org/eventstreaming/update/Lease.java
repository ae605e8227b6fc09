package org.eventstreaming.update;

import org.eventstreaming.producer.EventProducer;

/**
 * The right to pull from a producer: one at a time has it, over all processes.
 *
 * @param owner who has it, unlike any other
 * @param overlap whether to look back behind the cursor: not after a notification, whose next clock
 *     poll does
 * @param work what it was taken for
 */
public record Lease(EventProducer producer, String owner, boolean overlap, Work work) {
  /** None at all, for who only looks: nothing can be written with it. */
  public static Lease none(EventProducer producer) {
    return new Lease(producer, "", false, Work.POLL);
  }
}
