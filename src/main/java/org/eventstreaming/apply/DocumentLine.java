package org.eventstreaming.apply;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.KnownDocument;
import org.eventstreaming.update.StoredDocument;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdateLogEntry;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a page about one document, in their order, and what is known of it.
 *
 * @param identity the document that they are about
 * @param updates accepted and leaving ones, and such that ended before
 * @param copy the document as it is here; null where it is not
 * @param known what the entries before this page left
 * @param full what the producer answered; null where it was not asked
 * @param deleted creation of the last Delete that came of this document; null where there was none
 * @param choice the name chosen where the document is new; null where none was needed
 */
record DocumentLine(
    IdentityKey identity,
    List<Update> updates,
    @Nullable StoredDocument copy,
    KnownDocument known,
    @Nullable FullState full,
    @Nullable Instant deleted,
    ChooseLocalName.@Nullable Choice choice) {
  DocumentLine {
    updates = List.copyOf(updates);
  }

  UpdateLogEntry first() {
    return updates.get(0).entry();
  }

  /** Where the document stands now; null where it is not here. */
  @Nullable DocumentKey before() {
    return copy == null ? null : copy.local();
  }

  /** Why a new document has no name here. */
  String unnamed() {
    return choice == null ? "no name was chosen" : String.valueOf(choice.failure());
  }

  boolean adopts() {
    return choice != null && choice.adopts();
  }

  /** The latest creation of its entries; null where none has a date. */
  @Nullable Instant latest(ZoneId zone) {
    return updates.stream()
        .flatMap(update -> FrappeTime.instant(update.entry().creation(), zone).stream())
        .max(Instant::compareTo)
        .orElse(null);
  }

  /** Where nothing is applied: the first entry ends so, and all others wait behind it. */
  DocumentPlan stopped(SyncOutcome first) {
    List<SyncOutcome> outcomes = new ArrayList<>();
    outcomes.add(first);
    outcomes.addAll(behind(1, before()));
    return new DocumentPlan(identity, copy, outcomes);
  }

  /** The entries from this one on, each of which waits for those before it. */
  List<SyncOutcome> behind(int from, @Nullable DocumentKey local) {
    List<SyncOutcome> outcomes = new ArrayList<>();
    for (Update update : updates.subList(from, updates.size())) {
      outcomes.add(new SyncOutcome.Behind(update.entry(), local));
    }
    return outcomes;
  }
}
