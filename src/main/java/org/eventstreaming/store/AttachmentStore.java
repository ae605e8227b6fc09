package org.eventstreaming.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.eventstreaming.update.AttachedFile;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the files that are attached to documents of the producers, and of their copies.
 * Every call may be repeated.
 */
public interface AttachmentStore {
  /**
   * Takes the turn to copy the files of a producer, or prolongs it.
   *
   * @return whether it is the owner's now: one at a time has it, over all processes
   */
  boolean take(String producerUrl, String owner, Instant now, Duration turn);

  void release(String producerUrl, String owner);

  /**
   * These are there, attached to documents that come to these types here, by the producer's types.
   * What changed is copied anew; what is not known yet once its document is here.
   */
  void seen(
      String producerUrl,
      Collection<AttachedFile> files,
      Map<String, String> localDoctypes,
      Instant now);

  /** These are there no more, by their names: their copies are unwanted. */
  void gone(String producerUrl, Collection<String> files);

  /**
   * What is to be copied and whose document is here, the oldest first.
   *
   * @param doctypes the producer's types whose files are copied
   * @param limit how large they may be: what was left as too large under a smaller one is due again
   */
  List<Attachment> due(
      String producerUrl,
      @Nullable String targetUrl,
      Set<String> doctypes,
      long limit,
      Instant now,
      int most);

  /** Copies whose file or document is gone. */
  List<Attachment> unwanted(String producerUrl, int most);

  /** Names of files that were copied, and not looked at since that moment. */
  List<String> notSeenSince(String producerUrl, Set<String> doctypes, Instant moment, int most);

  /**
   * It is copied into our own directory. No other copy comes or goes until this is done.
   *
   * @param place puts the content where it belongs
   * @param remove is given the hash of a content that nobody needs any more
   */
  void copied(
      Attachment attachment,
      String sha256,
      long size,
      Instant now,
      Runnable place,
      Consumer<String> remove);

  /**
   * It is about to be sent to the target site: until the result is stored, it is not known whether
   * it was.
   */
  void sending(Attachment attachment);

  /** It is on the target site under this name. */
  void sent(Attachment attachment, Copy copy, String sha256, long size, Instant now);

  /** It stays where it is. */
  void left(Attachment attachment, String why);

  /** It stays where it is while larger files than this are not copied. */
  void tooLarge(Attachment attachment, long limit, String why);

  /** It could not be copied: it is tried again then. */
  void failed(Attachment attachment, String why, Instant next);

  /**
   * The copy is removed; a file that is still on its producer waits for its document.
   *
   * @param remove is given the hash of a content that nobody needs any more
   */
  void dropped(Attachment attachment, Consumer<String> remove);

  /** Whether another file than this is the same File of the target site. */
  boolean isShared(Attachment attachment, String targetUrl);

  /**
   * A copy on a target site.
   *
   * @param file the name of the File there
   * @param url where its content is there
   */
  record Copy(String targetUrl, String file, String url) {}
}
