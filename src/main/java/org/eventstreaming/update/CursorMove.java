package org.eventstreaming.update;

import java.util.Set;

/**
 * How far the reading of some document types has come once a page is applied. A cursor only ever
 * moves forward.
 *
 * @param lastUpdate the producer's own text
 */
public record CursorMove(Set<String> doctypes, String lastUpdate) {
  public CursorMove {
    doctypes = Set.copyOf(doctypes);
  }
}
