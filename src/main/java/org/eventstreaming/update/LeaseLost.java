package org.eventstreaming.update;

/** Another process has taken the producer over: what this one was about to write is void. */
public final class LeaseLost extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LeaseLost(String producerUrl) {
    super(
        "Another process pulls from "
            + producerUrl
            + " now: this one was silent for too long. Nothing of the page was written.");
  }
}
