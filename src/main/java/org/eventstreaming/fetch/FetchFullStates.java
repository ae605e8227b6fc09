package org.eventstreaming.fetch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.PassedOver;
import org.eventstreaming.update.Standing;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;
import org.jspecify.annotations.Nullable;

/**
 * An Update or Delete of a document that is not here, and an entry older than what was applied, are
 * never dropped: their document is fetched as the producer has it now.
 */
public final class FetchFullStates {
  private final SyncLog syncLog;
  private final FrappeSites sites;
  private final ExecutorService callers;

  /**
   * @param callers runs the calls; its size is how many go to a site at once
   */
  public FetchFullStates(SyncLog syncLog, FrappeSites sites, ExecutorService callers) {
    this.syncLog = syncLog;
    this.sites = sites;
    this.callers = callers;
  }

  public UpdatePage fetch(UpdatePage page) {
    Map<DocumentKey, List<Update>> lines = new LinkedHashMap<>();
    for (Update update : page.updates()) {
      if (!(update instanceof PassedOver)) {
        lines.computeIfAbsent(update.entry().remote(), key -> new ArrayList<>()).add(update);
      }
    }
    if (lines.isEmpty()) {
      return page;
    }
    Map<DocumentKey, Standing> standings =
        new HashMap<>(syncLog.standings(page.pull().producer().producerUrl(), lines.keySet()));
    if (page.pull().retry()) {
      // what is tried again is the head of its own line
      standings.replaceAll(
          (key, known) ->
              new Standing(
                  known.here(), known.lastCreation(), known.remoteModified(), Standing.Line.FREE));
    }
    List<DocumentKey> wanted = new ArrayList<>();
    lines.forEach(
        (key, updates) -> {
          if (needsFullState(
              updates, standings.getOrDefault(key, Standing.NEW), page.pull().zone())) {
            wanted.add(key);
          }
        });
    return page.withStates(standings, fetchAll(page, wanted));
  }

  private static boolean needsFullState(List<Update> updates, Standing known, ZoneId zone) {
    if (known.line() == Standing.Line.STUCK) {
      return false;
    }
    if (known.line() == Standing.Line.GONE) {
      return updates.stream().anyMatch(FetchFullStates::isDelete);
    }
    boolean here = known.here();
    for (Update update : updates) {
      if (!(update instanceof AcceptedUpdate accepted)) {
        return false;
      }
      // nobody can tell what came before and what after it
      if (FrappeTime.meansTwoMoments(update.entry().creation(), zone)) {
        return true;
      }
      @Nullable Instant creation = FrappeTime.instant(update.entry().creation(), zone).orElse(null);
      if (isContained(creation, known)) {
        continue;
      }
      if (creation != null
          && known.lastCreation() != null
          && creation.isBefore(known.lastCreation())) {
        return true;
      }
      if (accepted.type() != UpdateType.CREATE && !here) {
        return true;
      }
      here = accepted.type() != UpdateType.DELETE;
    }
    return false;
  }

  private static boolean isContained(@Nullable Instant creation, Standing known) {
    return creation != null
        && known.remoteModified() != null
        && !creation.isAfter(known.remoteModified());
  }

  private static boolean isDelete(Update update) {
    return update instanceof AcceptedUpdate accepted && accepted.type() == UpdateType.DELETE;
  }

  private Map<DocumentKey, FullState> fetchAll(UpdatePage page, List<DocumentKey> wanted) {
    FrappeSite site = sites.of(page.pull().producer());
    // a site that does not answer one call will not answer the others of this page either
    AtomicReference<@Nullable String> silent = new AtomicReference<>();
    Map<DocumentKey, Future<FullState>> calls = new LinkedHashMap<>();
    for (DocumentKey key : wanted) {
      calls.put(key, callers.submit(() -> fetchOne(site, key, page.pull().zone(), silent)));
    }
    Map<DocumentKey, FullState> states = new HashMap<>();
    calls.forEach((key, call) -> states.put(key, result(call)));
    return states;
  }

  private static FullState fetchOne(
      FrappeSite site, DocumentKey key, ZoneId zone, AtomicReference<@Nullable String> silent) {
    String known = silent.get();
    if (known != null) {
      return new FullState.Unknown(known);
    }
    try {
      Optional<ObjectNode> document = site.document(key.doctype(), key.name());
      return document.isPresent()
          ? new FullState.Present(document.get(), modified(document.get(), zone))
          : new FullState.Gone();
    } catch (SiteFailure e) {
      String why = String.valueOf(e.getMessage());
      if (e.kind() == SiteFailure.Kind.UNREACHABLE) {
        silent.set(why);
      }
      return e.passes() ? new FullState.Unknown(why) : new FullState.Refused(why);
    }
  }

  private static @Nullable Instant modified(ObjectNode document, ZoneId zone) {
    Instant greatest = FrappeTime.instant(document.path("modified").asText(""), zone).orElse(null);
    for (JsonNode value : document) {
      if (value.isArray()) {
        for (JsonNode row : value) {
          Instant modified = FrappeTime.instant(row.path("modified").asText(""), zone).orElse(null);
          if (modified != null && (greatest == null || modified.isAfter(greatest))) {
            greatest = modified;
          }
        }
      }
    }
    return greatest;
  }

  private static FullState result(Future<FullState> call) {
    try {
      return call.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while fetching documents", e);
    }
  }
}
