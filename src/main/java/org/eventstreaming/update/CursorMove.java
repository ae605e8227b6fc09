package org.eventstreaming.update;

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

  /** In one of the lists that the sweep goes through. */
  record InList(Watermark reached) implements CursorMove {}
}
