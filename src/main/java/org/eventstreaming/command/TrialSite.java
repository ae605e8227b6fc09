package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.Link;
import org.eventstreaming.main.SiteConnections;
import org.eventstreaming.mapping.MappedDocument;
import org.eventstreaming.mapping.NeededDocument;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.settings.Configuration;
import org.eventstreaming.site.Callers;
import org.eventstreaming.site.FetchDocuments;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.IdentityKey;

/**
 * An Event Producer of the files while a mapping or condition is tried: what it has is read,
 * nothing is written there or here, and no database is opened. Definitions are those that the
 * stream would know: of the files, and of the types that are followed.
 */
final class TrialSite implements DocTypes, AutoCloseable {

  private final EventProducer producer;
  private final Map<String, DocType> known;
  private final Set<String> asked = new HashSet<>();
  private final SiteConnections connections;
  private final FrappeSite site;
  private final Callers callers = new Callers();

  TrialSite(
      Path project,
      EventProducer producer,
      Configuration configuration,
      Map<String, DocType> files) {
    this.producer = producer;
    this.known = new HashMap<>(files);
    this.connections = new SiteConnections(project, configuration);
    this.site = connections.sites().of(producer);
  }

  /** The document as it is there now; empty where there is none. */
  Optional<ObjectNode> document(String doctype, String name) {
    return site.document(doctype, name);
  }

  @Override
  public Optional<DocType> find(String name) {
    if (!known.containsKey(name) && producer.following(name).isPresent() && asked.add(name)) {
      try {
        site.docTypes(name).forEach(one -> known.putIfAbsent(one.name(), one));
      } catch (SiteFailure e) {
        // as in the stream, which goes on without a definition; but no site is no answer at all
        if (e.passes()) {
          throw e;
        }
      }
    }
    return Optional.ofNullable(known.get(name));
  }

  /** What the filters of the Document rows find, in their order. */
  List<FetchDocuments.Found> sought(MappedDocument mapped) {
    Map<FetchDocuments.Search, FetchDocuments.Found> found =
        fetchDocuments()
            .find(producer.access(), mapped.needed().stream().map(TrialSite::search).toList());
    return mapped.needed().stream().map(one -> found.get(search(one))).toList();
  }

  /**
   * The links of the mapped document, and what the producer has of each; empty where the definition
   * of its type here is unknown, so that the stream would follow none.
   */
  Optional<List<ObjectNode>> links(MappedDocument mapped, ObjectNode finished) {
    if (find(mapped.mapping().localDoctype()).isEmpty()) {
      return Optional.empty();
    }
    Set<String> ours = new HashSet<>(mapped.ours());
    // these have names that are found by filters
    mapped
        .needed()
        .forEach(
            one ->
                ours.add(
                    one.table() == null ? one.fieldname() : one.table() + "." + one.fieldname()));
    List<Link> links = new FindLinks(this).in(mapped.mapping().localDoctype(), finished, ours);
    Dependencies brought =
        producer
            .following(mapped.mapping().remoteDoctype())
            .map(ProducerDoctype::dependencies)
            .orElse(Dependencies.ALL);
    List<DocumentKey> wanted =
        links.stream()
            .map(this::remote)
            .distinct()
            .filter(key -> brought.include(key.doctype(), producer))
            .toList();
    FetchDocuments.Fetched fetched =
        fetchDocuments().fetch(producer.access(), ZoneOffset.UTC, wanted);
    List<ObjectNode> rows = new ArrayList<>();
    for (Link link : links) {
      DocumentKey remote = remote(link);
      ObjectNode row = JsonNodeFactory.instance.objectNode();
      row.put("for", path(link));
      row.put("doctype", remote.doctype());
      row.put("name", remote.name());
      row.put("found", wanted.contains(remote) ? reported(fetched, remote) : "not brought along");
      rows.add(row);
    }
    return Optional.of(rows);
  }

  @Override
  public void close() {
    callers.close();
    connections.close();
  }

  private FetchDocuments fetchDocuments() {
    return new FetchDocuments(
        connections.sites(), this, callers, (url, doctype, unread) -> {}, Clock.systemUTC());
  }

  private DocumentKey remote(Link link) {
    return IdentityKey.linked(producer, link.target(), true).remote();
  }

  private static FetchDocuments.Search search(NeededDocument needed) {
    return new FetchDocuments.Search(needed.mapping().remoteDoctype(), needed.filters());
  }

  private static String path(Link link) {
    String table = link.holder().path("parentfield").asText("");
    return table.isEmpty()
        ? link.fieldname()
        : "%s[%d].%s".formatted(table, link.holder().path("idx").asInt() - 1, link.fieldname());
  }

  private static String reported(FetchDocuments.Fetched fetched, DocumentKey wanted) {
    DocumentKey called = fetched.called().get(wanted);
    if (called != null) {
      return "there as " + called.name();
    }
    FullState state = fetched.states().get(wanted);
    if (state instanceof FullState.Present) {
      return "there";
    }
    if (state instanceof FullState.Unknown unknown) {
      return unknown.why();
    }
    return state instanceof FullState.Refused refused ? refused.why() : "not there";
  }
}
