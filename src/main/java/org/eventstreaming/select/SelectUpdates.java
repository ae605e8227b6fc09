package org.eventstreaming.select;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eventstreaming.condition.ConditionFailed;
import org.eventstreaming.condition.Conditions;
import org.eventstreaming.document.MalformedDiff;
import org.eventstreaming.document.ReplayUpdates;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.Backlog;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.KnownDocument;
import org.eventstreaming.update.LeavingUpdate;
import org.eventstreaming.update.PassedOver;
import org.eventstreaming.update.RenamedUpdate;
import org.eventstreaming.update.ResyncCommand;
import org.eventstreaming.update.RowSentences;
import org.eventstreaming.update.StoredDocument;
import org.eventstreaming.update.StoredDocuments;
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
  private final ReplayUpdates replay = new ReplayUpdates();

  public SelectUpdates(Conditions conditions) {
    this.conditions = conditions;
  }

  public UpdatePage select(UpdatePage page) {
    Map<DocumentKey, List<Update>> lines = judged(page);
    if (lines.isEmpty()) {
      return page;
    }
    StoredDocuments stored = page.stored().orElse(StoredDocuments.NONE);
    Map<DocumentKey, FullState> fullStates = new HashMap<>(page.fullStates());
    Map<String, Update> selected = new HashMap<>();
    lines.forEach(
        (key, updates) -> {
          @Nullable FullState full = page.fullStates().get(key);
          boolean followed = page.known(key).followed();
          if (full == null && followed && stored.refusal(key).isPresent()) {
            // the step that applies them says why they cannot be
            return;
          }
          Line line = new Line(page, key, updates);
          List<Update> after =
              full == null ? line.stepByStep(followed ? stored.get(key) : null) : line.atOnce(full);
          if (full != null && !after.equals(updates)) {
            fullStates.remove(key);
          }
          after.forEach(update -> selected.put(update.entry().name(), update));
        });
    return page.withUpdates(
            page.updates().stream()
                .map(update -> selected.getOrDefault(update.entry().name(), update))
                .toList())
        .withStates(page.knownDocuments(), fullStates);
  }

  /** Entries by document. What waits behind an earlier entry is judged when its turn comes. */
  private Map<DocumentKey, List<Update>> judged(UpdatePage page) {
    Map<DocumentKey, List<Update>> lines = new LinkedHashMap<>();
    if (!page.selected()) {
      for (Update update : page.updates()) {
        DocumentKey key = update.entry().remote();
        if (!(update instanceof PassedOver)
            && !(update instanceof RenamedUpdate)
            && page.run().producer().following(key.doctype()).filter(conditions::judges).isPresent()
            && (page.fullStates().containsKey(key) || page.known(key).backlog() == Backlog.NONE)) {
          lines.computeIfAbsent(key, unused -> new ArrayList<>()).add(update);
        }
      }
    }
    return lines;
  }

  /** The entries of a page about one document. */
  private final class Line {
    private final UpdatePage page;
    private final ProducerDoctype rule;
    private final KnownDocument known;
    private final List<Update> updates;

    Line(UpdatePage page, DocumentKey key, List<Update> updates) {
      this.page = page;
      this.rule = page.run().producer().following(key.doctype()).orElseThrow();
      this.known = page.known(key);
      this.updates = updates;
    }

    /** By what the producer answered: that contains all of them. The same list lets all pass. */
    List<Update> atOnce(FullState full) {
      if (full instanceof FullState.Present present) {
        return whole(present.document());
      }
      boolean over =
          known.left()
              || (!known.here()
                  && known.backlog() == Backlog.NONE
                  && updates.stream().anyMatch(Update::isDelete));
      // what is not followed and gone will never meet the condition
      return full instanceof FullState.Gone && over ? passedOver(updates) : updates;
    }

    private List<Update> whole(ObjectNode document) {
      Update first = updates.get(0);
      try {
        if (conditions.met(page.run().producer(), rule, document, first.entry())) {
          return updates;
        }
      } catch (ConditionFailed e) {
        return failed(0, e, new ArrayList<>());
      }
      List<Update> line = new ArrayList<>(passedOver(updates));
      if (known.followed()) {
        line.set(0, new LeavingUpdate(first.entry(), rule.leaves()));
      }
      return line;
    }

    /**
     * By the document as it is here, null where it is not followed, and one entry after another.
     */
    List<Update> stepByStep(@Nullable StoredDocument copy) {
      List<Update> line = new ArrayList<>();
      ObjectNode state = copy == null ? null : named(copy.document(), updates.get(0).entry());
      boolean followed = copy != null;
      for (int i = 0; i < updates.size(); i++) {
        if (!(updates.get(i) instanceof AcceptedUpdate update)) {
          // it failed before: what is behind it waits and is judged when its turn comes
          return rest(i, line);
        }
        UpdateLogEntry entry = update.entry();
        if (known.followed() && known.contains(entry, page.run().zone())) {
          line.add(update);
          continue;
        }
        if (update.type() == UpdateType.DELETE) {
          // what somebody deleted where it was written to is followed until its producer says so
          boolean lost = copy == null && known.followed();
          line.add(followed || lost ? update : passedOver(entry));
          state = null;
          followed = false;
          continue;
        }
        boolean met;
        try {
          state = replay.after(state, update);
          if (state == null) {
            return rest(i, line);
          }
          met = conditions.met(page.run().producer(), rule, state, entry);
        } catch (MalformedDiff e) {
          // the step that applies it says what is wrong with it
          return rest(i, line);
        } catch (ConditionFailed e) {
          return failed(i, e, line);
        }
        if (met) {
          // what was passed over before is in it: it comes whole
          line.add(
              followed
                  ? update
                  : new AcceptedUpdate(entry, UpdateType.CREATE, rule, state.deepCopy()));
        } else {
          line.add(followed ? new LeavingUpdate(entry, rule.leaves()) : passedOver(entry));
        }
        followed = met;
      }
      return line;
    }

    private List<Update> rest(int from, List<Update> line) {
      line.addAll(updates.subList(from, updates.size()));
      return line;
    }

    private List<Update> failed(int at, ConditionFailed why, List<Update> line) {
      UpdateLogEntry entry = updates.get(at).entry();
      line.add(
          new SyncOutcome.Failed(
              entry,
              null,
              "Could not evaluate whether "
                  + entry.remote()
                  + " of "
                  + page.run().producer().producerUrl()
                  + " meets the condition '"
                  + rule.condition()
                  + "': "
                  + why.getMessage()
                  + "."
                  + RowSentences.LATER_ENTRIES_WAIT
                  + " Fix the condition in the producer file and restart, or fix the document; then run "
                  + ResyncCommand.WITHOUT_NUMBER
                  + "."));
      return rest(at + 1, line);
    }

    private List<Update> passedOver(List<Update> some) {
      return some.stream().map(update -> passedOver(update.entry())).toList();
    }

    /**
     * A row that waits in the Event Sync Log has to end: there it is not passed over in silence.
     */
    private Update passedOver(UpdateLogEntry entry) {
      return page.run().retry()
          ? new SyncOutcome.Synced(
              entry,
              page.identity(entry.remote()).awaited(),
              null,
              "Does not meet the condition of its type: not applied.")
          : new PassedOver(entry, PassedOver.Why.CONDITION_NOT_MET);
    }
  }

  private static ObjectNode named(ObjectNode document, UpdateLogEntry entry) {
    ObjectNode copy = document.objectNode();
    copy.setAll(document);
    return copy.put("name", entry.docname());
  }
}
