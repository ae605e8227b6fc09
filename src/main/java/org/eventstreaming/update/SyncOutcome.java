package org.eventstreaming.update;

import org.jspecify.annotations.Nullable;

/** How an entry ended here, for now: every followed entry has exactly one logged outcome. */
public sealed interface SyncOutcome extends Update {
  SyncStatus status();

  /** The local document; null while it is not known. */
  @Nullable DocumentKey local();

  /** What a person should know of it: an error for what failed, a note for what did not. */
  @Nullable String message();

  /**
   * The local document is as the entry says.
   *
   * @param data what was applied, as JSON text; null for a Delete
   * @param note anything unusual on the way; null where there was nothing
   */
  record Synced(
      UpdateLogEntry entry, DocumentKey local, @Nullable String data, @Nullable String note)
      implements SyncOutcome {
    /** The same, with this said as well. */
    public Synced noting(String more) {
      return new Synced(entry, local, data, note == null ? more : note + " " + more);
    }

    @Override
    public SyncStatus status() {
      return SyncStatus.SYNCED;
    }

    @Override
    public @Nullable String message() {
      return note;
    }
  }

  /** The entry cannot be applied here as things stand: the same entry would fail again. */
  record Failed(UpdateLogEntry entry, @Nullable DocumentKey local, String message)
      implements SyncOutcome {
    @Override
    public SyncStatus status() {
      return SyncStatus.FAILED;
    }
  }

  /** A passing failure, such as a site that does not answer: tried again with growing pauses. */
  record TryAgain(UpdateLogEntry entry, @Nullable DocumentKey local, String message)
      implements SyncOutcome {
    @Override
    public SyncStatus status() {
      return SyncStatus.WAITING;
    }
  }

  /**
   * Waits for a document: tried again when that is written here, and now and then in between.
   *
   * @param waitsFor the local key of the document that has to come
   * @param isUnreadable whether the producer has it and refuses it: a right may be given
   */
  record WaitsFor(
      UpdateLogEntry entry,
      @Nullable DocumentKey local,
      DocumentKey waitsFor,
      boolean isUnreadable,
      String message)
      implements SyncOutcome {
    @Override
    public SyncStatus status() {
      return SyncStatus.WAITING;
    }
  }

  /** Stands behind an earlier entry of its own document, which has to go first. */
  record Behind(UpdateLogEntry entry, @Nullable DocumentKey local) implements SyncOutcome {
    @Override
    public SyncStatus status() {
      return SyncStatus.WAITING;
    }

    @Override
    public String message() {
      return "Waits behind an earlier entry of the same document.";
    }
  }
}
