package org.eventstreaming.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eventstreaming.update.AcceptedUpdate;
import org.jspecify.annotations.Nullable;

/** The states of a document while its updates are applied one after the other. */
public final class ReplayUpdates {
  private final ApplyDiff applyDiff = new ApplyDiff();

  /**
   * The state that an update leaves. Changes neither the state before nor the update.
   *
   * @param before null where there is no document, or its state is not known
   * @return null where there is no document then, or its state is not known
   * @throws MalformedDiff where a part of a diff cannot be understood
   */
  public @Nullable ObjectNode after(@Nullable ObjectNode before, AcceptedUpdate update) {
    ObjectNode content = update.content();
    if (content == null) {
      return null;
    }
    return switch (update.type()) {
      case CREATE -> content;
      case UPDATE -> before == null ? null : applyDiff.apply(before, content).document();
      case DELETE -> null;
    };
  }
}
