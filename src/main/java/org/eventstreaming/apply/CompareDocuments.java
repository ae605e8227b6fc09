package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.ComparedForm;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.NormalForm;
import org.eventstreaming.document.Unread;
import org.eventstreaming.naming.NameDocument;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.ReadStoredDocuments;
import org.eventstreaming.store.SiteLink;
import org.eventstreaming.store.SiteLinks;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.store.UnreadableFields;
import org.eventstreaming.target.PointUsers;
import org.eventstreaming.target.Rewrites;
import org.eventstreaming.target.ShapeForTarget;
import org.eventstreaming.target.SiteForm;
import org.eventstreaming.target.Targets;
import org.eventstreaming.target.Workflows;
import org.eventstreaming.update.ComparedDocument;
import org.eventstreaming.update.ComparedDocument.Verdict;
import org.eventstreaming.update.ComparedRange;
import org.eventstreaming.update.Digest;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FieldDifference;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.KeyRange;
import org.eventstreaming.update.KnownDocument;
import org.eventstreaming.update.LeavingUpdate;
import org.eventstreaming.update.PassedOver;
import org.eventstreaming.update.RenamedUpdate;
import org.eventstreaming.update.Sentence;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdatePage;
import org.jspecify.annotations.Nullable;

/**
 * Sets documents as they are here beside what applying the producer's would make of them, and
 * writes nothing.
 */
public final class CompareDocuments {
  private final DocumentStore documents;
  private final Targets targets;
  private final SiteLinks links;
  private final UnreadableFields unreadable;
  private final Difference difference;
  private final PlanPage planPage;
  private final Function<ProducerDoctype, Set<String>> added;

  /**
   * @param added the fields here that routes of the project add to documents of a row: they are
   *     written, and not compared
   */
  public CompareDocuments(
      DocumentStore documents,
      Targets targets,
      SiteLinks links,
      SyncLog syncLog,
      DocTypes doctypes,
      FindLinks findLinks,
      NameDocument naming,
      UnreadableFields unreadable,
      Function<ProducerDoctype, Set<String>> added) {
    this.added = added;
    this.documents = documents;
    this.targets = targets;
    this.links = links;
    this.unreadable = unreadable;
    this.difference = new Difference(new ComparedForm(doctypes));
    this.planPage =
        new PlanPage(
            new ReadStoredDocuments(documents),
            syncLog,
            // what is new is not named now: it draws no number of a series
            ChooseNames.where(
                new ChooseLocalName(documents, doctypes, naming, (series, count) -> 1),
                new NameAtSite(targets, links, false, (producer, doctype, some) -> Set.of())),
            findLinks,
            new NormalForm(doctypes),
            difference,
            unreadable);
  }

  /**
   * Compares a range.
   *
   * @param page the range's documents, each with what the producer answered, in our words
   */
  public ComparedRange compare(KeyRange range, UpdatePage page) {
    Map<DocumentKey, List<Update>> lines = new LinkedHashMap<>();
    List<RenamedUpdate> renames = new ArrayList<>();
    int notFollowed = range.notFollowed();
    for (Update update : page.updates()) {
      if (update instanceof PassedOver) {
        notFollowed++;
      } else if (update instanceof RenamedUpdate rename) {
        renames.add(rename);
      } else {
        lines.put(update.entry().remote(), List.of(update));
      }
    }
    List<ComparedDocument> compared = new ArrayList<>(renamed(page, renames));
    if (lines.isEmpty()) {
      return new ComparedRange(range, compared, notFollowed, page.knownDocuments(), Unread.NONE);
    }
    EventProducer producer = page.run().producer();
    Map<IdentityKey, DocumentPlan> plans = new HashMap<>();
    PagePlan pagePlan = planPage.plan(page, lines);
    pagePlan.documents().forEach(one -> plans.put(one.identity(), one));
    SiteForm form = producer.target() == null ? null : targets.form(producer);
    SetBeside setBeside =
        form == null ? CompareDocuments::besideHere : besideOnSite(form, producer, pagePlan);
    Set<String> leftOut = producer.following(range.doctype()).map(added).orElse(Set.of());
    String doctype = page.identity(new DocumentKey(range.doctype(), "")).localDoctype();
    String obstacle = form == null ? null : obstacle(form, producer, doctype);
    lines.forEach(
        (key, updates) -> {
          DocumentPlan plan = Objects.requireNonNull(plans.get(page.identity(key)));
          ComparedDocument one =
              compared(page, updates.get(0), plan, new Beside(setBeside, leftOut), obstacle);
          if (one != null) {
            compared.add(one);
          }
        });
    return new ComparedRange(
        range,
        compared,
        notFollowed,
        page.knownDocuments(),
        unreadable.of(producer.producerUrl(), range.doctype()));
  }

  /** Takes what a second look says of what differed into the range. */
  public ComparedRange again(ComparedRange first, ComparedRange second) {
    return first.lookedAgain(second);
  }

  /** Takes into the range what a look after its repair says: what differs still is not repaired. */
  public ComparedRange proven(ComparedRange repaired, ComparedRange after) {
    return repaired.proven(after);
  }

  /** Those that still have the former name here, and nobody the new one. */
  private List<ComparedDocument> renamed(UpdatePage page, List<RenamedUpdate> renames) {
    List<IdentityKey> both = new ArrayList<>();
    for (RenamedUpdate rename : renames) {
      both.add(page.identity(rename.formerly()));
      both.add(rename.now());
    }
    Map<IdentityKey, DocumentKey> here = documents.names(page.run().producer().producerUrl(), both);
    return renames.stream()
        .filter(
            rename ->
                here.containsKey(page.identity(rename.formerly()))
                    && !here.containsKey(rename.now()))
        .map(
            rename ->
                new ComparedDocument(
                    rename.entry(),
                    here.get(page.identity(rename.formerly())),
                    Verdict.RENAMED,
                    List.of(),
                    null,
                    null,
                    "Was " + rename.formerly() + ".",
                    false))
        .toList();
  }

  /** Null where it is neither here nor there. */
  private @Nullable ComparedDocument compared(
      UpdatePage page, Update update, DocumentPlan plan, Beside beside, @Nullable String obstacle) {
    KnownDocument known = page.known(plan.remote());
    Judged judged = new Judged(difference, beside, update, plan);
    if (update instanceof LeavingUpdate leaving) {
      return judged.is(
          Verdict.LEFT,
          leaving.dropped() == null ? null : Sentence.of("Dropped by " + leaving.dropped()));
    }
    if (update instanceof SyncOutcome outcome) {
      return judged.is(Verdict.REFUSED, outcome.message());
    }
    FullState full = page.fullStates().get(plan.remote());
    if (full instanceof FullState.Gone) {
      return known.followed() && plan.stored() != null ? judged.is(Verdict.ONLY_HERE, null) : null;
    }
    if (full instanceof FullState.Unknown unknown) {
      return judged.is(Verdict.UNREAD, unknown.why());
    }
    if (full instanceof FullState.Refused refused) {
      return judged.is(Verdict.REFUSED, refused.why());
    }
    ObjectNode after = plan.whole() ? plan.document() : null;
    if (after == null) {
      boolean passes =
          plan.rest().stream().anyMatch(outcome -> outcome instanceof SyncOutcome.TryAgain);
      return plan.stored() == null && !passes
          ? judged.is(Verdict.ONLY_THERE, plan.why(), full)
          : judged.is(passes ? Verdict.UNREAD : Verdict.REFUSED, plan.why());
    }
    return plan.stored() != null && obstacle != null
        ? judged.refused(after, obstacle)
        : judged.with(after, known.left());
  }

  /** Our own store takes all that the producer has. */
  private static SiteForm.Beside besideHere(
      IdentityKey identity, ObjectNode here, ObjectNode there) {
    return new SiteForm.Beside(here, there, true, null);
  }

  private SetBeside besideOnSite(SiteForm form, EventProducer producer, PagePlan page) {
    NewNames names = page.names();
    PointUsers users =
        targets.users(
            producer,
            page.documents().stream()
                .map(DocumentPlan::document)
                .flatMap(Stream::ofNullable)
                .toList(),
            false);
    Workflows workflows = targets.workflows(producer);
    // nothing is created now
    names.newcomers().stream().filter(names::isOpen).forEach(names::staysAway);
    String url = producer.producerUrl();
    ShapeForTarget shape =
        targets.shape(
            producer,
            page.documents().stream()
                .map(DocumentPlan::document)
                .flatMap(Stream::ofNullable)
                .toList(),
            rows -> links.rowNames(url, rows));
    Map<IdentityKey, SiteLink> known =
        links.find(url, page.documents().stream().map(DocumentPlan::identity).toList());
    return (identity, here, there) -> {
      names.takeBack(identity.localDoctype(), there);
      SiteLink link = known.get(identity);
      workflows.complete(there, here);
      return form.beside(
          here,
          users.in(shape.shaped(there), here, true),
          link == null ? Rewrites.NONE : new Rewrites(link.rewritten()),
          WriteAtSite.isMapped(producer, identity));
    };
  }

  /** Why nothing of a type can be compared; null where it can. */
  private @Nullable String obstacle(SiteForm form, EventProducer producer, String doctype) {
    return form.unknownType(doctype)
        .map(type -> "%s does not define a DocType %s.".formatted(targets.of(producer).url(), type))
        .orElse(null);
  }

  /** Sets a document as it is here beside what applying the producer's would make of it. */
  private interface SetBeside {
    SiteForm.Beside of(IdentityKey identity, ObjectNode here, ObjectNode there);
  }

  /** The same without the fields that a route of the project adds. */
  private record Beside(SetBeside setBeside, Set<String> leftOut) {
    SiteForm.Beside of(IdentityKey identity, ObjectNode here, ObjectNode there) {
      return setBeside.of(identity, compared(here), compared(there));
    }

    ObjectNode compared(ObjectNode document) {
      return leftOut.isEmpty() ? document : document.deepCopy().remove(leftOut);
    }
  }

  /** One document, about to be judged. */
  private record Judged(Difference difference, Beside beside, Update update, DocumentPlan plan) {
    ComparedDocument is(Verdict verdict, @Nullable String why) {
      return made(verdict, List.of(), null, why);
    }

    /** One that has no form in our words yet: it is identified by what the producer answered. */
    ComparedDocument is(Verdict verdict, @Nullable String why, @Nullable FullState full) {
      return made(
          verdict,
          List.of(),
          full instanceof FullState.Present present ? digest(present.document()) : null,
          why);
    }

    ComparedDocument refused(ObjectNode there, String why) {
      return made(Verdict.REFUSED, List.of(), digest(there), why);
    }

    ComparedDocument with(ObjectNode there, boolean left) {
      ObjectNode here = plan.stored();
      if (here == null) {
        return made(Verdict.ONLY_THERE, List.of(), digest(there), null);
      }
      SiteForm.Beside both = beside.of(plan.identity(), here, there);
      List<FieldDifference> fields = difference.fields(both.here(), both.there());
      String comesBack = left ? "Meets the condition of its type again." : null;
      return new ComparedDocument(
          update.entry(),
          plan.before(),
          verdict(both, fields.isEmpty(), left),
          fields,
          digest(both.here()),
          digest(both.there()),
          both.stays() == null ? comesBack : both.stays(),
          false);
    }

    private static Verdict verdict(SiteForm.Beside both, boolean equal, boolean left) {
      if (equal) {
        return left ? Verdict.DIFFERS : Verdict.EQUAL;
      }
      return both.stays() == null
          ? Verdict.DIFFERS
          : both.repairable() ? Verdict.PARTLY : Verdict.STAYS;
    }

    private ComparedDocument made(
        Verdict verdict,
        List<FieldDifference> fields,
        @Nullable String there,
        @Nullable String why) {
      return new ComparedDocument(
          update.entry(), plan.before(), verdict, fields, digest(plan.stored()), there, why, false);
    }

    private @Nullable String digest(@Nullable ObjectNode document) {
      return document == null ? null : Digest.of(difference.visible(beside.compared(document)));
    }
  }
}
