package org.eventstreaming.update;

/** An entry that is none of ours: it gets no row in the Event Sync Log, it is counted. */
public record PassedOver(UpdateLogEntry entry, Why why) implements Update {
  /** Why an entry is not followed. */
  public enum Why {
    NOT_ASKED_FOR("not asked for"),
    UNSUBSCRIBED("unsubscribed"),
    NOT_APPROVED("not approved"),
    CONDITION_NOT_MET("condition not met");

    private final String text;

    Why(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }
}
