package org.eventstreaming.condition;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.update.UpdateLogEntry;

/** What an engineer offers for conditions of the form {@code cmd: dotted.name}. */
public interface Commands {
  /** Commands where nobody offers any. */
  Commands NONE =
      new Commands() {
        @Override
        public boolean offers(String name) {
          return false;
        }

        @Override
        public boolean met(
            String name, EventProducer producer, ObjectNode doc, UpdateLogEntry entry) {
          throw new IllegalStateException("nothing is offered for cmd: " + name);
        }
      };

  /** Whether something is offered under this name now. */
  boolean offers(String name);

  /**
   * Asks what is offered under this name. It gets copies: what it does to the document stays there.
   *
   * @param producer whose document it is: to it we are an Event Consumer
   * @throws ConditionFailed where there is no answer; that fails the entry
   */
  boolean met(String name, EventProducer producer, ObjectNode doc, UpdateLogEntry entry);
}
