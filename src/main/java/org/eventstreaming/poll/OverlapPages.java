package org.eventstreaming.poll;

import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
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
 * Lets a page of an update log or of a load be prepared while the page before it is written. Pages
 * are written one after the other, in their order.
 *
 * <p>A page must be prepared from what the page before leaves. So a page about the same documents
 * waits for the page before. A page that looked for a document which the page before creates or
 * deletes is prepared again.
 */
public final class OverlapPages {
  private final Predicate<EventProducer> mapsByDocuments;
  private final Executor threads;
  private final Map<String, Writing> written = new ConcurrentHashMap<>();

  /**
   * @param mapsByDocuments whether a mapping of the producer may read documents that are here
   * @param threads starts the writing of a page at once
   */
  public OverlapPages(Predicate<EventProducer> mapsByDocuments, Executor threads) {
    this.mapsByDocuments = mapsByDocuments;
    this.threads = threads;
  }

  /** Waits for the page before, where this page is about the same documents or may not overlap. */
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
   * Waits for the page before. True where that page changed what this one was prepared from.
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

  /**
   * Begins to write this page on another thread. However the writing ends, by an Error too, the
   * wait for it ends.
   *
   * @param writing writes the page and answers it with its outcomes
   * @throws RuntimeException where no thread takes it: then nothing is waited for
   */
  public void write(UpdatePage prepared, Supplier<UpdatePage> writing) {
    written.put(owner(prepared), new Writing(prepared, threads, writing));
  }

  /**
   * Waits until this page is written, where the next one may not overlap it or it is too large.
   * Answers the page, with its outcomes where it waited.
   */
  public UpdatePage proceed(UpdatePage page) {
    if (mayOverlap(page) && !FetchAhead.isLarge(page)) {
      return page;
    }
    return last(owner(page)).orElse(page);
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

  /**
   * Whether the page may be prepared before the one before it is written. Four kinds may not, since
   * they depend on all pages before them: pages that are written to a target site, pages of a
   * retry, pages of what differs from the documents here, and pages whose mappings read documents
   * here.
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

  /** The documents of a page, under the names in its entries and the names after renames. */
  private static Set<DocumentKey> documents(UpdatePage page) {
    Set<DocumentKey> documents = new HashSet<>();
    page.entries().stream().map(UpdateLogEntry::remote).forEach(documents::add);
    page.updates().stream().map(update -> update.entry().remote()).forEach(documents::add);
    return documents;
  }

  private static String owner(UpdatePage page) {
    return page.run().lease().owner();
  }

  /** The page that is being written, or the one that was written last. */
  private static final class Writing {
    private final CompletableFuture<UpdatePage> end;

    /** The documents of the page's entries and the dependencies fetched with them. */
    private final Set<DocumentKey> documents;

    /**
     * The documents for which the next page may get another answer than before this page was
     * written.
     */
    private final Set<DocumentKey> changed = new HashSet<>();

    private final boolean hasRenames;
    private boolean isSettled;

    Writing(UpdatePage page, Executor threads, Supplier<UpdatePage> writing) {
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
      end = CompletableFuture.supplyAsync(writing, threads);
    }

    /** Whether the update leaves a document here, under its name. */
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
