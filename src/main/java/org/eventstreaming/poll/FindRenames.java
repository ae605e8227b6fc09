package org.eventstreaming.poll;

import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.document.Link;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.Markup;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.StoredVersion;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.update.Backlog;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.KnownDocument;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;
import org.jspecify.annotations.Nullable;

/**
 * Makes entries for renames and merges that a site noted as Comments.
 *
 * <p>A rename keeps creation and owner. It rewrites every link by SQL, and the log has no entry for
 * the linking documents. So documents here that link to the former name are read again.
 */
final class FindRenames {
  /** The two names in a Comment are in bold. The first is the former name, in every language. */
  private static final Pattern BOLD = Pattern.compile("<(strong|b)>(.*?)</\\1>", Pattern.DOTALL);

  private final DocumentStore documents;
  private final SyncLog syncLog;
  private final FindLinks findLinks;
  private final FrappeSite site;
  private final SyncRun run;
  private final String url;

  FindRenames(
      DocumentStore documents, SyncLog syncLog, FindLinks findLinks, FrappeSite site, SyncRun run) {
    this.documents = documents;
    this.syncLog = syncLog;
    this.findLinks = findLinks;
    this.site = site;
    this.run = run;
    this.url = run.producer().producerUrl();
  }

  /**
   * Entries for these Comments in two groups. The first group renames the documents, the second
   * reads the documents that link to them again.
   */
  List<List<UpdateLogEntry>> entries(List<FrappeSite.Note> notes) {
    return groups(renames(notes));
  }

  /**
   * Entries for renames that the site did not note. A rename keeps creation and owner. So a name
   * that is gone and a new name are the same document where no other document has that creation and
   * owner.
   *
   * @param gone names of one type that are held here and gone there
   * @param moment when that was seen, in the site's form
   */
  List<List<UpdateLogEntry>> entriesOf(String doctype, Collection<String> gone, String moment) {
    List<DocumentKey> keys = gone.stream().map(name -> new DocumentKey(doctype, name)).toList();
    Map<Made, List<String>> before = new HashMap<>();
    documents
        .versions(url, keys.stream().map(run::identity).toList())
        .forEach(
            (key, held) -> {
              if (held.creation() != null && held.owner() != null) {
                before
                    .computeIfAbsent(
                        new Made(held.creation(), held.owner()), made -> new ArrayList<>())
                    .add(key.name());
              }
            });
    if (before.isEmpty()) {
      return List.of();
    }
    Map<Made, List<String>> now = new HashMap<>();
    List<String> moments =
        before.keySet().stream()
            .map(made -> FrappeTime.format(LocalDateTime.ofInstant(made.creation(), run.zone())))
            .toList();
    for (FrappeSite.Listed one : site.madeAt(doctype, moments)) {
      FrappeTime.instant(one.creation(), run.zone())
          .ifPresent(
              creation ->
                  now.computeIfAbsent(new Made(creation, one.owner()), made -> new ArrayList<>())
                      .add(one.name()));
    }
    List<Rename> renames = new ArrayList<>();
    before.forEach(
        (made, names) -> {
          List<String> others = now.getOrDefault(made, List.of());
          if (names.size() == 1 && others.size() == 1) {
            renames.add(
                new Rename(
                    new DocumentKey(doctype, names.get(0)),
                    new DocumentKey(doctype, others.get(0)),
                    "compared " + moment,
                    moment));
          }
        });
    return groups(renames);
  }

  /**
   * @param renames in the order in which they happened
   */
  private List<List<UpdateLogEntry>> groups(List<Rename> renames) {
    if (renames.isEmpty()) {
      return List.of();
    }
    List<UpdateLogEntry> names = new ArrayList<>();
    Map<DocumentKey, Set<Rename>> readings = new LinkedHashMap<>();
    Map<String, List<Rename>> followed = new TreeMap<>();
    for (Rename rename : renames) {
      if (run.followed().contains(rename.formerly().doctype())) {
        followed
            .computeIfAbsent(rename.formerly().doctype(), type -> new ArrayList<>())
            .add(rename);
      }
    }
    // the last rename of each name, by the key that documents here link to
    Map<DocumentKey, Rename> called = new HashMap<>();
    renames.forEach(
        rename -> {
          DocumentKey formerly = rename.formerly();
          DocumentKey local =
              new DocumentKey(run.identity(formerly).localDoctype(), formerly.name());
          called.put(local, rename);
        });
    followed.forEach((doctype, some) -> ofType(doctype, some, names, readings, called));
    whatNames(called, readings);
    return List.of(names, readings(readings));
  }

  /**
   * The renames in the order of their notes, each to the last name of its document. A name that
   * several documents had one after the other has several renames.
   */
  private static List<Rename> renames(List<FrappeSite.Note> notes) {
    List<Rename> noted = new ArrayList<>();
    for (FrappeSite.Note note : notes) {
      List<String> bold = new ArrayList<>();
      Matcher names = BOLD.matcher(note.content());
      while (names.find()) {
        // Frappe escapes the text of a Comment: `Smith & Sons` becomes `Smith &amp; Sons`
        bold.add(Markup.unescaped(names.group(2)));
      }
      if (bold.size() != 2 || bold.get(0).equals(bold.get(1)) || note.doctype().isEmpty()) {
        continue;
      }
      noted.add(
          new Rename(
              new DocumentKey(note.doctype(), bold.get(0)),
              new DocumentKey(note.doctype(), bold.get(1)),
              note.name(),
              note.modified()));
    }
    Deque<Rename> renames = new ArrayDeque<>();
    // backwards: the last name of the document that has a name after the note that is looked at
    Map<DocumentKey, DocumentKey> lastNames = new HashMap<>();
    for (int i = noted.size() - 1; i >= 0; i--) {
      Rename rename = noted.get(i);
      DocumentKey last = lastNames.getOrDefault(rename.now(), rename.now());
      lastNames.put(rename.formerly(), last);
      if (!last.equals(rename.formerly())) {
        renames.addFirst(rename.to(last));
      }
    }
    return List.copyOf(renames);
  }

  private void ofType(
      String doctype,
      List<Rename> renames,
      List<UpdateLogEntry> names,
      Map<DocumentKey, Set<Rename>> readings,
      Map<DocumentKey, Rename> called) {
    Map<DocumentKey, List<Rename>> byName = new LinkedHashMap<>();
    renames.forEach(
        rename -> byName.computeIfAbsent(rename.formerly(), name -> new ArrayList<>()).add(rename));
    Set<DocumentKey> both = new LinkedHashSet<>();
    renames.forEach(
        rename -> {
          both.add(rename.formerly());
          both.add(rename.now());
        });
    Map<DocumentKey, StoredVersion> held =
        documents.versions(url, both.stream().map(run::identity).toList());
    Map<DocumentKey, KnownDocument> knownDocuments =
        syncLog.knownDocuments(url, byName.keySet().stream().map(run::identity).toList());
    Map<String, FrappeSite.Origin> there =
        site.origins(doctype, both.stream().map(DocumentKey::name).toList());
    // several documents may have had the name here, and some of them may be deleted
    syncLog
        .localNames(url, byName.keySet())
        .forEach(
            (formerly, locals) ->
                locals.forEach(
                    local ->
                        called.put(local, last(Objects.requireNonNull(byName.get(formerly))))));
    byName.forEach(
        (formerly, some) -> {
          StoredVersion before = held.get(formerly);
          if (before != null) {
            called.put(before.local(), last(some));
          }
          boolean waits =
              knownDocuments.getOrDefault(formerly, KnownDocument.NEW).backlog() != Backlog.NONE;
          Rename rename =
              before != null
                  ? ofHeld(before, some, held.keySet(), there)
                  : waits && there.containsKey(last(some).now().name()) ? last(some) : null;
          if (rename != null) {
            names.add(
                OwnEntry.rename(
                    rename.now(), before, formerly.name(), rename.note(), rename.moment()));
          } else if (before != null && !there.containsKey(formerly.name())) {
            names.add(OwnEntry.delete(formerly, before, last(some).note(), last(some).moment()));
          }
        });
    for (Rename rename : renames) {
      if (there.containsKey(rename.now().name())) {
        readings.computeIfAbsent(rename.now(), key -> new LinkedHashSet<>()).add(rename);
      }
    }
  }

  /**
   * The rename of the document held here; null where none of these is. A list reports notes again
   * and, after a load, notes from before it. So a rename of the same name may be of another
   * document, whatever its place among them: creation and owner decide.
   *
   * @param renames of the name that the document has here
   */
  private @Nullable Rename ofHeld(
      StoredVersion before,
      List<Rename> renames,
      Set<DocumentKey> held,
      Map<String, FrappeSite.Origin> there) {
    for (int i = renames.size() - 1; i >= 0; i--) {
      Rename rename = renames.get(i);
      FrappeSite.Origin now = there.get(rename.now().name());
      if (now != null && isThe(before, now) && !held.contains(rename.now())) {
        return rename;
      }
    }
    // a target site can merge the two documents; in our own store they are read again instead
    Rename last = last(renames);
    boolean merged =
        there.containsKey(last.now().name())
            && held.contains(last.now())
            && run.producer().target() != null
            && !isStill(before, there.get(last.formerly().name()))
            && !isOlder(last, before);
    return merged ? last : null;
  }

  /** Whether the rename happened before the document was made. */
  private boolean isOlder(Rename rename, StoredVersion document) {
    return document.creation() != null
        && FrappeTime.instant(rename.moment(), run.zone())
            .filter(moment -> moment.isBefore(document.creation()))
            .isPresent();
  }

  private static Rename last(List<Rename> renames) {
    return renames.get(renames.size() - 1);
  }

  /**
   * Whether the document there is still the one held here. Another document can have taken the
   * name.
   */
  private boolean isStill(StoredVersion held, FrappeSite.@Nullable Origin origin) {
    return origin != null && isThe(held, origin);
  }

  private boolean isThe(StoredVersion held, FrappeSite.Origin origin) {
    return (held.creation() == null
            || held.creation()
                .equals(FrappeTime.instant(origin.creation(), run.zone()).orElse(null)))
        && (held.owner() == null || held.owner().equals(origin.owner()));
  }

  /**
   * One entry per document for all its reasons. Its name is derived from the reasons, so a further
   * reason makes another entry.
   */
  private List<UpdateLogEntry> readings(Map<DocumentKey, Set<Rename>> wanted) {
    Map<DocumentKey, StoredVersion> held =
        documents.versions(url, wanted.keySet().stream().map(run::identity).toList());
    List<UpdateLogEntry> readings = new ArrayList<>();
    wanted.forEach(
        (document, reasons) ->
            readings.add(
                OwnEntry.update(
                    document,
                    held.get(document),
                    reasons.stream().map(Rename::note).sorted().collect(Collectors.joining(" ")),
                    reasons.stream().map(Rename::moment).max(String::compareTo).orElseThrow())));
    return readings;
  }

  /**
   * Adds the documents here that link to a former name, whether the linked document is held here or
   * not.
   */
  private void whatNames(Map<DocumentKey, Rename> called, Map<DocumentKey, Set<Rename>> readings) {
    Set<String> texts = new HashSet<>();
    called.keySet().forEach(local -> texts.add(local.name()));
    documents.mentioning(
        url,
        texts,
        (identity, document) -> {
          if (!run.followed().contains(identity.remote().doctype())
              || !run.identity(identity.remote()).equals(identity)) {
            return;
          }
          for (Link link : findLinks.in(identity.localDoctype(), document, Set.of())) {
            Rename rename = called.get(link.target());
            if (rename != null) {
              readings.computeIfAbsent(identity.remote(), key -> new LinkedHashSet<>()).add(rename);
            }
          }
        });
  }

  /** When and by whom a document was made on its producer. */
  private record Made(Instant creation, String owner) {}

  /**
   * One rename or merge, up to the last name of the document.
   *
   * @param note the name of the site's note
   * @param moment when, in the site's own text
   */
  private record Rename(DocumentKey formerly, DocumentKey now, String note, String moment) {
    Rename to(DocumentKey other) {
      return new Rename(formerly, other, note, moment);
    }
  }
}
