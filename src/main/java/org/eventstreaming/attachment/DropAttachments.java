package org.eventstreaming.attachment;

import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.Attachment;
import org.eventstreaming.store.AttachmentStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes copies whose file or document is gone, and contents that nobody needs any more. */
public final class DropAttachments {
  private static final int AT_ONCE = 100;
  private static final Logger LOG = LoggerFactory.getLogger(DropAttachments.class);

  private final FrappeSites sites;
  private final AttachmentStore attachments;
  private final ContentFiles contents;
  private final TakeTurn turns;
  private final Clock clock;

  public DropAttachments(
      FrappeSites sites,
      AttachmentStore attachments,
      ContentFiles contents,
      TakeTurn turns,
      Clock clock) {
    this.sites = sites;
    this.attachments = attachments;
    this.contents = contents;
    this.turns = turns;
    this.clock = clock;
  }

  public Turn drop(Turn turn) {
    contents.tidy(clock.instant());
    List<Attachment> unwanted;
    do {
      unwanted = attachments.unwanted(turn.url(), AT_ONCE);
      for (Attachment one : unwanted) {
        if (!turns.isOurs(turn)) {
          return turn;
        }
        if (turn.targetUrl() != null
            && one.targetFile() != null
            && !attachments.isShared(one, turn.targetUrl())) {
          deleteThere(turn, one);
        }
        attachments.dropped(one, contents::remove);
      }
    } while (unwanted.size() == AT_ONCE);
    return turn;
  }

  /** With its document it went there too. */
  private void deleteThere(Turn turn, Attachment attachment) {
    String file = Objects.requireNonNull(attachment.targetFile());
    try {
      sites.of(turn.target().access()).files().delete(file);
    } catch (SiteFailure e) {
      if (e.passes()) {
        throw e;
      }
      if (e.kind() != SiteFailure.Kind.NOT_FOUND) {
        LOG.warn(
            "{} File {} stays at {}; its original is gone from {}.",
            e.getMessage(),
            file,
            turn.targetUrl(),
            turn.url());
      }
    }
  }
}
