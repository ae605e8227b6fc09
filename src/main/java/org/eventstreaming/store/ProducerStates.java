package org.eventstreaming.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.update.CursorMove;
import org.eventstreaming.update.Hindrance;
import org.eventstreaming.update.Released;
import org.eventstreaming.update.Watermark;
import org.eventstreaming.update.Work;

/** What was learnt of each producer: approvals, cursors, who pulls. */
public interface ProducerStates {
  /** Makes rows for a producer and its document types where there are none. */
  void ensure(EventProducer producer);

  /**
   * Takes the lease of a producer: free, run out, or ours already. None is to be had while the site
   * asks to be left alone, and while other work waits for it that was requested earlier.
   *
   * @param looks whether to look into the producer's log: a notification is answered with that
   * @return whether it is ours now
   */
  boolean take(String producerUrl, String owner, Work work, boolean looks);

  /**
   * Lets work wait for the lease: it has its turn before all that is requested later. A request
   * that nobody renews holds up others for no longer than a lease lasts. Nothing happens while the
   * site asks to be left alone.
   */
  void request(String producerUrl, Work work);

  /** Why the lease of a producer cannot be acquired now. */
  Hindrance hindrance(String producerUrl);

  /** Prolongs our lease and locks it until the end of the transaction; false where it is lost. */
  boolean renew(String producerUrl, String owner);

  /**
   * Prolongs our lease and waits for nobody: a page that has it locked prolongs it itself. Nothing
   * happens where it is lost.
   */
  void keepAlive(String producerUrl, String owner);

  /**
   * Gives the lease back.
   *
   * @return what waited for it meanwhile; work that a clock started no longer waits, since the
   *     caller starts it
   */
  Released release(String producerUrl, String owner);

  /** Notes that the producer says it has something. Unknown producers are ignored. */
  void notified(String producerUrl);

  ProducerState state(String producerUrl);

  void learntPrefix(String producerUrl, String methodPrefix);

  void learntTimeZone(String producerUrl, String timeZone);

  /** What reading the producer allows: {@code list} or {@code method}. */
  void learntReading(String producerUrl, String read);

  /** What changes are read from: {@code update_log} or {@code modified}. */
  void learntSource(String producerUrl, String source);

  /** Keeps the address under which we are an Event Consumer there, for every process. */
  void registered(String producerUrl, String callbackUrl);

  /**
   * The approval state of each type, as the producer has it.
   *
   * @return the types whose state is another now
   */
  Set<String> approvals(String producerUrl, Map<String, String> statuses);

  /** Begins to follow types that were not followed before, at a place in the producer's log. */
  void begin(String producerUrl, Set<String> doctypes, String start);

  /**
   * Requests that documents be loaded which were there before.
   *
   * @param since by document type, from when on they changed; in Frappe's form
   * @param again whether to begin anew; else only where none were requested, or fewer
   */
  void load(String producerUrl, Map<String, String> since, Instant now, boolean again);

  /** Notes how many documents the producer counts that are to be loaded. */
  void counted(String producerUrl, String doctype, long total);

  /** Ends the loading of these types where it stands. */
  void cancelLoads(String producerUrl, Collection<String> doctypes);

  /** Whether a look at the producer is due, which somebody who has the lease keeps off. */
  boolean isAwaited(String producerUrl, Duration period);

  /** Moves cursors on. */
  void advance(String producerUrl, CursorMove move);

  /**
   * How far a list was looked through; one at {@code start} where it was not.
   *
   * @param parent the document type that listed rows belong to; empty for documents
   */
  Watermark watermark(String producerUrl, String doctype, String parent, String start);

  /** Notes that a reconciliation begins, so that the next one has its time. */
  void reconciles(String producerUrl, Instant now, boolean rows);

  /**
   * Takes the turn to compare all documents of a producer: one of several processes has it.
   *
   * @param before the last comparison has to have begun by then
   * @return whether it is ours
   */
  boolean compares(String producerUrl, Instant now, Instant before);

  /** Lets the next comparison by the clock have its turn as if the last had begun at a moment. */
  void compared(String producerUrl, Instant as);

  /** Counts entries that came and were not followed, by document type. */
  void passedOver(String producerUrl, Map<String, Integer> counts);

  /**
   * Notes that work succeeded.
   *
   * @return whether it failed before
   */
  boolean succeeded(String producerUrl, Work work);

  /**
   * Notes how work failed.
   *
   * @param endedEarly whether the failure ended it; otherwise a part of it failed
   * @param pause how long the site asks to be left alone: an hour at most is granted
   * @return whether it succeeded before
   */
  boolean failed(String producerUrl, Work work, String error, boolean endedEarly, Duration pause);

  /** Why work on producers fails now, by producer; those on which all succeeds are absent. */
  Map<String, String> failures(Collection<String> producerUrls);

  /** Notes that documents of a producer are here; whether they are its first. */
  boolean arrived(String producerUrl);
}
