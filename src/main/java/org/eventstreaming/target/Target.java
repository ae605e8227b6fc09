package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.Link;
import org.eventstreaming.document.Unread;
import org.eventstreaming.producer.TargetSite;
import org.eventstreaming.site.Callers;
import org.eventstreaming.site.FetchDocuments;
import org.eventstreaming.site.FindUntouched;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.FrappeWrites;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.UnreadableFields;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.jspecify.annotations.Nullable;

/**
 * A target site, with its definitions, Workflows and time zone. They are read when they are needed,
 * and anew after {@link #FRESH}.
 *
 * <p>Each method that calls the site can throw a {@link SiteFailure}. Safe for concurrent use.
 */
public final class Target implements DocTypes {
  /** The fields for the origin of a document, as Frappe's own consumer has them. */
  public static final List<String> ORIGIN = List.of("remote_docname", "remote_site_name");

  private static final List<String> LABELS = List.of("Remote Document Name", "Remote Site");

  /** The time after which definitions, Workflows and the time zone are read anew. */
  static final Duration FRESH = Duration.ofHours(1);

  private final TargetSite site;
  private final FrappeSites sites;
  private final ExecutorService threads;
  private final FetchDocuments documents;
  private final Clock clock;
  private final UnreadableFields unreadable;
  private final Map<String, Learnt> definitions = new ConcurrentHashMap<>();
  private final FindLinks findLinks = new FindLinks(this);
  private final Workflows workflows;
  private volatile @Nullable Unread hidden;
  private volatile @Nullable Zone zone;

  Target(
      TargetSite site,
      FrappeSites sites,
      Callers callers,
      UnreadableFields unreadable,
      Clock clock) {
    this.site = site;
    this.sites = sites;
    this.threads = callers.of(site.access());
    SayContents sayContents = new SayContents(sites, this::definition);
    this.documents =
        new FetchDocuments(
            sites,
            this::definition,
            callers,
            this::saw,
            (url, states) -> sayContents.in(site.access(), site.rules(), states),
            clock);
    this.clock = clock;
    this.unreadable = unreadable;
    this.workflows = new Workflows(() -> calls().readWorkflows(), clock);
  }

  public String url() {
    return site.url();
  }

  /** The name of its site file. */
  String name() {
    return site.name();
  }

  /** The user of its key. */
  String user() {
    return site.access().user();
  }

  Workflows workflows() {
    return workflows;
  }

  /**
   * Discards the Workflow of a type, since it was written. The definition is discarded too: the
   * site may have added the field for the state.
   */
  void forgetWorkflow(String doctype) {
    workflows.forget();
    definitions.remove(doctype);
  }

  boolean convertsTimes() {
    return site.convertsTimes();
  }

  FrappeWrites writes() {
    return calls().writes();
  }

  /** Threads for a few calls at the same time. */
  ExecutorService threads() {
    return threads;
  }

  ZoneId zone() {
    Zone learnt = zone;
    if (learnt == null || isOld(learnt.at())) {
      learnt = new Zone(calls().zone(), clock.instant());
      zone = learnt;
    }
    return learnt.zone();
  }

  /**
   * The site's definition of a type, without three kinds of fields: those that the key may not
   * read, those that the site sets itself, and links to documents that the site makes itself. Such
   * fields are neither compared nor written. Empty where the site has no such type.
   */
  @Override
  public Optional<DocType> find(String name) {
    Set<String> fields = new HashSet<>(hidden().of(name));
    fields.addAll(site.rules().of(name).setBySite());
    return definition(name)
        .map(
            definition ->
                definition.fields().stream()
                        .anyMatch(field -> fields.contains(field.fieldname()) || isMadeThere(field))
                    ? definition.withFields(
                        definition.fields().stream()
                            .filter(
                                field -> !fields.contains(field.fieldname()) && !isMadeThere(field))
                            .toList())
                    : definition);
  }

  private boolean isMadeThere(DocField field) {
    return field.isLink()
        && field.options() != null
        && site.rules().of(field.options()).madeBySite();
  }

  private void saw(String url, String doctype, Unread unread) {
    if (!unreadable.of(url, doctype).equals(unread)) {
      unreadable.saw(url, doctype, unread);
      hidden = null;
    }
  }

  /**
   * The fields that the key may not read. A field of a child row counts as hidden where any type
   * with such rows hides it. Read when first needed, so that a command without calls to the site
   * needs no database.
   */
  private Unread hidden() {
    Unread known = hidden;
    if (known == null) {
      known = unreadable.all(site.url()).values().stream().reduce(Unread.NONE, Unread::and);
      hidden = known;
    }
    return known;
  }

  private Optional<DocType> definition(String name) {
    Learnt learnt = definitions.get(name);
    if (learnt == null || isOld(learnt.at())) {
      learn(name);
      learnt = definitions.get(name);
    }
    return Optional.ofNullable(learnt).map(Learnt::definition);
  }

  private void learn(String name) {
    Instant now = clock.instant();
    try {
      for (DocType definition : calls().docTypes(name)) {
        definitions.put(definition.name(), new Learnt(definition, now));
      }
    } catch (SiteFailure e) {
      if (e.passes()) {
        throw e;
      }
      definitions.put(name, new Learnt(null, now));
    }
  }

  /** The present documents of these keys. */
  Map<DocumentKey, FullState> fetch(Collection<DocumentKey> wanted) {
    return documents.fetch(site.access(), zone(), wanted).states();
  }

  /** The present document; empty where there is none. */
  Optional<ObjectNode> document(DocumentKey wanted) {
    return calls().document(wanted.doctype(), wanted.name());
  }

  /**
   * Those of these documents that exist, with the names that the site has for them. A name in
   * another spelling can be the same name for the site.
   */
  public Map<DocumentKey, DocumentKey> existing(Collection<DocumentKey> wanted) {
    Map<DocumentKey, DocumentKey> found = new HashMap<>();
    byType(wanted)
        .forEach(
            (doctype, names) -> {
              DocType definition = find(doctype).orElse(null);
              // the site refuses the list of an unknown type
              if (definition == null) {
                return;
              }
              if (definition.issingle()) {
                // a Single always exists, and has no table that could be listed
                names.stream()
                    .filter(doctype::equals)
                    .map(name -> new DocumentKey(doctype, name))
                    .forEach(single -> found.put(single, single));
              } else {
                calls()
                    .called(doctype, names)
                    .forEach(
                        (name, stored) ->
                            found.put(
                                new DocumentKey(doctype, name), new DocumentKey(doctype, stored)));
              }
            });
    return found;
  }

  private static Map<String, List<String>> byType(Collection<DocumentKey> keys) {
    Map<String, List<String>> names = new LinkedHashMap<>();
    keys.forEach(
        key -> names.computeIfAbsent(key.doctype(), type -> new ArrayList<>()).add(key.name()));
    return names;
  }

  /** The links of a document, by the definitions of the site. */
  List<Link> links(ObjectNode document) {
    return findLinks.in(document.path("doctype").asText(), document, Set.of());
  }

  /** The links of a document of this type, whatever type the document names. */
  List<Link> links(String doctype, ObjectNode document) {
    return findLinks.in(doctype, document, Set.of());
  }

  /** Those of these users that the site has, with its names for them. */
  Map<String, String> users(Collection<String> names) {
    return calls().called("User", names);
  }

  /** Creates a user that documents can link to. Answers its name. */
  String createUser(ObjectNode user) {
    return writes().insert("User", user);
  }

  /** Finds documents that the key's user created there and nobody changed. */
  FindUntouched untouched() {
    return calls().untouched();
  }

  /** The types with whose documents the site makes documents of this type by itself. */
  Set<String> madeWith(String doctype) {
    return site.rules().of(doctype).madeWith();
  }

  /** Whether a new document of this type is created as a draft, even if it is submitted then. */
  boolean beginsAsDraft(String doctype) {
    return site.rules().of(doctype).beginsAsDraft();
  }

  /**
   * The names on this site of documents that came from a producer, by their names on the producer.
   */
  public Map<String, String> byOrigin(
      String doctype, String producerUrl, Collection<String> names) {
    if (!remembersOrigin(doctype)) {
      return Map.of();
    }
    try {
      return calls().byOrigin(doctype, producerUrl, names);
    } catch (SiteFailure e) {
      if (e.kind() == SiteFailure.Kind.REJECTED) {
        // the fields may have been removed since they were read
        learn(doctype);
        if (!remembersOrigin(doctype)) {
          return Map.of();
        }
      }
      throw e;
    }
  }

  /** Those of these documents that came from a producer, by their names on this site. */
  public Set<String> cameFrom(String doctype, String producerUrl, Collection<String> names) {
    return !names.isEmpty() && remembersOrigin(doctype)
        ? calls().cameFrom(doctype, producerUrl, names)
        : Set.of();
  }

  boolean remembersOrigin(String doctype) {
    return find(doctype)
        .filter(
            definition ->
                ORIGIN.stream()
                    .allMatch(
                        field ->
                            definition.fields().stream()
                                .map(DocField::fieldname)
                                .anyMatch(field::equals)))
        .isPresent();
  }

  /**
   * Adds the two Custom Fields for the origin to a type, where it has none. Without them a document
   * whose creation got no answer would be created twice.
   *
   * @throws MissingFields where the site refuses them or the key may not read them
   */
  public void rememberOrigin(String doctype) {
    if (remembersOrigin(doctype)) {
      return;
    }
    Map<String, String> refused = new LinkedHashMap<>();
    for (int i = 0; i < ORIGIN.size(); i++) {
      if (hasField(doctype, ORIGIN.get(i))) {
        continue;
      }
      ObjectNode field =
          JsonNodeFactory.instance
              .objectNode()
              .put("doctype", "Custom Field")
              .put("dt", doctype)
              .put("fieldname", ORIGIN.get(i))
              .put("label", LABELS.get(i))
              .put("fieldtype", "Data")
              .put("read_only", 1)
              .put("allow_on_submit", 1)
              .put("no_copy", 1)
              .put("print_hide", 1);
      try {
        writes().insert("Custom Field", field);
      } catch (SiteFailure e) {
        if (e.passes() || e.kind() == SiteFailure.Kind.REFUSED) {
          throw e;
        }
        refused.put(ORIGIN.get(i), e.said());
      }
    }
    learn(doctype);
    // a field may have been added since they were read
    refused.keySet().removeIf(field -> hasField(doctype, field));
    if (!refused.isEmpty() || !remembersOrigin(doctype)) {
      throw new MissingFields(doctype, url(), refused);
    }
  }

  /** Whether the type has the field, even if the key may not read it. */
  private boolean hasField(String doctype, String fieldname) {
    return definition(doctype).flatMap(known -> known.field(fieldname)).isPresent();
  }

  private FrappeSite calls() {
    return sites.of(site.access());
  }

  private boolean isOld(Instant at) {
    return Duration.between(at, clock.instant()).compareTo(FRESH) > 0;
  }

  /** The type has no fields for the origin of its documents. */
  public static final class MissingFields extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param refused the answer of the site for each field that it refused; empty where it has the
     *     fields and the key may not read them
     */
    MissingFields(String doctype, String url, Map<String, String> refused) {
      super(
          refused.isEmpty()
              ? "the key may not read the fields %s of %s at %s. Give them permission level 0 there"
                  .formatted(String.join(" and ", ORIGIN), doctype, url)
              : "%s could not be given %s at %s: %s. Correct there what the site objects to, or add %s of type Data yourself, as Custom Fields"
                  .formatted(
                      doctype,
                      (refused.size() == 1 ? "the Custom Field " : "the Custom Fields ")
                          + String.join(" and ", refused.keySet()),
                      url,
                      reasons(refused),
                      refused.size() == 1 ? "the field" : "both fields"));
    }

    private static String reasons(Map<String, String> refused) {
      return Set.copyOf(refused.values()).size() == 1
          ? refused.values().iterator().next()
          : refused.entrySet().stream()
              .map(field -> field.getKey() + ": " + field.getValue())
              .collect(Collectors.joining("; "));
    }
  }

  private record Learnt(@Nullable DocType definition, Instant at) {}

  private record Zone(ZoneId zone, Instant at) {}
}
