package org.eventstreaming.update;

import org.eventstreaming.producer.EventProducer;

/**
 * Work that was refused the lease while another had it, and has it next.
 *
 * @param isNotified whether it is no more than the answer to a notification
 */
public record NextTurn(EventProducer producer, Work work, boolean isNotified) {
  /** The work as the routes name it. */
  public String name() {
    return isNotified ? "notified" : work.text();
  }
}
