package org.eventstreaming.update;

import java.time.Instant;
import java.util.Set;

/** How far the reading of a producer has come once a page is applied. */
public sealed interface CursorMove {
  /**
   * In its update log. A cursor only ever moves forward.
   *
   * @param lastUpdate the producer's own text
   */
  record InLog(Set<String> doctypes, String lastUpdate) implements CursorMove {
    public InLog {
      doctypes = Set.copyOf(doctypes);
    }
  }

  /** In one of the lists that the reconciliation goes through. */
  record InList(Watermark reached) implements CursorMove {}

  /**
   * In the list of what was there before following began.
   *
   * @param requested when this load was requested: the place in another is not this one's
   * @param reached the producer's own text: what changed before is loaded
   * @param passed how many documents more changed before that
   * @param ended whether it is the last one
   */
  record InLoad(String doctype, Instant requested, String reached, int passed, boolean ended)
      implements CursorMove {}
}
