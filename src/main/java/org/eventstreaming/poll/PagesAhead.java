package org.eventstreaming.poll;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.eventstreaming.update.CursorMove;
import org.eventstreaming.update.Guarded;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.jspecify.annotations.Nullable;

/**
 * Reads the next page on a thread of its own while the present page is applied. One page is ready
 * and one is being read at most, so memory does not grow with the backlog.
 */
final class PagesAhead implements Iterator<UpdatePage>, Closeable {
  private final BlockingQueue<Step> queue = new ArrayBlockingQueue<>(1);
  private final Thread reader;
  private volatile boolean closed;
  private @Nullable Step next;

  /**
   * @param read reads all pages and gives each to the sink as soon as it is ready; runs on the
   *     thread
   */
  PagesAhead(String name, Consumer<PageSink> read) {
    this(name, page -> page, read);
  }

  /**
   * @param ahead is applied to each page on the thread, before the page is given away
   */
  PagesAhead(String name, UnaryOperator<UpdatePage> ahead, Consumer<PageSink> read) {
    reader =
        new Thread(
            () -> {
              try {
                read.accept(page -> hand(new Step(ahead.apply(page), null)));
                hand(new Step(null, null));
              } catch (Stopped e) {
                // the reading was closed: the rest is not needed
              } catch (RuntimeException | Error e) {
                handUnlessClosed(new Step(null, e));
              }
            },
            "read " + name);
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Whether there is a page or a failure. A failure counts as a page, so that it is thrown by
   * {@link #next} after the pages before it.
   */
  @Override
  public boolean hasNext() {
    if (next == null) {
      try {
        next = queue.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("stopped while reading", e);
      }
    }
    return next.page() != null || next.failure() != null;
  }

  @Override
  public UpdatePage next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    Throwable failure = next.failure();
    if (failure != null) {
      // thrown once: Camel iterates over the rest to clean up, and would log each failure
      next = new Step(null, null);
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw Guarded.failure(e);
    }
    UpdatePage page = next.page();
    if (page == null) {
      throw new NoSuchElementException();
    }
    next = null;
    return page;
  }

  @Override
  public void close() {
    closed = true;
    reader.interrupt();
  }

  private void handUnlessClosed(Step step) {
    try {
      hand(step);
    } catch (Stopped e) {
      // the reading was closed: nobody takes the failure
    }
  }

  private void hand(Step step) {
    if (closed) {
      throw new Stopped();
    }
    try {
      queue.put(step);
    } catch (InterruptedException e) {
      throw new Stopped();
    }
  }

  /** Takes pages in the order in which they are read. */
  @FunctionalInterface
  interface PageSink {
    void page(UpdatePage page);

    /**
     * Gives away groups of entries as pages. A page holds entries of one group, so that groups are
     * applied one after the other.
     *
     * @param size the most entries of a page
     * @param move how far the reading has come when all entries are applied. It is in the last
     *     page, or in an empty page where there are no entries
     */
    default void pages(
        SyncRun run, List<List<UpdateLogEntry>> groups, int size, Optional<CursorMove> move) {
      List<List<UpdateLogEntry>> pages = new ArrayList<>();
      for (List<UpdateLogEntry> group : groups) {
        for (int i = 0; i < group.size(); i += size) {
          pages.add(group.subList(i, Math.min(group.size(), i + size)));
        }
      }
      if (pages.isEmpty() && move.isPresent()) {
        pages.add(List.of());
      }
      for (int i = 0; i < pages.size(); i++) {
        Optional<CursorMove> last = i < pages.size() - 1 ? Optional.empty() : move;
        page(UpdatePage.read(run, pages.get(i), "", last, false));
      }
    }
  }

  private record Step(@Nullable UpdatePage page, @Nullable Throwable failure) {}

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super(null, null, false, false);
    }
  }
}
