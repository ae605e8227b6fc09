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
 * One site that is written to, and what was learnt of it: its definitions and its time zone, asked
 * for again now and then. Every call may throw a {@link SiteFailure}. Safe for many threads.
 */
public final class Target implements DocTypes {
  /** In these a document remembers where it came from, as under Frappe's own consumer. */
  public static final List<String> ORIGIN = List.of("remote_docname", "remote_site_name");

  private static final List<String> LABELS = List.of("Remote Document Name", "Remote Site");

  /** How long what was learnt is taken as it was. */
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

  /** Of its file. */
  String name() {
    return site.name();
  }

  /** Whose key it is. */
  String user() {
    return site.access().user();
  }

  Workflows workflows() {
    return workflows;
  }

  /**
   * The Workflow of a type was written: it counts from now on, and the type may have got the field
   * of its state with it.
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

  /** A few calls at once. */
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
   * The site's own definition without the fields that the key may not read there, without links to
   * documents that the site makes itself, and without what it fills in itself: what they hold is
   * neither compared nor changed. Empty where the site has no such type.
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
   * Of a type of rows what any of the types hides that have such rows. Looked up when it is first
   * needed: a command that calls no site needs no database either.
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

  /** Documents as they are there now. */
  Map<DocumentKey, FullState> fetch(Collection<DocumentKey> wanted) {
    return documents.fetch(site.access(), zone(), wanted).states();
  }

  /** One document as it is there now; empty where there is none. */
  Optional<ObjectNode> document(DocumentKey wanted) {
    return calls().document(wanted.doctype(), wanted.name());
  }

  /**
   * Which of these are there, and what they are called there: another spelling can be the same name
   * to a site.
   */
  public Map<DocumentKey, DocumentKey> existing(Collection<DocumentKey> wanted) {
    Map<DocumentKey, DocumentKey> found = new HashMap<>();
    byType(wanted)
        .forEach(
            (doctype, names) -> {
              DocType definition = find(doctype).orElse(null);
              // a list of a type that is not there is refused
              if (definition == null) {
                return;
              }
              if (definition.issingle()) {
                // it has no table that could be listed, and its document is always there
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

  /** The places where a document names others, by the definitions of the site. */
  List<Link> links(ObjectNode document) {
    return findLinks.in(document.path("doctype").asText(), document, Set.of());
  }

  /** The same of a document that does not say its type, or has another one's name for it. */
  List<Link> links(String doctype, ObjectNode document) {
    return findLinks.in(doctype, document, Set.of());
  }

  /** What the site calls users, by the names asked for, without those that it does not have. */
  Map<String, String> users(Collection<String> names) {
    return calls().called("User", names);
  }

  /** Creates a user who is only named; answers what the site calls it. */
  String createUser(ObjectNode user) {
    return writes().insert("User", user);
  }

  /** Finds what its user made there and nobody changed. */
  FindUntouched untouched() {
    return calls().untouched();
  }

  /** With whose documents the site makes documents of a type by itself. */
  Set<String> madeWith(String doctype) {
    return site.rules().of(doctype).madeWith();
  }

  /** Whether a new document of this type is created as a draft, also where it is submitted. */
  boolean beginsAsDraft(String doctype) {
    return site.rules().of(doctype).beginsAsDraft();
  }

  /** What documents are called here that came from a producer, by their names there. */
  public Map<String, String> byOrigin(
      String doctype, String producerUrl, Collection<String> names) {
    if (!remembersOrigin(doctype)) {
      return Map.of();
    }
    try {
      return calls().byOrigin(doctype, producerUrl, names);
    } catch (SiteFailure e) {
      if (e.kind() == SiteFailure.Kind.REJECTED) {
        // somebody may have removed the fields since we looked
        learn(doctype);
        if (!remembersOrigin(doctype)) {
          return Map.of();
        }
      }
      throw e;
    }
  }

  /** Which of these came from a producer, whatever they are called there. */
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
   * Gives a type the two Custom Fields, where they are missing: without them a document whose
   * creation was not answered would be created twice.
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
    // somebody may have added one since we looked
    refused.keySet().removeIf(field -> hasField(doctype, field));
    if (!refused.isEmpty() || !remembersOrigin(doctype)) {
      throw new MissingFields(doctype, url(), refused);
    }
  }

  /** Whether the type has the field, readable to the key or not. */
  private boolean hasField(String doctype, String fieldname) {
    return definition(doctype).flatMap(known -> known.field(fieldname)).isPresent();
  }

  private FrappeSite calls() {
    return sites.of(site.access());
  }

  private boolean isOld(Instant at) {
    return Duration.between(at, clock.instant()).compareTo(FRESH) > 0;
  }

  /** The site took no Custom Fields for the origin of documents. */
  public static final class MissingFields extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param refused what the site said of each field that it refused; empty where it has them and
     *     the key may not read them
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
