package org.eventstreaming.condition;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eventstreaming.update.UpdateLogEntry;

/** What an engineer offers for conditions of the form {@code cmd: dotted.name}. */
public interface Commands {
  boolean offers(String name);

  /** Asks what is offered under this name; what it throws fails the entry. */
  boolean met(String name, ObjectNode doc, UpdateLogEntry entry);
}
