package org.eventstreaming.poll;

import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.RenamedUpdate;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;
import org.eventstreaming.update.Work;
import org.jspecify.annotations.Nullable;

/**
 * Lets a page of an update log or a load be prepared while the page before it is written, so that
 * both processors are busy. Pages are still written one after the other, in their order. What a
 * page is prepared from must be what the page before leaves: one about the same documents waits for
 * it, and one that looked for a document which the page before creates or deletes is prepared
 * again.
 */
public final class OverlapPages {
  private final Predicate<EventProducer> mapsByDocuments;
  private final Map<String, Writing> written = new ConcurrentHashMap<>();

  /**
   * @param mapsByDocuments whether what documents of a producer are mapped to may depend on
   *     documents that are here
   */
  public OverlapPages(Predicate<EventProducer> mapsByDocuments) {
    this.mapsByDocuments = mapsByDocuments;
  }

  /** Waits for the page before where this one is about documents of that one, or cannot overlap. */
  public UpdatePage begin(UpdatePage page) {
    Writing before = written.get(owner(page));
    if (before != null
        && (before.end.isDone()
            || !mayOverlap(page)
            || hasRenames(page)
            || before.hasRenames
            || !Collections.disjoint(before.documents, documents(page)))) {
      before.await();
      before.isSettled = true;
    }
    return page;
  }

  /**
   * Waits for the page before. Answers whether it changed what this one was prepared from.
   *
   * @throws RuntimeException the failure of the page before, which ends the run
   */
  public boolean isOutdated(UpdatePage prepared) {
    Writing before = written.get(owner(prepared));
    if (before == null) {
      return false;
    }
    before.await();
    return !before.isSettled
        && (!Collections.disjoint(before.documents, documents(prepared))
            || prepared.dependencies().asked().stream()
                .map(IdentityKey::remote)
                .anyMatch(before.changed::contains));
  }

  /** From now on this page is being written. */
  public UpdatePage write(UpdatePage prepared) {
    written.put(owner(prepared), new Writing(prepared));
    return prepared;
  }

  /** Waits for this page where the next one cannot overlap it; gives it with its outcomes then. */
  public UpdatePage proceed(UpdatePage page) {
    if (mayOverlap(page) && !FetchAhead.isLarge(page)) {
      return page;
    }
    return last(owner(page)).orElse(page);
  }

  /** The page of this run that is being written was written. */
  public void succeeded(UpdatePage page) {
    writing(owner(page)).end.complete(page);
  }

  /** The page of this run that is being written could not be written. */
  public void failed(Lease lease, Throwable failure) {
    writing(lease.owner()).end.completeExceptionally(failure);
  }

  /**
   * Waits for the last page of a run.
   *
   * @throws RuntimeException its failure, once
   */
  public void end(Lease lease) {
    last(lease.owner());
  }

  private Optional<UpdatePage> last(String owner) {
    Writing last = written.get(owner);
    if (last == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(last.await());
    } finally {
      written.remove(owner);
    }
  }

  private Writing writing(String owner) {
    Writing writing = written.get(owner);
    if (writing == null) {
      throw new IllegalStateException("no page is being written under the lease " + owner);
    }
    return writing;
  }

  /**
   * Where a target site is written to, where pages are made of what waits here or of what differs
   * from what is here, and where mappings read documents, a page depends on all that went before.
   */
  private boolean mayOverlap(UpdatePage page) {
    SyncRun run = page.run();
    return run.producer().target() == null
        && !run.retry()
        && !mapsByDocuments.test(run.producer())
        && (run.lease().work() == Work.LOAD || (run.lease().work() == Work.POLL && run.hasLog()));
  }

  private static boolean hasRenames(UpdatePage page) {
    return page.updates().stream().anyMatch(RenamedUpdate.class::isInstance);
  }

  /** What a page is about, under the names of its entries and those that the producer means. */
  private static Set<DocumentKey> documents(UpdatePage page) {
    Set<DocumentKey> documents = new HashSet<>();
    page.entries().stream().map(UpdateLogEntry::remote).forEach(documents::add);
    page.updates().stream().map(update -> update.entry().remote()).forEach(documents::add);
    return documents;
  }

  private static String owner(UpdatePage page) {
    return page.run().lease().owner();
  }

  /** A page that is being written, or was written last. */
  private static final class Writing {
    private final CompletableFuture<UpdatePage> end = new CompletableFuture<>();

    /** The documents of the page's entries and the dependencies fetched with them. */
    private final Set<DocumentKey> documents;

    /** Those of which a page that links to them may find something else than before. */
    private final Set<DocumentKey> changed = new HashSet<>();

    private final boolean hasRenames;
    private boolean isSettled;

    Writing(UpdatePage page) {
      documents = documents(page);
      hasRenames = hasRenames(page);
      for (Update update : page.updates()) {
        if (!isPlainChange(page, update)) {
          changed.add(update.entry().remote());
        }
      }
      page.dependencies().brought().keySet().stream()
          .map(IdentityKey::remote)
          .forEach(
              brought -> {
                documents.add(brought);
                changed.add(brought);
              });
    }

    /** One that leaves a document that is here where it is, under its name. */
    private static boolean isPlainChange(UpdatePage page, Update update) {
      DocumentKey remote = update.entry().remote();
      return update instanceof AcceptedUpdate accepted
          && accepted.type() == UpdateType.UPDATE
          && page.known(remote).followed()
          && !page.fullStates().containsKey(remote);
    }

    UpdatePage await() {
      try {
        return end.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("stopped while a page was being written", e);
      } catch (ExecutionException e) {
        throw failure(e.getCause());
      }
    }

    private static RuntimeException failure(@Nullable Throwable cause) {
      return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }
  }
}
