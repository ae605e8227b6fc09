package org.eventstreaming.select;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eventstreaming.condition.Conditions;
import org.eventstreaming.document.ApplyDiff;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.document.MalformedDiff;
import org.eventstreaming.producer.Leaves;
import org.eventstreaming.store.Copy;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.LeavingUpdate;
import org.eventstreaming.update.PassedOver;
import org.eventstreaming.update.Standing;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates conditions on the state of each event: the document as it is here and the diff on top,
 * or the whole document where it was fetched. What does not meet its condition is passed over. A
 * condition that fails on a document fails that document alone.
 */
public final class SelectUpdates {
  private final Conditions conditions;
  private final DocumentStore documents;
  private final ApplyDiff applyDiff = new ApplyDiff();

  public SelectUpdates(Conditions conditions, DocumentStore documents) {
    this.conditions = conditions;
    this.documents = documents;
  }

  public UpdatePage select(UpdatePage page) {
    if (page.selected()) {
      return page;
    }
    Map<DocumentKey, List<AcceptedUpdate>> lines = new LinkedHashMap<>();
    for (Update update : page.updates()) {
      if (update instanceof AcceptedUpdate accepted && isJudged(page, accepted)) {
        lines.computeIfAbsent(update.entry().remote(), key -> new ArrayList<>()).add(accepted);
      }
    }
    if (lines.isEmpty()) {
      return page;
    }
    Map<DocumentKey, Copy> copies =
        documents.copies(
            page.pull().producer().producerUrl(),
            lines.keySet().stream()
                .filter(
                    key ->
                        page.standings().getOrDefault(key, Standing.NEW).followed()
                            && !page.fullStates().containsKey(key))
                .map(page::counterpart)
                .toList());
    Map<DocumentKey, FullState> fullStates = new HashMap<>(page.fullStates());
    Map<String, Update> judged = new HashMap<>();
    lines.forEach(
        (key, updates) -> {
          Standing known = page.standings().getOrDefault(key, Standing.NEW);
          List<Update> line =
              fullStates.get(key) instanceof FullState.Present present
                  ? whole(page, known, updates, present, fullStates)
                  : stepByStep(page, known, updates, copies.get(key));
          line.forEach(update -> judged.put(update.entry().name(), update));
        });
    return page.withUpdates(
            page.updates().stream()
                .map(update -> judged.getOrDefault(update.entry().name(), update))
                .toList())
        .withStates(page.standings(), fullStates);
  }

  /** What waits behind an earlier entry is judged when its turn comes. */
  private static boolean isJudged(UpdatePage page, AcceptedUpdate update) {
    if (update.rule().condition() == null) {
      return false;
    }
    FullState full = page.fullStates().get(update.entry().remote());
    return full == null
        ? page.standings().getOrDefault(update.entry().remote(), Standing.NEW).line()
            == Standing.Line.FREE
        : full instanceof FullState.Present;
  }

  private List<Update> whole(
      UpdatePage page,
      Standing known,
      List<AcceptedUpdate> updates,
      FullState.Present present,
      Map<DocumentKey, FullState> fullStates) {
    AcceptedUpdate first = updates.get(0);
    List<Update> line = new ArrayList<>();
    try {
      if (conditions.met(first.rule(), present.document(), first.entry())) {
        return List.copyOf(updates);
      }
      line.add(known.followed() ? leaving(first) : passedOver(page, first.entry()));
      updates
          .subList(1, updates.size())
          .forEach(update -> line.add(passedOver(page, update.entry())));
    } catch (RuntimeException e) {
      line.add(failed(page, first, e));
      line.addAll(updates.subList(1, updates.size()));
    }
    fullStates.remove(first.entry().remote());
    return line;
  }

  private List<Update> stepByStep(
      UpdatePage page, Standing known, List<AcceptedUpdate> updates, @Nullable Copy copy) {
    List<Update> line = new ArrayList<>();
    ObjectNode state = copy == null ? null : named(copy.document(), updates.get(0).entry());
    boolean followed = copy != null;
    boolean told = true;
    for (int i = 0; i < updates.size(); i++) {
      AcceptedUpdate update = updates.get(i);
      UpdateLogEntry entry = update.entry();
      if (isContained(page, known, entry)) {
        line.add(update);
        continue;
      }
      if (update.type() == UpdateType.DELETE) {
        line.add(followed ? update : passedOver(page, entry));
        state = null;
        followed = false;
        told = true;
        continue;
      }
      try {
        state = next(state, update);
        if (state == null) {
          line.add(update);
        } else if (conditions.met(update.rule(), state, entry)) {
          // what was passed over before is in it: it comes whole
          line.add(
              followed && told
                  ? update
                  : new AcceptedUpdate(entry, UpdateType.CREATE, update.rule(), state.deepCopy()));
          followed = true;
          told = true;
        } else {
          line.add(followed ? leaving(update) : passedOver(page, entry));
          followed = false;
          told = false;
        }
      } catch (MalformedDiff e) {
        // the step that applies it says what is wrong with it
        line.addAll(updates.subList(i, updates.size()));
        return line;
      } catch (RuntimeException e) {
        line.add(failed(page, update, e));
        line.addAll(updates.subList(i + 1, updates.size()));
        return line;
      }
    }
    return line;
  }

  private @Nullable ObjectNode next(@Nullable ObjectNode state, AcceptedUpdate update) {
    ObjectNode content = Objects.requireNonNull(update.content());
    if (update.type() == UpdateType.CREATE) {
      return content.deepCopy();
    }
    return state == null ? null : applyDiff.apply(state, content).document();
  }

  private static Update leaving(AcceptedUpdate update) {
    return update.rule().leaves() == Leaves.REMOVE
        ? new AcceptedUpdate(update.entry(), UpdateType.DELETE, update.rule(), null)
        : new LeavingUpdate(update.entry());
  }

  /** A row that waits in the Event Sync Log has to end: there it is not passed over in silence. */
  private static Update passedOver(UpdatePage page, UpdateLogEntry entry) {
    return page.pull().retry()
        ? new SyncOutcome.Synced(
            entry,
            page.counterpart(entry.remote()).awaited(),
            null,
            "Does not meet the condition of its type: not applied.")
        : new PassedOver(entry, PassedOver.Why.CONDITION_NOT_MET);
  }

  private static SyncOutcome failed(UpdatePage page, AcceptedUpdate update, RuntimeException why) {
    UpdateLogEntry entry = update.entry();
    return new SyncOutcome.Failed(
        entry,
        null,
        "Could not tell whether "
            + entry.remote()
            + " of "
            + page.pull().producer().producerUrl()
            + " meets the condition '"
            + update.rule().condition()
            + "': "
            + why.getMessage()
            + ". Later entries of this document wait behind it. Mend the condition in the producer"
            + " file, or the document, and press Resync.");
  }

  private static boolean isContained(UpdatePage page, Standing known, UpdateLogEntry entry) {
    Instant creation = FrappeTime.instant(entry.creation(), page.pull().zone()).orElse(null);
    return known.followed() && known.contains(creation);
  }

  private static ObjectNode named(ObjectNode document, UpdateLogEntry entry) {
    ObjectNode copy = document.objectNode();
    copy.setAll(document);
    return copy.put("name", entry.docname());
  }
}
