package org.eventstreaming.standin;

import org.jspecify.annotations.Nullable;

/**
 * One row of the site's Event Update Log, as it travels.
 *
 * @param name the entry's name; a site that numbers its log sends digits as a JSON number
 * @param creation the site's naive local time, with microseconds
 * @param modified the same where nobody changed the row since
 * @param data JSON text; null for a Delete
 */
public record LogEntry(
    String name,
    String creation,
    String modified,
    String updateType,
    String refDoctype,
    String docname,
    @Nullable String data) {

  public LogEntry(
      String name,
      String creation,
      String updateType,
      String refDoctype,
      String docname,
      @Nullable String data) {
    this(name, creation, creation, updateType, refDoctype, docname, data);
  }

  /** The creation in a form that compares as text. */
  String moment() {
    var moment = SiteClock.moment(creation);
    return moment == null ? creation : moment;
  }

  /** The document that the entry is about, as a key. */
  String document() {
    return refDoctype + "\0" + docname;
  }
}
