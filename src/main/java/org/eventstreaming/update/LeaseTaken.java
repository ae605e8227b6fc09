package org.eventstreaming.update;

import java.time.Duration;

/** A producer was not to be had: another pull from it went on all the time. */
public final class LeaseTaken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LeaseTaken(String producerUrl, Duration waited) {
    super(
        "Another pull from "
            + producerUrl
            + " went on for "
            + waited.toSeconds()
            + " s, or the site asks to be left alone: nothing more was compared. Try again once the"
            + " backlog is worked off; status shows it.");
  }
}
