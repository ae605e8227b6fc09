package org.eventstreaming.fetch;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.eventstreaming.condition.Conditions;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.site.FetchDocuments;
import org.eventstreaming.store.ReadStoredDocuments;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.Backlog;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.KnownDocument;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;
import org.jspecify.annotations.Nullable;

/**
 * An Update or Delete of a document that is not here, and an entry older than what was applied, are
 * never dropped: their document is fetched as the producer has it now. Where the producer answers
 * with another spelling of the name, that document is meant. The documents that are here are read.
 */
public final class FetchFullStates {
  private final SyncLog syncLog;
  private final FetchDocuments documents;
  private final ReadStoredDocuments readStored;
  private final Conditions conditions;
  private final BiPredicate<EventProducer, AcceptedUpdate> needsWhole;

  /**
   * @param needsWhole whether an entry of a producer is not enough without its whole document
   */
  public FetchFullStates(
      SyncLog syncLog,
      FetchDocuments documents,
      ReadStoredDocuments readStored,
      Conditions conditions,
      BiPredicate<EventProducer, AcceptedUpdate> needsWhole) {
    this.readStored = readStored;
    this.conditions = conditions;
    this.needsWhole = needsWhole;
    this.syncLog = syncLog;
    this.documents = documents;
  }

  public UpdatePage fetch(UpdatePage page) {
    return fetch(page, true);
  }

  private UpdatePage fetch(UpdatePage page, boolean redirects) {
    Map<DocumentKey, List<Update>> lines = page.lines();
    if (lines.isEmpty()) {
      return page;
    }
    Map<DocumentKey, KnownDocument> knownDocuments =
        new HashMap<>(
            syncLog.knownDocuments(
                page.run().producer().producerUrl(),
                lines.keySet().stream().map(page::identity).toList()));
    if (page.run().retry()) {
      // what is tried again is the head of its own line
      knownDocuments.replaceAll((key, known) -> known.withBacklog(Backlog.NONE));
    }
    List<DocumentKey> wanted = new ArrayList<>();
    lines.forEach(
        (key, updates) -> {
          KnownDocument known = knownDocuments.getOrDefault(key, KnownDocument.NEW);
          if (isOurs(updates)
              || needsFullState(page, updates, known)
              || isJudgedWhole(page, updates, known)
              || comesWhole(page, updates, known)) {
            wanted.add(key);
          }
        });
    Map<DocumentKey, FullState> readAhead = new HashMap<>(page.fullStates());
    readAhead.keySet().retainAll(wanted);
    readAhead
        .entrySet()
        .removeIf(
            one ->
                isOlder(
                    one.getValue(), knownDocuments.getOrDefault(one.getKey(), KnownDocument.NEW)));
    wanted.removeAll(readAhead.keySet());
    FetchDocuments.Fetched fetched =
        documents.fetch(page.run().producer().access(), page.run().zone(), wanted);
    Map<DocumentKey, DocumentKey> spelled = new HashMap<>();
    if (redirects) {
      fetched
          .called()
          .forEach(
              (asked, stored) -> {
                // what is here under the other spelling is about to be renamed
                if (!knownDocuments.getOrDefault(asked, KnownDocument.NEW).here()) {
                  spelled.put(asked, stored);
                }
              });
    }
    if (!spelled.isEmpty()) {
      return fetch(page.withUpdates(about(page.updates(), spelled)), false);
    }
    Map<DocumentKey, FullState> states = new HashMap<>(readAhead);
    states.putAll(fetched.states());
    states.keySet().retainAll(lines.keySet());
    UpdatePage known = page.withStates(knownDocuments, states);
    return known.withStored(readStored.of(known));
  }

  /** Whether something came since that a document which was read ahead does not contain. */
  private static boolean isOlder(FullState read, KnownDocument known) {
    Instant modified = read instanceof FullState.Present present ? present.modified() : null;
    return Stream.of(known.remoteModified(), known.lastCreation())
        .anyMatch(moment -> moment != null && (modified == null || moment.isAfter(modified)));
  }

  /** The updates, each about the document that the producer means. */
  private static List<Update> about(List<Update> updates, Map<DocumentKey, DocumentKey> spelled) {
    return updates.stream()
        .map(
            update -> {
              DocumentKey stored = spelled.get(update.entry().remote());
              return stored != null && update instanceof AcceptedUpdate accepted
                  ? accepted.about(stored)
                  : update;
            })
        .toList();
  }

  /** An Update of our own is nothing but the request to read the document. */
  private static boolean isOurs(List<Update> updates) {
    return updates.stream()
        .anyMatch(
            update ->
                update instanceof AcceptedUpdate accepted
                    && accepted.type() == UpdateType.UPDATE
                    && accepted.content() == null);
  }

  private boolean needsFullState(UpdatePage page, List<Update> updates, KnownDocument known) {
    ZoneId zone = page.run().zone();
    if (known.backlog() == Backlog.WAITING) {
      return false;
    }
    if (known.backlog() == Backlog.GONE) {
      return updates.stream().anyMatch(Update::isDelete);
    }
    boolean here = known.followed();
    for (Update update : updates) {
      if (!(update instanceof AcceptedUpdate accepted)) {
        return false;
      }
      if (accepted.entry().isOurs()) {
        // made on what the site shows now, whatever moment it bears
        here = false;
        continue;
      }
      // nobody can say what came before and what after it
      if (FrappeTime.meansTwoMoments(update.entry().creation(), zone)) {
        return true;
      }
      @Nullable Instant creation = FrappeTime.instant(update.entry().creation(), zone).orElse(null);
      if (known.contains(update.entry(), zone)) {
        continue;
      }
      if (creation != null
          && known.lastCreation() != null
          && creation.isBefore(known.lastCreation())) {
        return true;
      }
      if (!here && accepted.type() != UpdateType.CREATE && !isOfNoConcern(page, accepted)) {
        return true;
      }
      here = accepted.type() != UpdateType.DELETE;
    }
    return false;
  }

  /** What does not meet its condition, and so is not here, may be deleted there. */
  private boolean isOfNoConcern(UpdatePage page, AcceptedUpdate update) {
    return update.type() == UpdateType.DELETE
        && !page.selected()
        && conditions.judges(update.rule());
  }

  /** A condition looks at the producer's document: what is here may name its links otherwise. */
  private boolean isJudgedWhole(UpdatePage page, List<Update> updates, KnownDocument known) {
    return known.backlog() == Backlog.NONE
        && !page.selected()
        && !page.run().producer().keepsNames()
        && updates.stream()
            .anyMatch(
                update ->
                    update instanceof AcceptedUpdate accepted
                        && accepted.type() == UpdateType.UPDATE
                        && conditions.judges(accepted.rule()));
  }

  private boolean comesWhole(UpdatePage page, List<Update> updates, KnownDocument known) {
    return known.backlog() == Backlog.NONE
        && updates.stream()
            .anyMatch(
                update ->
                    update instanceof AcceptedUpdate accepted
                        && accepted.content() != null
                        && needsWhole.test(page.run().producer(), accepted));
  }
}
