package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
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
   * @param logged false where nothing differed because an earlier run wrote it, of which the Event
   *     Sync Log says nothing
   */
  record Done(DocumentKey local, List<String> changed, List<String> notes, boolean logged)
      implements Written {
    public Done {
      changed = List.copyOf(changed);
      notes = List.copyOf(notes);
    }

    Done(DocumentKey local, List<String> changed, List<String> notes) {
      this(local, changed, notes, true);
    }

    /** Whether the document was as it was to be, and the Event Sync Log may say so. */
    public boolean isNoNews() {
      return changed.isEmpty() && logged;
    }

    Done unlogged() {
      return new Done(local, changed, notes, false)
          .notingFirst(List.of("An earlier run wrote it, and ended before that was logged."));
    }

    Done notingFirst(List<String> first) {
      List<String> all = new ArrayList<>(first);
      all.addAll(notes);
      return new Done(local, changed, all, logged);
    }

    Done noting(String note) {
      List<String> all = new ArrayList<>(notes);
      all.add(note);
      return new Done(local, changed, all, logged);
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
   * The document is there, but not yet named, cancelled or in the state that it was to have: that
   * took calls of their own.
   *
   * @param done what was written before
   * @param rest what came of the rest: refused, or later
   * @param isRest whether a state of the document is one that it did not reach
   */
  record Begun(Done done, Written rest, Predicate<ObjectNode> isRest) implements Written {}
}
