package org.eventstreaming.update;

/** An entry that is none of ours: it gets no row in the Event Sync Log, it is counted. */
public record PassedOver(UpdateLogEntry entry, Why why) implements Update {
  /** Why an entry is not followed. */
  public enum Why {
    NOT_ASKED_FOR("not asked for"),
    UNSUBSCRIBED("unsubscribed"),
    NOT_APPROVED("not approved"),
    CONDITION_NOT_MET("condition not met"),
    /** By a route of the project for documents. */
    DROPPED("dropped by a route"),
    /** One of our own: what is here is as the producer has it. */
    NOTHING_DIFFERS("nothing differs"),
    /** One of our own: the document went away while we looked. */
    GONE("gone");

    private final String text;

    Why(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    /** Whether it is remembered by its name: it was not followed for what is in its document. */
    public boolean isRemembered() {
      return this == CONDITION_NOT_MET || this == DROPPED;
    }

    /** Whether the producer sent it: our own are made on suspicion. */
    public boolean isCounted() {
      return this != NOTHING_DIFFERS && this != GONE;
    }
  }
}
