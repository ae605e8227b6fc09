package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.NormalForm;
import org.eventstreaming.document.Unread;
import org.eventstreaming.expression.Scope;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.Lookup;
import org.eventstreaming.update.MapWhole;
import org.eventstreaming.update.MappingDetails;
import org.eventstreaming.update.ResyncCommand;
import org.eventstreaming.update.RowSentences;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;

/**
 * Takes a page in the producer's words and gives it in ours: documents, diffs, and the whole
 * documents that were fetched. A document that cannot be mapped fails alone.
 */
public final class MapUpdates implements MapWhole {
  private final Mappings mappings;
  private final NormalForm normalForm;
  private final MapDocument mapDocument;
  private final MapDiff mapDiff;

  public MapUpdates(
      Mappings mappings, DocTypes doctypes, RouteHook routes, Function<ObjectNode, Scope> scopes) {
    this.mappings = mappings;
    this.normalForm = new NormalForm(doctypes);
    this.mapDocument = new MapDocument(mappings, doctypes, routes, scopes);
    this.mapDiff = new MapDiff(mappings, doctypes, scopes);
  }

  /** Whether the entry contains too little to be mapped, so that its document has to be fetched. */
  public boolean needsWhole(AcceptedUpdate update) {
    String mapping = update.rule().mapping();
    if (mapping == null || update.type() != UpdateType.UPDATE) {
      return false;
    }
    try {
      return diff(mapping, Objects.requireNonNull(update.content()))
          instanceof MappedDiff.NeedsWhole;
    } catch (MappingFailed e) {
      // reported when it is mapped
      return false;
    }
  }

  /** Whether what documents of a producer are mapped to may depend on documents that are here. */
  public boolean readsDocuments(EventProducer producer) {
    return isMapped(producer)
        && mappings.all().stream().anyMatch(DocumentTypeMapping::readsDocuments);
  }

  private static boolean isMapped(EventProducer producer) {
    return producer.producerDoctypes().stream().anyMatch(row -> row.mapping() != null);
  }

  public UpdatePage map(UpdatePage page) {
    if (!isMapped(page.run().producer())) {
      return page;
    }
    Map<DocumentKey, FullState> fullStates = new HashMap<>(page.fullStates());
    Set<DocumentKey> seen = new HashSet<>();
    List<Update> updates = new ArrayList<>();
    for (Update update : page.updates()) {
      updates.add(
          update instanceof AcceptedUpdate accepted && accepted.rule().mapping() != null
              ? mapped(page, accepted, accepted.rule().mapping(), fullStates, seen)
              : update);
    }
    return page.withUpdates(updates).withStates(page.knownDocuments(), fullStates);
  }

  private Update mapped(
      UpdatePage page,
      AcceptedUpdate update,
      String mapping,
      Map<DocumentKey, FullState> fullStates,
      Set<DocumentKey> seen) {
    DocumentKey remote = update.entry().remote();
    try {
      if (page.fullStates().get(remote) instanceof FullState.Present present) {
        if (seen.add(remote)) {
          Mapped whole = map(mapping, present.document(), present.unread());
          fullStates.put(
              remote,
              new FullState.Present(
                  whole.document(), present.modified(), whole.details(), whole.unread()));
        }
        return update;
      }
      ObjectNode content = update.content();
      if (content == null) {
        return update;
      }
      if (update.type() == UpdateType.CREATE) {
        Mapped whole = map(mapping, content, Unread.NONE);
        return update.with(whole.document(), whole.details());
      }
      if (diff(mapping, content) instanceof MappedDiff.Diff diff) {
        return update.with(diff.diff(), new MappingDetails(List.of(), diff.ours(), diff.notes()));
      }
      return update;
    } catch (MappingFailed e) {
      fullStates.remove(remote);
      return new SyncOutcome.Failed(
          update.entry(),
          null,
          "Could not map "
              + update.entry().updateType()
              + " of "
              + remote
              + " of "
              + page.run().producer().producerUrl()
              + ": "
              + e.getMessage()
              + RowSentences.LATER_ENTRIES_WAIT
              + " After the correction, run "
              + ResyncCommand.WITHOUT_NUMBER
              + ".");
    }
  }

  private MappedDiff diff(String mapping, ObjectNode content) {
    DocumentTypeMapping named = mappings.named(mapping);
    return mapDiff.map(named, normalForm.ofDiff(named.remoteDoctype(), content));
  }

  @Override
  public Mapped map(String mapping, ObjectNode remote, Unread unread) {
    MappedDocument mapped = mapDocument.map(mappings.named(mapping), normalForm.withTables(remote));
    List<Lookup> lookups = new ArrayList<>();
    for (NeededDocument needed : mapped.needed()) {
      lookups.add(
          new Lookup(
              Lookup.token(lookups.size()),
              needed.mapping().mappingName(),
              needed.mapping().remoteDoctype(),
              needed.mapping().localDoctype(),
              needed.filters(),
              needed.origin().toString(),
              needed.standIn()));
    }
    return new Mapped(
        mapDocument.finish(mapped, lookups.stream().map(Lookup::token).toList()),
        new MappingDetails(lookups, mapped.ours(), mapped.notes()),
        inOurWords(unread));
  }

  /** The fields here that come of what routes of the project add to documents of a row. */
  public Set<String> added(ProducerDoctype row) {
    if (row.adds().isEmpty() || row.mapping() == null) {
      return row.adds();
    }
    return inOurWords(row.adds(), mappings.named(row.mapping()));
  }

  /**
   * What is made of a field that was not read, or stays under its own name, was not read either.
   */
  private Unread inOurWords(Unread unread) {
    if (unread.isEmpty()) {
      return unread;
    }
    Unread ours = unread;
    for (DocumentTypeMapping mapping : mappings.all()) {
      ours =
          ours.and(
              new Unread(
                  Map.of(
                      mapping.localDoctype(),
                      inOurWords(unread.of(mapping.remoteDoctype()), mapping))));
    }
    return ours;
  }

  private static Set<String> inOurWords(Set<String> remote, DocumentTypeMapping mapping) {
    Set<String> local = new HashSet<>(remote);
    for (FieldMapping row : mapping.rows()) {
      if (remote.contains(row.source().remoteFieldname())) {
        local.add(row.localFieldname());
      } else {
        local.remove(row.localFieldname());
      }
    }
    return local;
  }
}
