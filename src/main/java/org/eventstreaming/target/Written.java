package org.eventstreaming.target;

import java.util.ArrayList;
import java.util.List;
import org.eventstreaming.update.DocumentKey;

/** What came of a write. */
public sealed interface Written {
  /**
   * The document is there as it was to be.
   *
   * @param local what the site calls it
   * @param changed the fields that were sent; empty where nothing differed, and where it was
   *     created or deleted
   * @param notes what a person should know, each a sentence
   */
  record Done(DocumentKey local, List<String> changed, List<String> notes) implements Written {
    public Done {
      changed = List.copyOf(changed);
      notes = List.copyOf(notes);
    }

    Done noting(String note) {
      List<String> all = new ArrayList<>(notes);
      all.add(note);
      return new Done(local, changed, all);
    }
  }

  /**
   * The site refuses, and would again.
   *
   * @param said its own words
   */
  record Refused(String said) implements Written {}

  /** It may well do so later. */
  record Later(String said) implements Written {}

  /**
   * The document is there, but not yet named or cancelled as it was to be: that took calls of their
   * own.
   *
   * @param done what was written before
   * @param rest what came of the rest: refused, or later
   */
  record Begun(Done done, Written rest) implements Written {}
}
