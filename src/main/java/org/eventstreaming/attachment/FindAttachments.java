package org.eventstreaming.attachment;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.site.FrappeFiles;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.site.WalkList;
import org.eventstreaming.store.AttachmentStore;
import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.update.AttachedFile;
import org.eventstreaming.update.CursorMove;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.Watermark;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which files a producer has: what is new or changed by lists of its Files, what was
 * deleted by its Deleted Documents. That a File went without a trace, by SQL, is seen within a day.
 */
public final class FindAttachments {
  private static final String DOCTYPE = "File";
  private static final String DELETED = "Deleted Document";

  private static final int LISTED_A_CALL = 1_000;
  private static final int LOOKED_FOR_A_TURN = 500;
  private static final Duration FRESH = Duration.ofDays(1);
  private static final Logger LOG = LoggerFactory.getLogger(FindAttachments.class);

  private final FrappeSites sites;
  private final AttachmentStore attachments;
  private final ProducerStates producers;
  private final Duration overlap;
  private final Clock clock;

  /**
   * @param overlap how long a change may take to become visible
   */
  public FindAttachments(
      FrappeSites sites,
      AttachmentStore attachments,
      ProducerStates producers,
      Duration overlap,
      Clock clock) {
    this.sites = sites;
    this.attachments = attachments;
    this.producers = producers;
    this.overlap = overlap;
    this.clock = clock;
  }

  public Turn find(Turn turn) {
    FrappeSite site = sites.of(turn.producer());
    ZoneId zone = ZoneId.of(Objects.requireNonNull(producers.state(turn.url()).timeZone()));
    String now = FrappeTime.format(LocalDateTime.ofInstant(clock.instant(), zone));
    // before the Files: what is deleted before it was listed is not listed
    Watermark deletions =
        producers.watermark(turn.url(), DELETED, DOCTYPE, FrappeTime.before(now, overlap, zone));
    WalkList walk = new WalkList(site, overlap, zone, clock);
    for (String doctype : turn.doctypes().keySet()) {
      walk.from(
          producers.watermark(turn.url(), DOCTYPE, doctype, FrappeTime.EVER),
          LISTED_A_CALL,
          (since, later, skip, limit) -> site.files().changed(doctype, since, later, skip, limit),
          AttachedFile::modified,
          (files, move) -> {
            seen(turn, files);
            moveTo(turn, move);
            return true;
          });
    }
    try {
      walk.from(
          deletions,
          LISTED_A_CALL,
          (since, later, skip, limit) ->
              site.deletions(List.of(DOCTYPE), since, later, skip, limit),
          FrappeSite.Deletion::modified,
          (gone, move) -> {
            attachments.gone(turn.url(), gone.stream().map(FrappeSite.Deletion::document).toList());
            moveTo(turn, move);
            return true;
          });
    } catch (SiteFailure e) {
      if (e.passes()) {
        throw e;
      }
      LOG.debug("{} Files that are deleted there are missed within a day.", e.getMessage());
    }
    lookAgain(turn, site.files());
    return turn;
  }

  private void moveTo(Turn turn, @Nullable Watermark move) {
    if (move != null) {
      producers.advance(turn.url(), new CursorMove.InList(move));
    }
  }

  /** Some that were not looked at for long: there may be no trace of what happened to them. */
  private void lookAgain(Turn turn, FrappeFiles site) {
    List<String> names =
        attachments.notSeenSince(
            turn.url(), turn.doctypes().keySet(), clock.instant().minus(FRESH), LOOKED_FOR_A_TURN);
    if (!names.isEmpty()) {
      lookFor(turn, site, names);
    }
  }

  /** Remembers what these are now, and which are gone. */
  void lookFor(Turn turn, FrappeFiles site, List<String> names) {
    List<AttachedFile> there = new ArrayList<>(site.named(names));
    there.removeIf(file -> !turn.doctypes().containsKey(file.document().doctype()));
    Set<String> gone = new HashSet<>(names);
    there.forEach(file -> gone.remove(file.name()));
    seen(turn, there);
    attachments.gone(turn.url(), gone);
  }

  private void seen(Turn turn, List<AttachedFile> files) {
    attachments.seen(
        turn.url(),
        files.stream().filter(FindAttachments::isKept).toList(),
        turn.doctypes(),
        clock.instant());
  }

  /** Frappe's names are shorter; longer ones fit no index. */
  private static boolean isKept(AttachedFile file) {
    return !file.name().isEmpty()
        && file.name().length() <= DocumentKey.LONGEST_NAME
        && file.document().name().length() <= DocumentKey.LONGEST_NAME;
  }
}
