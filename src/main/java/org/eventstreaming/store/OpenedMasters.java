package org.eventstreaming.store;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;

/**
 * The disabled documents of target sites that are enabled while others are written. What is said
 * here is committed when the call returns: it is not to be called inside of a transaction.
 */
public interface OpenedMasters {
  /**
   * Notes that a master is about to be enabled.
   *
   * @param intent with an id that says nothing
   * @param documents those of the producer that need it
   * @return the same with its id; empty where it is open already
   */
  Optional<OpenedMaster> opening(
      String siteUrl, OpenedMaster intent, Collection<DocumentKey> documents);

  /** Notes that it was enabled, and what {@code modified} is since. */
  void enabled(OpenedMaster opened, String modified);

  /**
   * Notes how it ended. Nothing happens where that is known.
   *
   * @param modified since its field is as before; null where it is not, or that is not known
   */
  void ended(OpenedMaster opened, OpenedMaster.Ending ending, @Nullable String modified);

  /** Notes why it could not be restored: it stays open. */
  void failed(OpenedMaster opened, String error);

  /** What is open on a site. */
  List<OpenedMaster> open(String siteUrl);

  /**
   * What is open on a site and not in use: no process has the lease of the producer whose documents
   * were written.
   *
   * @param ours a producer whose lease the caller has; null for none
   */
  List<OpenedMaster> leftOpen(String siteUrl, @Nullable String ours);

  /** What is, or was, open of these documents of a site. */
  List<OpenedMaster> of(String siteUrl, Collection<DocumentKey> documents);
}
