package org.eventstreaming.extension;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eventstreaming.producer.Leaves;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.Backlog;
import org.eventstreaming.update.Cause;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.DocumentRoutes;
import org.eventstreaming.update.DocumentRoutes.Asked;
import org.eventstreaming.update.DocumentRoutes.Result;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.KnownDocument;
import org.eventstreaming.update.LeavingUpdate;
import org.eventstreaming.update.PassedOver;
import org.eventstreaming.update.ResyncCommand;
import org.eventstreaming.update.RowSentences;
import org.eventstreaming.update.Sentence;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Hands the whole documents of a page to the routes that the project has for them. A document that
 * a route drops is passed over as one that does not meet its condition; one whose route fails
 * becomes a Failed outcome. Without such routes a page goes through untouched.
 */
public final class CallDocumentRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(CallDocumentRoutes.class);

  private final DocumentRoutes routes;

  public CallDocumentRoutes(DocumentRoutes routes) {
    this.routes = routes;
  }

  /** Whether the entry is not enough: a route sees whole documents. */
  public boolean needsWhole(AcceptedUpdate update) {
    return routes.any()
        && update.type() == UpdateType.UPDATE
        && routes.has(update.entry().refDoctype());
  }

  public UpdatePage call(UpdatePage page) {
    if (!routes.any()) {
      return page;
    }
    Map<DocumentKey, List<Update>> lines = new LinkedHashMap<>();
    for (Update update : page.updates()) {
      DocumentKey key = update.entry().remote();
      if (update instanceof AcceptedUpdate && routes.has(key.doctype()) && isApplied(page, key)) {
        lines.computeIfAbsent(key, unused -> new ArrayList<>()).add(update);
      }
    }
    if (lines.isEmpty()) {
      return page;
    }
    List<Asked> asked = new ArrayList<>();
    lines.forEach((key, line) -> asked.addAll(asked(page, key, line)));
    Iterator<Result> results =
        asked.isEmpty()
            ? List.<Result>of().iterator()
            : routes.call(page.run().producer(), asked).iterator();
    Map<DocumentKey, FullState> fullStates = new HashMap<>(page.fullStates());
    Map<String, Update> after = new HashMap<>();
    Map<String, List<DocumentKey>> dropped = new TreeMap<>();
    lines.forEach(
        (key, line) ->
            new Line(page, key, fullStates, dropped)
                .after(line, results)
                .forEach(update -> after.put(update.entry().name(), update)));
    log(page, dropped);
    return page.withUpdates(
            page.updates().stream()
                .map(update -> after.getOrDefault(update.entry().name(), update))
                .toList())
        .withStates(page.knownDocuments(), fullStates);
  }

  /** A document that is only compared was dropped before. */
  private static void log(UpdatePage page, Map<String, List<DocumentKey>> dropped) {
    boolean isNew = page.entries().stream().anyMatch(entry -> entry.cause() != Cause.COMPARE);
    dropped.forEach(
        (why, keys) ->
            LOG.atLevel(isNew ? Level.INFO : Level.DEBUG)
                .log(
                    "Dropped by {} {} of {}{}",
                    line(Sentence.of(why)),
                    line(keys.get(0).toString()),
                    page.run().producer().producerUrl(),
                    keys.size() == 1 ? "" : " and %d more".formatted(keys.size() - 1)));
  }

  /** What a site sends makes one line of the log. */
  private static String line(String text) {
    return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
  }

  /** What waits behind an earlier entry is handed over when its turn comes. */
  private static boolean isApplied(UpdatePage page, DocumentKey key) {
    return page.fullStates().containsKey(key) || page.known(key).backlog() == Backlog.NONE;
  }

  /** The documents of one line, in the order in which their results are taken. */
  private static List<Asked> asked(UpdatePage page, DocumentKey key, List<Update> line) {
    FullState full = page.fullStates().get(key);
    if (full != null) {
      return full instanceof FullState.Present present
          ? List.of(new Asked(key, present.document()))
          : List.of();
    }
    List<Asked> asked = new ArrayList<>();
    for (Update update : line) {
      ObjectNode document = content(update);
      if (document != null) {
        asked.add(new Asked(key, document));
      }
    }
    return asked;
  }

  /** The document of a Create; null for what else there is. */
  private static @Nullable ObjectNode content(Update update) {
    return update instanceof AcceptedUpdate accepted && accepted.type() == UpdateType.CREATE
        ? accepted.content()
        : null;
  }

  /** The entries of a page about one document. */
  private static final class Line {
    private final UpdatePage page;
    private final DocumentKey key;
    private final KnownDocument known;
    private final Leaves leaves;
    private final Map<DocumentKey, FullState> fullStates;
    private final Map<String, List<DocumentKey>> dropped;

    Line(
        UpdatePage page,
        DocumentKey key,
        Map<DocumentKey, FullState> fullStates,
        Map<String, List<DocumentKey>> dropped) {
      this.page = page;
      this.key = key;
      this.known = page.known(key);
      this.leaves =
          page.run()
              .producer()
              .following(key.doctype())
              .map(ProducerDoctype::leaves)
              .orElse(Leaves.KEEP);
      this.fullStates = fullStates;
      this.dropped = dropped;
    }

    List<Update> after(List<Update> line, Iterator<Result> results) {
      FullState full = page.fullStates().get(key);
      if (full instanceof FullState.Present present) {
        return whole(line, present, results.next());
      }
      if (full instanceof FullState.Gone) {
        return gone(line);
      }
      return full == null ? stepByStep(line, results) : line;
    }

    /** By what the producer answered: that contains all of them. */
    private List<Update> whole(List<Update> line, FullState.Present present, Result result) {
      if (result instanceof Result.Changed changed) {
        fullStates.put(
            key, new FullState.Present(changed.document(), present.modified(), present.unread()));
        return line;
      }
      fullStates.remove(key);
      List<Update> after = new ArrayList<>(line);
      if (result instanceof Result.Failed failed) {
        after.set(0, failed(line.get(0).entry(), failed.why()));
      } else if (result instanceof Result.Dropped drop) {
        note(drop);
        after.replaceAll(update -> passedOver(update.entry(), drop.why()));
        if (known.followed()) {
          after.set(0, new LeavingUpdate(line.get(0).entry(), leaves, drop.why()));
        }
      }
      return after;
    }

    /** What was dropped before, and so is not here, may be deleted there. */
    private List<Update> gone(List<Update> line) {
      boolean over =
          known.left()
              || (!known.here()
                  && known.backlog() == Backlog.NONE
                  && line.stream().anyMatch(Update::isDelete));
      if (!over) {
        return line;
      }
      fullStates.remove(key);
      return line.stream()
          .map(update -> passedOver(update.entry(), "it is not followed, and gone there"))
          .toList();
    }

    private List<Update> stepByStep(List<Update> line, Iterator<Result> results) {
      List<Update> after = new ArrayList<>();
      boolean followed = known.followed();
      boolean failed = false;
      @Nullable String why = null;
      for (Update update : line) {
        if (content(update) == null) {
          // a Delete: an Update came whole
          after.add(why == null ? update : passedOver(update.entry(), why));
          followed = false;
          continue;
        }
        Result result = results.next();
        if (failed) {
          after.add(update);
        } else if (result instanceof Result.Changed changed) {
          AcceptedUpdate accepted = (AcceptedUpdate) update;
          after.add(accepted.with(changed.document(), accepted.details()));
          followed = true;
          why = null;
        } else if (result instanceof Result.Failed failure) {
          after.add(failed(update.entry(), failure.why()));
          failed = true;
        } else if (result instanceof Result.Dropped drop) {
          note(drop);
          why = drop.why();
          after.add(
              followed
                  ? new LeavingUpdate(update.entry(), leaves, why)
                  : passedOver(update.entry(), why));
          followed = false;
        }
      }
      return after;
    }

    private void note(Result.Dropped drop) {
      dropped.computeIfAbsent(drop.why(), unused -> new ArrayList<>()).add(key);
    }

    /**
     * A row that waits in the Event Sync Log has to end: there it is not passed over in silence.
     */
    private Update passedOver(UpdateLogEntry entry, String why) {
      return page.run().retry()
          ? new SyncOutcome.Synced(
              entry,
              page.identity(key).awaited(),
              null,
              "Dropped by %s: not applied.".formatted(why))
          : new PassedOver(entry, PassedOver.Why.DROPPED);
    }

    private SyncOutcome.Failed failed(UpdateLogEntry entry, String why) {
      return new SyncOutcome.Failed(
          entry,
          null,
          why
              + RowSentences.LATER_ENTRIES_WAIT
              + " Fix the route, or what it calls,"
              + " then run "
              + ResyncCommand.WITHOUT_NUMBER
              + ".");
    }
  }
}
