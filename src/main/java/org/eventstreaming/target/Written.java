package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.eventstreaming.update.DocumentKey;

/** The result of a write. */
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
   * The site refused the document, and would refuse it again.
   *
   * @param said the answer of the site
   */
  record Refused(String said) implements Written {}

  /** The site refused the document, and may accept it later. */
  record Later(String said) implements Written {}

  /**
   * The document was created or changed, but a later call failed: its rename, its cancellation or a
   * transition.
   *
   * @param done what was written before
   * @param rest the result of the rest: refused, or later
   * @param isRest whether a given state of the document was not reached
   */
  record Begun(Done done, Written rest, Predicate<ObjectNode> isRest) implements Written {}
}
