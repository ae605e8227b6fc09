package org.eventstreaming.attachment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.eventstreaming.settings.SizeOfFile;
import org.eventstreaming.site.FrappeFiles;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.SiteAnswer;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.Attachment;
import org.eventstreaming.store.AttachmentStore;
import org.eventstreaming.update.AttachedFile;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.Guarded;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Copies one file after the other: into our directory, or onto the producer's target site. A file
 * that cannot be copied is noted and tried again, later each time; a site that does not answer ends
 * the turn and is no file's failure.
 */
public final class CopyAttachment {
  private static final int AT_ONCE = 100;
  private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
  private static final Duration LONGEST_RETRY = Duration.ofDays(1);
  private static final int MOST_DOUBLINGS = 12;
  private static final Logger LOG = LoggerFactory.getLogger(CopyAttachment.class);

  private final FrappeSites sites;
  private final AttachmentStore attachments;
  private final ContentFiles contents;
  private final FindAttachments findAttachments;
  private final TakeTurn turns;
  private final Clock clock;

  public CopyAttachment(
      FrappeSites sites,
      AttachmentStore attachments,
      ContentFiles contents,
      FindAttachments findAttachments,
      TakeTurn turns,
      Clock clock) {
    this.sites = sites;
    this.attachments = attachments;
    this.contents = contents;
    this.findAttachments = findAttachments;
    this.turns = turns;
    this.clock = clock;
  }

  /** What is to be copied now; ends early where somebody else has the turn by then. */
  public Iterator<DueAttachment> due(Turn turn) {
    return new Guarded<>(new Due(turn, clock.instant()));
  }

  /**
   * Copies it, or notes why not.
   *
   * @throws SiteFailure where a site does not answer
   */
  public void copy(DueAttachment due) {
    if (!turns.isOurs(due.turn())) {
      return;
    }
    Attachment attachment = due.attachment();
    AttachedFile file = attachment.file();
    long limit = due.turn().limit();
    if (!FrappeFiles.isHere(file)) {
      attachments.left(
          attachment, "Its address is not a path of a file on its own site: it is not copied.");
      return;
    }
    if (file.size() > limit) {
      leave(attachment, limit);
      return;
    }
    try {
      Path received = contents.receive();
      try {
        deliver(due, received, read(due, received));
      } finally {
        Files.deleteIfExists(received);
      }
    } catch (Received.TooLarge e) {
      leave(attachment, limit);
    } catch (SiteFailure e) {
      if (e.isSilent()) {
        throw e;
      }
      fail(attachment, e.getMessage());
      if (e.kind() == SiteFailure.Kind.NOT_FOUND) {
        findAttachments.lookFor(due.turn(), producer(due).files(), List.of(file.name()));
      }
    } catch (Differs e) {
      fail(attachment, Objects.requireNonNull(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("Could not keep a file: " + e.getMessage(), e);
    }
  }

  private Received read(DueAttachment due, Path into)
      throws IOException, Received.TooLarge, Differs {
    AttachedFile file = due.attachment().file();
    Received received;
    try (SiteAnswer answer = producer(due).files().content(file)) {
      received = Received.into(into, answer.body(), due.turn().limit());
    } catch (Received.BrokeOff e) {
      throw new Differs("its connection broke off: " + e.getMessage());
    }
    // a site may know one of the two and be wrong about it, as of pictures that it made smaller
    boolean isAsAnnounced =
        file.md5().equalsIgnoreCase(received.md5())
            || file.size() == received.size()
            || (file.md5().isEmpty() && file.size() == 0);
    if (!isAsAnnounced) {
      throw new Differs(
          "%d bytes came where the site says %d".formatted(received.size(), file.size()));
    }
    return received;
  }

  private void deliver(DueAttachment due, Path content, Received received) throws IOException {
    Attachment attachment = due.attachment();
    if (due.turn().targetUrl() == null) {
      attachments.copied(
          attachment,
          received.sha256(),
          received.size(),
          clock.instant(),
          () -> contents.place(content, received.sha256()),
          contents::remove);
      return;
    }
    FrappeSite target = sites.of(due.turn().target().access());
    DocumentKey document = Objects.requireNonNull(attachment.local());
    AttachedFile there = attached(attachment, target.files(), document, content, received);
    AttachmentStore.Copy copy = new AttachmentStore.Copy(target(due), there.name(), there.url());
    if (attachment.targetFile() != null
        && !attachment.targetFile().equals(there.name())
        && !attachments.isShared(attachment, target(due))) {
      target.files().delete(attachment.targetFile());
    }
    show(attachment, target, document, there);
    attachments.sent(attachment, copy, received.sha256(), received.size(), clock.instant());
  }

  /** The file of the document there: one that has this content already, else a new one. */
  private AttachedFile attached(
      Attachment attachment,
      FrappeFiles target,
      DocumentKey document,
      Path content,
      Received received)
      throws IOException {
    String fileName = baseName(attachment.file().fileName());
    List<AttachedFile> present = target.of(document);
    Optional<AttachedFile> same =
        present.stream()
            .filter(one -> one.md5().equalsIgnoreCase(received.md5()))
            .filter(one -> one.isPrivate() == attachment.file().isPrivate())
            .findFirst();
    if (same.isEmpty() && attachment.begun()) {
      // a site may change pictures as it takes them
      same = present.stream().filter(one -> one.fileName().equals(fileName)).findFirst();
    }
    if (same.isPresent()) {
      return same.get();
    }
    attachments.sending(attachment);
    return target.attach(
        document, attachment.file().field(), fileName, attachment.file().isPrivate(), content);
  }

  /** The field of the document names the file by the address that it has there. */
  private static void show(
      Attachment attachment, FrappeSite target, DocumentKey document, AttachedFile there) {
    String field = attachment.file().field();
    if (field.isEmpty() || there.url().equals(attachment.file().url())) {
      return;
    }
    try {
      target
          .writes()
          .update(document, JsonNodeFactory.instance.objectNode().put(field, there.url()));
    } catch (SiteFailure e) {
      if (e.passes()) {
        throw e;
      }
      LOG.warn("{} Its file is {} there.", e.getMessage(), there.url());
    }
  }

  /** Without any directory: a name like this one is never a path. */
  private static String baseName(String fileName) {
    String name =
        fileName.substring(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
    return name.isBlank() || name.equals(".") || name.equals("..") ? "file" : name;
  }

  private void leave(Attachment attachment, long limit) {
    String why =
        "It is larger than attachments_limit (%s): it is not copied."
            .formatted(SizeOfFile.text(limit));
    attachments.tooLarge(attachment, limit, why);
    LOG.warn(
        "File {} of {} of {}: {}",
        attachment.file().url(),
        attachment.file().document(),
        attachment.producerUrl(),
        why);
  }

  private void fail(Attachment attachment, String why) {
    Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(attachment.attempts(), MOST_DOUBLINGS));
    Instant next = clock.instant().plus(wait.compareTo(LONGEST_RETRY) < 0 ? wait : LONGEST_RETRY);
    attachments.failed(attachment, why, next);
    LOG.atLevel(attachment.attempts() == 0 ? Level.WARN : Level.DEBUG)
        .log(
            "File {} of {} of {} was not copied: {} It is retried.",
            attachment.file().url(),
            attachment.file().document(),
            attachment.producerUrl(),
            why);
  }

  private FrappeSite producer(DueAttachment due) {
    return sites.of(due.turn().producer());
  }

  private static String target(DueAttachment due) {
    return Objects.requireNonNull(due.turn().targetUrl());
  }

  /** What came is not what the site says that the file is. */
  private static final class Differs extends Exception {
    private static final long serialVersionUID = 1L;

    Differs(String why) {
      super(why);
    }
  }

  /**
   * A portion after the other, until a file comes again: then its copying ended the turn. Camel
   * goes through the rest of what it splits also after a failure, to clean up; and it asks whether
   * there is more before the last that was given is copied.
   */
  private final class Due implements Iterator<DueAttachment> {
    private final Turn turn;
    private final Instant began;
    private final Deque<Attachment> portion = new ArrayDeque<>();
    private final Set<String> given = new HashSet<>();
    private String last = "";
    private boolean ended;

    Due(Turn turn, Instant began) {
      this.turn = turn;
      this.began = began;
    }

    @Override
    public boolean hasNext() {
      if (!ended && portion.isEmpty()) {
        List<Attachment> next = portion();
        ended =
            next.isEmpty()
                || next.stream().map(one -> one.file().name()).anyMatch(given::contains)
                || !turns.isOurs(turn);
        given.clear();
        if (!ended) {
          next.forEach(one -> given.add(one.file().name()));
          portion.addAll(next);
        }
      }
      return !ended;
    }

    private List<Attachment> portion() {
      List<Attachment> due =
          attachments.due(
              turn.url(), turn.targetUrl(), turn.doctypes().keySet(), turn.limit(), began, AT_ONCE);
      return due.stream().filter(one -> !one.file().name().equals(last)).toList();
    }

    @Override
    public DueAttachment next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Attachment next = portion.remove();
      last = next.file().name();
      return new DueAttachment(turn, next);
    }
  }
}
