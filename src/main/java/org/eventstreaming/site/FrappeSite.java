package org.eventstreaming.site;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.Workflow;
import org.eventstreaming.producer.SiteAccess;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.NoJson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Frappe site, called with the key that its file names. */
public final class FrappeSite {
  private static final Logger LOG = LoggerFactory.getLogger(FrappeSite.class);
  private static final String DEFAULT_ZONE = "Asia/Kolkata";
  static final String OLDEST_FIRST = "creation asc, name asc";
  private static final String MOST_FOUND = "1000";
  private static final ObjectMapper JSON = DocumentJson.MAPPER;

  private final SiteWire wire;
  private volatile boolean countsByOneField;

  FrappeSite(SiteCalls calls, SiteAccess access, Pace pace, RepeatReads repeat) {
    this.wire = new SiteWire(calls, access, pace, repeat);
  }

  /** A document as it is there now, with its child rows; empty where there is none. */
  public Optional<ObjectNode> document(String doctype, String name) {
    boolean inPath = SiteCall.survivesInPath(name);
    SiteCall call =
        inPath
            ? wire.get(
                "/api/resource/" + SiteCall.segment(doctype) + "/" + SiteCall.segment(name),
                Map.of())
            : wire.get("/api/method/frappe.client.get", Map.of("doctype", doctype, "name", name));
    String purpose = "read " + doctype + " " + name;
    try {
      JsonNode found = wire.json(call, purpose).path(inPath ? "data" : "message");
      if (found instanceof ObjectNode document) {
        return Optional.of(document);
      }
      throw new SiteFailure(
          SiteFailure.Kind.UNREADABLE,
          wire.what(purpose) + ": the answer holds no document." + SiteWire.NO_FRAPPE_SITE);
    } catch (SiteFailure e) {
      if (e.kind() == SiteFailure.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The roles of a user, those that every user has included. */
  public Set<String> roles(String user) {
    Set<String> roles = new HashSet<>();
    wire.json(
            wire.ask("/api/method/frappe.core.doctype.user.user.get_roles", Map.of("uid", user)),
            "read the roles of " + user)
        .path("message")
        .forEach(role -> roles.add(role.asText()));
    return roles;
  }

  /**
   * The User Permissions of a user. Each leaves only one document of a type to it, and of other
   * types only documents that link to that one or to none.
   */
  public List<UserPermission> userPermissions(String user) {
    ArrayNode filters = JSON.createArrayNode();
    filters.addArray().add("user").add("=").add(user);
    return wire
        .rows(
            wire.list(
                "User Permission",
                Map.of(
                    "fields",
                    "[\"allow\",\"for_value\",\"applicable_for\"]",
                    "filters",
                    filters.toString(),
                    "order_by",
                    "allow asc, for_value asc",
                    "limit_page_length",
                    "0")),
            "list the User Permissions of " + user)
        .stream()
        .map(
            row ->
                new UserPermission(
                    row.path("allow").asText(),
                    row.path("for_value").asText(),
                    row.path("applicable_for").asText("")))
        .toList();
  }

  /** The webhooks there whose address holds this text, without their rows. */
  public List<ObjectNode> webhooks(String address) {
    ArrayNode filters = JSON.createArrayNode();
    filters.addArray().add("request_url").add("like").add("%" + address + "%");
    return wire.rows(
        wire.list(
            "Webhook",
            Map.of(
                "fields",
                "[\"*\"]",
                "filters",
                filters.toString(),
                "order_by",
                OLDEST_FIRST,
                "limit_page_length",
                "0")),
        "list the webhooks");
  }

  /** The names of all documents of a type that our key may see, in order. */
  public List<String> names(String doctype) {
    return wire
        .rows(
            wire.list(
                doctype,
                Map.of("fields", "[\"name\"]", "order_by", "name asc", "limit_page_length", "0")),
            "list the documents of " + doctype)
        .stream()
        .map(row -> row.path("name").asText())
        .toList();
  }

  /**
   * Documents by their names as they are there now, without their child rows. What is not there, or
   * hidden from our key, is left out (protocol: frappe-wire 7.1).
   */
  List<ObjectNode> parents(String doctype, Collection<String> names) {
    return wire.rows(
        wire.list(
            doctype,
            Map.of(
                "fields", "[\"*\"]",
                "filters", SiteWire.in("name", names).toString(),
                "limit_page_length", Integer.toString(names.size()))),
        "read " + names.size() + " documents of " + doctype);
  }

  /**
   * The rows of one child DocType by the names of the documents that they belong to, in the order
   * of their {@code idx}.
   *
   * @throws SiteFailure also where the key may not read them
   */
  public Map<String, List<ObjectNode>> rows(
      String childDoctype, String doctype, Collection<String> names) {
    Map<String, List<ObjectNode>> rows = new HashMap<>();
    List<String> all = List.copyOf(names);
    int documents = rowsACall(FetchDocuments.DOCUMENTS_A_CALL);
    for (int i = 0; i < all.size(); i += documents) {
      children(childDoctype, doctype, all.subList(i, Math.min(all.size(), i + documents)))
          .forEach(
              row ->
                  rows.computeIfAbsent(row.path("parent").asText(), key -> new ArrayList<>())
                      .add(row));
    }
    return rows;
  }

  /** The rows of one child DocType in some documents, in the order of their {@code idx}. */
  List<ObjectNode> children(String childDoctype, String doctype, Collection<String> names) {
    ArrayNode filters = SiteWire.in("parent", names);
    filters.addArray().add("parenttype").add("=").add(doctype);
    return wire.rows(
        wire.list(
            childDoctype,
            Map.of(
                "parent", doctype,
                "fields", "[\"*\"]",
                "filters", filters.toString(),
                "order_by", "idx asc",
                "limit_page_length", "0")),
        "read the " + childDoctype + " rows of " + names.size() + " documents of " + doctype);
  }

  /**
   * The oldest document that has these values, so that it stays the same one as others come; empty
   * where none has.
   *
   * @return its name
   */
  public Optional<String> firstWith(String doctype, ObjectNode values) {
    List<ObjectNode> found =
        wire.rows(
            wire.list(
                doctype,
                Map.of(
                    "fields",
                    "[\"name\"]",
                    "filters",
                    values.toString(),
                    "order_by",
                    OLDEST_FIRST,
                    "limit_page_length",
                    "1")),
            "find a " + doctype + " by " + String.join(", ", names(values)));
    return found.stream().map(row -> row.path("name").asText()).findFirst();
  }

  /**
   * The names of the documents that have one of these values in a field, by the value: of several
   * the oldest. Where very many have one of them, some of the others are absent.
   */
  Map<String, String> namesBy(String doctype, String field, Collection<String> values) {
    List<ObjectNode> rows =
        wire.rows(
            wire.list(
                doctype,
                Map.of(
                    "fields",
                    JSON.createArrayNode().add("name").add(field).toString(),
                    "filters",
                    SiteWire.in(field, values).toString(),
                    "order_by",
                    OLDEST_FIRST,
                    "limit_page_length",
                    MOST_FOUND)),
            "find documents of " + doctype + " by " + field);
    Map<String, String> names = new HashMap<>();
    for (ObjectNode row : rows) {
      names.putIfAbsent(row.path(field).asText(), row.path("name").asText());
    }
    return names;
  }

  /**
   * What changed since a moment, by (modified, name) (protocol: frappe-wire 7.1).
   *
   * @param parent the document type that the listed rows belong to; empty for documents
   * @param later whether what changed at that very moment is left out
   */
  public List<Change> changes(
      String doctype, String parent, String since, boolean later, int start, int limit) {
    ArrayNode filters = JSON.createArrayNode();
    filters.addArray().add("modified").add(later ? ">" : ">=").add(since);
    String name = "name";
    String fields = "[\"name\",\"modified\",\"creation\",\"owner\"]";
    if (!parent.isEmpty()) {
      name = "parent";
      fields = "[\"parent\",\"modified\"]";
      filters.addArray().add("parenttype").add("=").add(parent);
    }
    Map<String, String> arguments = SiteWire.inOrder(fields, filters, start, limit);
    if (!parent.isEmpty()) {
      arguments.put("parent", parent);
    }
    List<Change> changes = new ArrayList<>();
    for (ObjectNode row :
        wire.rows(wire.list(doctype, arguments), "list what changed of " + doctype)) {
      changes.add(
          new Change(
              row.path(name).asText(),
              row.path("modified").asText(),
              row.path("creation").asText(),
              row.path("owner").asText()));
    }
    return changes;
  }

  /**
   * How many documents of a type changed before a moment, whoever may see them (protocol:
   * frappe-wire 7).
   */
  public long count(String doctype, String before) {
    return count(doctype, "modified", "<", before);
  }

  private long count(String doctype, String field, String comparison, String moment) {
    // Frappe 13 takes filters only in this form
    ObjectNode filters = JSON.createObjectNode();
    filters.putArray(field).add(comparison).add(moment);
    return counted(doctype, filters);
  }

  private long counted(String doctype, JsonNode filters) {
    SiteCall call =
        wire.get(
            "/api/method/frappe.client.get_count",
            Map.of("doctype", doctype, "filters", filters.toString()));
    String purpose = "count the documents of " + doctype;
    return wire.timed(call, purpose).path("message").asLong();
  }

  /** How many documents of a type have this value in a field, whoever may see them. */
  public long countWith(String doctype, String field, int value) {
    ObjectNode filters = JSON.createObjectNode();
    filters.putArray(field).add("=").add(value);
    return counted(doctype, filters);
  }

  /** The active Workflows there, by the document types that they are of. */
  public Map<String, String> workflows(Collection<String> doctypes) {
    ArrayNode filters = SiteWire.in("document_type", doctypes);
    filters.addArray().add("is_active").add("=").add(1);
    Map<String, String> names = new HashMap<>();
    wire.rows(
            wire.list(
                Workflow.DOCTYPE,
                Map.of(
                    "fields",
                    "[\"name\",\"document_type\"]",
                    "filters",
                    filters.toString(),
                    "limit_page_length",
                    "0")),
            "list the Workflows")
        .forEach(row -> names.put(row.path("document_type").asText(), row.path("name").asText()));
    return names;
  }

  /**
   * How many documents of a type were made in a time.
   *
   * @param from from that moment on; null counts all
   * @param until that moment included
   */
  public long countMade(String doctype, @Nullable String from, String until) {
    if (from != null && !countsByOneField) {
      ArrayNode filters = JSON.createArrayNode();
      filters.addArray().add("creation").add(">=").add(from);
      filters.addArray().add("creation").add("<=").add(until);
      try {
        return counted(doctype, filters);
      } catch (SiteFailure e) {
        if (e.isSilent() || e.kind() == SiteFailure.Kind.REFUSED) {
          throw e;
        }
        // Frappe 13 takes one filter for each field
        countsByOneField = true;
      }
    }
    long all = count(doctype, "creation", "<=", until);
    return from == null ? all : all - count(doctype, "creation", "<", from);
  }

  /**
   * The documents of a type that our key may see, a page of them in the order of their names as the
   * site's database has it.
   *
   * @param after the last name of the page before; null for the first page
   */
  public List<Listed> listed(String doctype, @Nullable String after, int limit) {
    ArrayNode filters = JSON.createArrayNode();
    if (after != null) {
      filters.addArray().add("name").add(">").add(after);
    }
    return listed(
        doctype,
        filters,
        "name asc",
        limit,
        "list the documents of %s%s"
            .formatted(doctype, after == null ? "" : " from " + after + " on"));
  }

  /**
   * Some fields of the documents of a type, a page of them in the order of their names as the
   * site's database has it.
   *
   * @param after the last name of the page before; null for the first page
   */
  public List<ObjectNode> values(
      String doctype, Collection<String> fields, @Nullable String after, int limit) {
    ArrayNode names = JSON.createArrayNode().add("name");
    fields.forEach(names::add);
    ArrayNode filters = JSON.createArrayNode();
    if (after != null) {
      filters.addArray().add("name").add(">").add(after);
    }
    return wire.rows(
        wire.list(
            doctype,
            Map.of(
                "fields", names.toString(),
                "filters", filters.toString(),
                "order_by", "name asc",
                "limit_page_length", Integer.toString(limit))),
        "list the positions of " + doctype);
  }

  /** The documents of a type that were made at one of these moments. */
  public List<Listed> madeAt(String doctype, Collection<String> moments) {
    return listed(
        doctype,
        SiteWire.in("creation", moments),
        OLDEST_FIRST,
        0,
        "look for " + moments.size() + " documents of " + doctype + " by their creation");
  }

  private List<Listed> listed(
      String doctype, ArrayNode filters, String order, int limit, String purpose) {
    return wire
        .rows(
            wire.list(
                doctype,
                Map.of(
                    "fields",
                    "[\"name\",\"creation\",\"modified\",\"owner\"]",
                    "filters",
                    filters.toString(),
                    "order_by",
                    order,
                    "limit_page_length",
                    Integer.toString(limit))),
            purpose)
        .stream()
        .map(
            row ->
                new Listed(
                    row.path("name").asText(),
                    row.path("creation").asText(""),
                    row.path("modified").asText(""),
                    row.path("owner").asText("")))
        .toList();
  }

  /**
   * What documents are called that came from another site, by their names there: of several the
   * oldest.
   *
   * @throws SiteFailure REJECTED where the type has no fields for it
   */
  public Map<String, String> byOrigin(String doctype, String siteUrl, Collection<String> names) {
    ArrayNode filters = SiteWire.in("remote_docname", names);
    filters.addArray().add("remote_site_name").add("=").add(siteUrl);
    Map<String, String> found = new HashMap<>();
    wire.rows(
            wire.list(
                doctype,
                Map.of(
                    "fields",
                    "[\"name\",\"remote_docname\"]",
                    "filters",
                    filters.toString(),
                    "order_by",
                    OLDEST_FIRST,
                    "limit_page_length",
                    "0")),
            "look for documents of " + doctype + " that came from " + siteUrl)
        .forEach(
            row ->
                found.putIfAbsent(row.path("remote_docname").asText(), row.path("name").asText()));
    return found;
  }

  /** Which of these documents came from another site. */
  public Set<String> cameFrom(String doctype, String siteUrl, Collection<String> names) {
    ArrayNode filters = SiteWire.in("name", names);
    filters.addArray().add("remote_site_name").add("=").add(siteUrl);
    return wire
        .rows(
            wire.list(
                doctype,
                Map.of(
                    "fields", "[\"name\"]",
                    "filters", filters.toString(),
                    "limit_page_length", "0")),
            "look for documents of " + doctype + " that came from " + siteUrl)
        .stream()
        .map(row -> row.path("name").asText())
        .collect(Collectors.toSet());
  }

  /** Writes there. */
  public FrappeWrites writes() {
    return new FrappeWrites(wire);
  }

  /** Finds documents there that a user made and nobody changed. */
  public FindUntouched untouched() {
    return new FindUntouched(wire);
  }

  /** Reads the Workflows there. */
  public ReadWorkflows readWorkflows() {
    return new ReadWorkflows(this, wire);
  }

  /** The files that are attached to documents there. */
  public FrappeFiles files() {
    return new FrappeFiles(wire);
  }

  /**
   * What the site calls documents that are asked for by these names, by the name asked for; without
   * those that are not there. Another spelling can be the same name to it, which it alone knows.
   */
  public Map<String, String> called(String doctype, Collection<String> names) {
    Set<String> answered = origins(doctype, names).keySet();
    Map<String, String> called = new HashMap<>();
    Set<String> spelledOtherwise = new HashSet<>(answered);
    Set<String> open = new LinkedHashSet<>();
    for (String name : names) {
      if (answered.contains(name)) {
        called.put(name, name);
        spelledOtherwise.remove(name);
      } else {
        open.add(name);
      }
    }
    Set<String> rough = spelledOtherwise.stream().map(Spelling::rough).collect(Collectors.toSet());
    Set<String> asked = open.stream().map(Spelling::rough).collect(Collectors.toSet());
    boolean isPlain = asked.containsAll(rough);
    for (String name : rough.isEmpty() ? Set.<String>of() : open) {
      if (!isPlain || rough.contains(Spelling.rough(name))) {
        origins(doctype, List.of(name)).keySet().forEach(stored -> called.put(name, stored));
      }
    }
    return called;
  }

  /** Which of these documents are there, and whose they are from when, by their names. */
  public Map<String, Origin> origins(String doctype, Collection<String> names) {
    List<ObjectNode> rows =
        wire.rows(
            wire.list(
                doctype,
                Map.of(
                    "fields", "[\"name\",\"creation\",\"owner\"]",
                    "filters", SiteWire.in("name", names).toString(),
                    "limit_page_length", "0")),
            "look for " + names.size() + " documents of " + doctype);
    Map<String, Origin> found = new HashMap<>();
    rows.forEach(
        row ->
            found.put(
                row.path("name").asText(),
                new Origin(row.path("creation").asText(), row.path("owner").asText())));
    return found;
  }

  /**
   * The site's own notes of what was renamed and merged since a moment, in order, of all types: the
   * only trace that a rename leaves (live evidence: modified stays).
   *
   * @param later whether notes of that very moment are left out
   */
  public List<Note> renames(String since, boolean later, int start, int limit) {
    ArrayNode filters = JSON.createArrayNode();
    filters.addArray().add("comment_type").add("=").add("Edit");
    filters.addArray().add("modified").add(later ? ">" : ">=").add(since);
    Map<String, String> arguments =
        SiteWire.inOrder(
            "[\"name\",\"modified\",\"reference_doctype\",\"content\"]", filters, start, limit);
    return wire.rows(wire.list("Comment", arguments), "list what was renamed").stream()
        .map(
            row ->
                new Note(
                    row.path("name").asText(),
                    row.path("modified").asText(),
                    row.path("reference_doctype").asText(),
                    row.path("content").asText("")))
        .toList();
  }

  /**
   * Documents of these types that were deleted since a moment, in order: a site keeps the last
   * state of each.
   *
   * @param later whether what was deleted at that very moment is left out
   */
  public List<Deletion> deletions(
      Collection<String> doctypes, String since, boolean later, int start, int limit) {
    ArrayNode filters = SiteWire.in("deleted_doctype", doctypes);
    filters.addArray().add("modified").add(later ? ">" : ">=").add(since);
    Map<String, String> arguments =
        SiteWire.inOrder(
            "[\"name\",\"modified\",\"deleted_doctype\",\"deleted_name\"]", filters, start, limit);
    return wire.rows(wire.list("Deleted Document", arguments), "list what was deleted").stream()
        .map(
            row ->
                new Deletion(
                    row.path("name").asText(),
                    row.path("modified").asText(),
                    row.path("deleted_doctype").asText(),
                    row.path("deleted_name").asText()))
        .toList();
  }

  private static List<String> names(ObjectNode values) {
    List<String> names = new ArrayList<>();
    values.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The Event Update Log there, and our subscription to it. */
  public FrappeUpdateLog updateLog() {
    return new FrappeUpdateLog(this, wire);
  }

  /** The attempts of a read that its caller goes on with where it broke off. */
  public RepeatReads.Attempts attempts() {
    return wire.repeat().begin();
  }

  /** Reads what comes in several pieces, all of it again where that fails in passing. */
  public <T> T repeated(Supplier<T> read) {
    return wire.repeat().of(read);
  }

  /** How many rows to ask this site for at once, where one that is quick is asked for so many. */
  public int rowsACall(int most) {
    return wire.pace().rows(most);
  }

  /**
   * The definition of a DocType, and after it those of its child tables, Custom Fields merged in
   * (protocol: frappe-wire 7.3).
   */
  public List<DocType> docTypes(String name) {
    String purpose = "read the definition of " + name;
    SiteCall call =
        wire.get("/api/method/frappe.desk.form.load.getdoctype", Map.of("doctype", name));
    return wire.repeated(call, () -> docTypes(name, call, purpose));
  }

  /** The same as the site reports them, rights and rules included. */
  public List<ObjectNode> definitions(String name) {
    List<ObjectNode> found = new ArrayList<>();
    for (JsonNode one :
        wire.json(
                wire.get("/api/method/frappe.desk.form.load.getdoctype", Map.of("doctype", name)),
                "read the definition of " + name)
            .path("docs")) {
      if (one instanceof ObjectNode definition) {
        found.add(definition);
      }
    }
    return found;
  }

  private List<DocType> docTypes(String name, SiteCall call, String purpose) {
    try (SiteAnswer answer = wire.answered(call, purpose)) {
      List<DocType> found = DocTypeReader.read(answer.body());
      if (found.stream().noneMatch(definition -> definition.name().equals(name))) {
        throw new SiteFailure(
            SiteFailure.Kind.UNREADABLE, wire.what(purpose) + ": the answer does not hold it.");
      }
      return found;
    } catch (JsonProcessingException e) {
      throw new SiteFailure(
          SiteFailure.Kind.UNREADABLE,
          wire.what(purpose) + ": the answer is not a definition: " + NoJson.why(e) + ".",
          e);
    } catch (IOException e) {
      throw wire.unreachable(purpose, e);
    }
  }

  /**
   * The name of the site's time zone; empty where it has none set and works in Frappe's default.
   */
  public Optional<String> timeZone() {
    JsonNode zone =
        wire.json(
                wire.get("/api/method/frappe.client.get_time_zone", Map.of()), "read the time zone")
            .path("message")
            .path("time_zone");
    return zone.isTextual() && !zone.asText().isEmpty()
        ? Optional.of(zone.asText())
        : Optional.empty();
  }

  /** What its naive times are in; Frappe's default where what it says is no time zone. */
  public ZoneId zone() {
    String reported = timeZone().orElse(DEFAULT_ZONE);
    try {
      return ZoneId.of(reported);
    } catch (DateTimeException e) {
      LOG.warn(
          "{} says its time zone is {}, which is not a time zone: {} is taken",
          wire.access().url(),
          reported,
          DEFAULT_ZONE);
      return ZoneId.of(DEFAULT_ZONE);
    }
  }

  /** Asks as nobody whether a Frappe site is there, and what time it has. */
  public Greeting greet() {
    String purpose = "reach the site";
    SiteCall call = wire.open("/api/method/ping", Map.of());
    return wire.repeated(call, () -> greet(call, purpose));
  }

  private Greeting greet(SiteCall call, String purpose) {
    try (SiteAnswer answer = wire.answered(call, purpose)) {
      JsonNode body = JSON.readTree(answer.body());
      if (body == null || !body.path("message").asText().equals("pong")) {
        throw new SiteFailure(
            SiteFailure.Kind.UNREADABLE,
            wire.what(purpose) + ": it does not answer as Frappe does." + SiteWire.NO_FRAPPE_SITE);
      }
      return new Greeting(answer.date(), answer.rateLimit());
    } catch (JsonProcessingException e) {
      throw new SiteFailure(
          SiteFailure.Kind.UNREADABLE,
          wire.what(purpose) + ": the answer is not JSON." + SiteWire.NO_FRAPPE_SITE,
          e);
    } catch (IOException e) {
      throw wire.unreachable(purpose, e);
    }
  }

  /** The user that our key speaks for: anybody who is one may ask (protocol: frappe-wire 2.1). */
  public String loggedUser() {
    return wire.json(wire.get("/api/method/frappe.auth.get_logged_user", Map.of()), "use the key")
        .path("message")
        .asText("");
  }

  /** What is installed there. */
  public Versions versions() {
    Map<String, String> apps = new HashMap<>();
    wire.json(
            wire.get("/api/method/frappe.utils.change_log.get_versions", Map.of()),
            "read the versions")
        .path("message")
        .properties()
        .forEach(app -> apps.put(app.getKey(), app.getValue().path("version").asText("")));
    return new Versions(apps);
  }

  /**
   * Lists one name, to see whether that is allowed.
   *
   * @param parent the document type whose rows are listed; empty for documents
   * @throws SiteFailure where it is not
   */
  public void look(String doctype, String parent) {
    Map<String, String> arguments = new LinkedHashMap<>();
    arguments.put("fields", "[\"name\"]");
    arguments.put("limit_page_length", "1");
    if (!parent.isEmpty()) {
      arguments.put("parent", parent);
    }
    wire.rows(wire.list(doctype, arguments), "list " + doctype);
  }

  /**
   * A document that changed, or one of whose rows did.
   *
   * @param modified when, in the site's own text
   */
  public record Change(String name, String modified, String creation, String owner) {}

  /**
   * What a user may see.
   *
   * @param allow the document type that it is about
   * @param value the document of that type that is left to the user, beside others like it
   * @param applicableFor the only document type that it narrows; empty where it narrows all
   */
  public record UserPermission(String allow, String value, String applicableFor) {
    /** As a person reads it. */
    public String text() {
      return "%s %s (%s)"
          .formatted(
              allow,
              value,
              applicableFor.isEmpty() ? "all document types" : applicableFor + " alone");
    }
  }

  /**
   * A document that was deleted.
   *
   * @param name of the site's record of it
   * @param modified when, in the site's own text
   */
  public record Deletion(String name, String modified, String doctype, String document) {}

  /**
   * A document that is there.
   *
   * @param creation when it was made, in the site's own text; empty where it does not say, like the
   *     others
   */
  public record Listed(String name, String creation, String modified, String owner) {}

  /** When and by whom a document was made: a rename leaves both alone. */
  public record Origin(String creation, String owner) {}

  /**
   * What a site noted on a document that was edited.
   *
   * @param content a sentence in the site's language, names in bold
   */
  public record Note(String name, String modified, String doctype, String content) {}

  /**
   * A site that is there.
   *
   * @param date the time by its clock, to the second; null where it does not say
   */
  public record Greeting(@Nullable Instant date, RateLimit rateLimit) {}
}
