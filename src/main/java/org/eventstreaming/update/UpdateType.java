package org.eventstreaming.update;

import java.util.Optional;

/** What happened to a document on its producer (protocol: frappe-semantics 2, Event Update Log). */
public enum UpdateType {
  CREATE("Create"),
  UPDATE("Update"),
  DELETE("Delete");

  private final String text;

  UpdateType(String text) {
    this.text = text;
  }

  /** Frappe's own word. */
  public String text() {
    return text;
  }

  /** Empty for a word that Frappe does not know. */
  public static Optional<UpdateType> of(String text) {
    for (UpdateType type : values()) {
      if (type.text.equals(text)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
