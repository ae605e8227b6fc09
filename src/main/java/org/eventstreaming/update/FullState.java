package org.eventstreaming.update;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.eventstreaming.document.Unread;
import org.jspecify.annotations.Nullable;

/** What the producer answered when it was asked for a whole document. */
public sealed interface FullState {
  /**
   * The document as it is there now. It contains every entry of it that was received before, and
   * each later one whose creation is not after {@code modified}.
   *
   * @param modified the greatest {@code modified} of document and rows; null where it has none
   * @param details what its mapping says of it beside its fields
   * @param unread the fields that the read says nothing of
   */
  record Present(
      ObjectNode document, @Nullable Instant modified, MappingDetails details, Unread unread)
      implements FullState {
    /** In the producer's words. */
    public Present(ObjectNode document, @Nullable Instant modified, Unread unread) {
      this(document, modified, MappingDetails.NONE, unread);
    }
  }

  /** There is no such document there. */
  record Gone() implements FullState {}

  /** The site did not answer in a way that reports: worth another try. */
  record Unknown(String why) implements FullState {}

  /** The site refuses: the same question will be refused again. */
  record Refused(String why) implements FullState {}
}
