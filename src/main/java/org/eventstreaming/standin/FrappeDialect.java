package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Answers the calls that a Frappe site answers, in the words of its generation. */
final class FrappeDialect {
  private static final String LOG = "Event Update Log";

  private final SiteState site;
  private final WriteCalls writes;

  FrappeDialect(SiteState site) {
    this.site = site;
    this.writes = new WriteCalls(site);
  }

  Answer answer(Call call) {
    try {
      return answered(call);
    } catch (FrappeError error) {
      return call.acceptsJson()
          ? Answer.json(error.status(), error.envelope(site.generation()))
          : Answer.html(error.status(), "Error");
    }
  }

  private Answer answered(Call call) {
    var isGuest = site.credentials().isGuest(call, site.generation());
    var cmd = call.cmd();
    if (!cmd.isEmpty()) {
      return method(call, cmd, isGuest);
    }
    if (call.resource().isPresent()) {
      if (isGuest) {
        throw FrappeError.raised(403, "PermissionError", "");
      }
      return resource(call, call.resource().get());
    }
    if (call.path().startsWith("/private/files/")) {
      return content(call.decodedPath(), isGuest);
    }
    if (call.path().startsWith("/files/")) {
      return site.files()
          .content(call.decodedPath())
          .map(FrappeDialect::binary)
          .orElseGet(() -> Answer.html(404, "Not Found"));
    }
    if (call.path().equals("/") || call.path().isEmpty()) {
      return Answer.html(200, "Home");
    }
    if (call.path().startsWith("/api/")) {
      throw FrappeError.emptyNotFound();
    }
    return Answer.html(404, "Not Found");
  }

  private Answer method(Call call, String cmd, boolean isGuest) {
    if (cmd.equals("ping")) {
      return Answer.message(new TextNode("pong"));
    }
    if (cmd.equals("frappe.client.get_time_zone")) {
      var zone = FrappeJson.object().put("time_zone", site.timeZone());
      return Answer.message(zone);
    }
    if (isGuest) {
      throw FrappeError.notWhitelisted(site.generation(), cmd);
    }
    if (site.generation().is13()) {
      call.cutArrays();
    }
    var prefix = site.generation().prefix();
    if (prefix != null && cmd.startsWith(prefix + ".")) {
      switch (cmd.substring(prefix.length() + 1)) {
        case "event_consumer.event_consumer.register_consumer" -> {
          return register(call);
        }
        case "event_update_log.event_update_log.get_update_logs_for_consumer" -> {
          return pull(call);
        }
        default -> throw FrappeError.noMethod(site.generation(), cmd);
      }
    }
    var written = writes.method(call, cmd);
    if (written.isPresent()) {
      return written.get();
    }
    return switch (cmd) {
      case "frappe.auth.get_logged_user" -> Answer.message(new TextNode(site.keyOf()));
      case "frappe.utils.change_log.get_versions" -> Answer.message(versions());
      case "frappe.client.get_list" -> list(call, call.required("doctype"), "message");
      case "frappe.client.get_count" ->
          Answer.message(new IntNode(count(call, call.required("doctype"))));
      case "frappe.client.get" -> Answer.message(one(call, call.required("doctype")));
      case "frappe.client.get_value" -> Answer.message(value(call, call.required("doctype")));
      case "frappe.client.has_permission" ->
          Answer.message(FrappeJson.object().put("has_permission", true));
      case "frappe.core.doctype.file.file.download_file" ->
          content(call.required("file_url"), false);
      case "upload_file" -> Answer.message(site.files().upload(call));
      case "frappe.desk.form.load.getdoctype" -> docType(call.required("doctype"));
      case "frappe.core.doctype.user.user.get_roles" -> roles(call.required("uid"));
      default -> throw FrappeError.noMethod(site.generation(), cmd);
    };
  }

  private Answer content(String url, boolean isGuest) {
    if (isGuest) {
      throw FrappeError.raised(403, "PermissionError", "");
    }
    return site.files()
        .content(url)
        .map(FrappeDialect::binary)
        .orElseThrow(FrappeError::emptyNotFound);
  }

  private static Answer binary(byte[] content) {
    return new Answer.Whole(200, Map.of("Content-Type", "application/octet-stream"), content);
  }

  private Answer register(Call call) {
    if (!call.has("data")) {
      throw FrappeError.missing("register_consumer", List.of("data"));
    }
    if (!call.argument("data").isTextual()) {
      throw FrappeError.python(
          "TypeError: the JSON object must be str, bytes or bytearray, not dict", "TypeError");
    }
    var data = call.json("data").orElseGet(FrappeJson::object);
    if (site.consumers().find(data.path("event_consumer").asText()).isPresent()) {
      return Answer.json(200, FrappeJson.object());
    }
    var newest = site.log().newest();
    var lastUpdate = newest.isEmpty() ? site.clock().next() : newest;
    site.consumers().register(data);
    return Answer.message(new TextNode("{\"last_update\": \"" + lastUpdate + "\"}"));
  }

  private Answer pull(Call call) {
    var absent = new ArrayList<>(List.of("event_consumer", "doctypes", "last_update"));
    absent.removeIf(call::has);
    if (!absent.isEmpty()) {
      throw FrappeError.missing("get_update_logs_for_consumer", absent);
    }
    var url = call.text("event_consumer").orElse("");
    var consumer =
        site.consumers()
            .find(url)
            .orElseThrow(() -> FrappeError.notFound(EventConsumers.DOCTYPE, url));
    var doctypes = doctypes(call);
    var lastUpdate = call.text("last_update").orElse("");
    if (site.selectsPlainly()) {
      return entries(site.selection().plain(doctypes, lastUpdate));
    }
    var selected = site.selection().reference(consumer, doctypes, lastUpdate);
    if (!call.isGet()) {
      site.consumers().mark(url, selected.stream().map(LogEntry::name).toList());
    }
    return entries(selected.iterator());
  }

  private Answer entries(Iterator<LogEntry> entries) {
    return new Answer.Rows(
        "message",
        new Iterator<JsonNode>() {
          @Override
          public boolean hasNext() {
            return entries.hasNext();
          }

          @Override
          public JsonNode next() {
            return site.logTable().entry(entries.next());
          }
        });
  }

  private Set<String> doctypes(Call call) {
    var given = call.json("doctypes").orElseGet(FrappeJson::array);
    if (!(given instanceof ArrayNode)) {
      throw FrappeError.python(
          "json.decoder.JSONDecodeError: Expecting value: line 1 column 2 (char 1)",
          "JSONDecodeError");
    }
    var doctypes = new HashSet<String>();
    given.forEach(doctype -> doctypes.add(doctype.asText()));
    return doctypes;
  }

  private Answer resource(Call call, Call.Resource resource) {
    var doctype = resource.doctype();
    var name =
        site.generation().is15() && resource.name().endsWith("/")
            ? resource.name().substring(0, resource.name().length() - 1)
            : resource.name();
    if (name.isEmpty()) {
      return switch (call.method()) {
        case "GET" -> list(call, doctype, "data");
        case "POST" -> writes.post(call, doctype);
        default -> throw FrappeError.raised(403, "PermissionError", "");
      };
    }
    return switch (call.method()) {
      case "GET" ->
          Answer.data(
              site.docTypes()
                  .shownSingly(
                      doctype,
                      FrappeJson.withoutNulls(
                          site.readStored().alone(doctype, document(doctype, name)))));
      case "PUT" -> writes.put(call, doctype, name);
      case "DELETE" -> writes.delete(doctype, name);
      default -> throw FrappeError.raised(403, "PermissionError", "");
    };
  }

  private ObjectNode document(String doctype, String name) {
    site.checkMayRead(doctype);
    if (!site.docTypes().exists(doctype)) {
      throw FrappeError.importFailed(site.generation(), doctype);
    }
    return site.writes().existing(doctype, name);
  }

  private ObjectNode one(Call call, String doctype) {
    var found =
        call.has("name")
            ? document(doctype, call.text("name").orElse(""))
            : rows(call, doctype).stream()
                .filter(query(call, doctype)::matches)
                .findFirst()
                .orElseThrow(() -> FrappeError.notFound(doctype, "None"));
    return site.docTypes()
        .shownSingly(
            doctype, site.docTypes().withNulls(doctype, site.readStored().alone(doctype, found)));
  }

  private JsonNode value(Call call, String doctype) {
    var fields = new ArrayList<String>();
    var fieldname = call.json("fieldname").orElse(NullNode.instance);
    if (fieldname.isArray()) {
      fieldname.forEach(field -> fields.add(field.asText()));
    } else {
      fields.add(call.text("fieldname").orElse("name"));
    }
    var filters = call.json("filters").orElse(NullNode.instance);
    var conditions =
        filters.isContainerNode()
            ? Condition.of(filters)
            : List.of(new Condition("", "name", "=", filters));
    var query =
        new ListQuery(
            doctype,
            fields,
            conditions,
            List.of(),
            ListQuery.NEWEST_FIRST,
            0,
            1,
            site.docTypes().collation());
    var found = found(query, call);
    return found.hasNext() ? found.next() : FrappeJson.object();
  }

  private int count(Call call, String doctype) {
    if (site.generation().is13() && call.json("filters").filter(JsonNode::isArray).isPresent()) {
      throw FrappeError.python(
          "AttributeError: 'list' object has no attribute 'items'", "AttributeError");
    }
    var query = query(call, doctype);
    return doctype.equals(LOG)
        ? site.logTable().count(query)
        : (int) rows(call, doctype).stream().filter(query::matches).count();
  }

  private Answer list(Call call, String doctype, String key) {
    return new Answer.Rows(key, found(query(call, doctype), call));
  }

  private Iterator<ObjectNode> found(ListQuery query, Call call) {
    site.checkMayRead(query.doctype());
    if (query.doctype().equals(LOG) && site.generation().streams()) {
      return site.logTable().page(query);
    }
    var isRowType = site.docTypes().isRowType(query.doctype());
    var naming = isRowType ? "parent" : "name";
    var names = query.named(naming);
    if (names.isEmpty() && site.readStored().isAsGiven()) {
      checkListed(call, query.doctype());
      return query.pageInOrder(site.documents().inOrder(query), site.docTypes()).iterator();
    }
    var rows =
        names
            .map(
                some -> {
                  checkListed(call, query.doctype());
                  return isRowType
                      ? site.documents().rowsOf(query.doctype(), some)
                      : site.documents().called(query.doctype(), some);
                })
            .orElseGet(() -> rows(call, query.doctype()));
    return (names.isEmpty() ? query : query.without(naming))
        .page(site.readStored().listed(query.doctype(), rows), site.docTypes())
        .iterator();
  }

  private static FrappeError noTable(String doctype) {
    return FrappeError.python(
        "pymysql.err.ProgrammingError: (1146, \"Table 'tab%s' doesn't exist\")".formatted(doctype),
        "ProgrammingError");
  }

  private List<ObjectNode> rows(Call call, String doctype) {
    checkListed(call, doctype);
    return site.docTypes().isRowType(doctype)
        ? site.documents().rowsOf(doctype)
        : site.documents().all(doctype);
  }

  private void checkListed(Call call, String doctype) {
    var exists = site.docTypes().exists(doctype) && !doctype.equals(LOG);
    if (!exists) {
      throw site.generation().is13() ? noTable(doctype) : FrappeError.notFound("DocType", doctype);
    }
    if (site.docTypes().isSingle(doctype)) {
      throw noTable(doctype);
    }
    if (site.docTypes().isRowType(doctype)) {
      var parent = call.text("parent").orElse("");
      if (parent.isEmpty() || !site.docTypes().hasTable(parent, doctype)) {
        throw FrappeError.raised(403, "PermissionError", "");
      }
      site.checkMayRead(parent);
    }
  }

  /** With the roles that every user has. */
  private Answer roles(String user) {
    var roles = FrappeJson.array();
    site.documents()
        .find("User", user)
        .ifPresent(
            found -> found.path("roles").forEach(row -> roles.add(row.path("role").asText())));
    return Answer.message(roles.add("All").add("Guest"));
  }

  private Answer docType(String name) {
    var docType =
        site.docTypes().find(name).orElseThrow(() -> FrappeError.notFound("DocType", name));
    var answer = FrappeJson.object();
    var docs = answer.putArray("docs");
    Stream.concat(
            Stream.of(docType),
            site.docTypes().rowTypesOfTables(name).stream()
                .flatMap(child -> site.docTypes().find(child).stream()))
        .forEach(one -> docs.add(shown(one)));
    return Answer.json(200, answer.put("user_settings", "{}"));
  }

  /** A site says of each type whether its documents may be renamed. */
  private static ObjectNode shown(ObjectNode docType) {
    var shown = docType.deepCopy().put("doctype", "DocType");
    return shown.has("allow_rename") ? shown : shown.put("allow_rename", 0);
  }

  private ObjectNode versions() {
    var versions = FrappeJson.object();
    app(versions, "frappe", "Frappe Framework", site.generation().version());
    if (site.generation() == Generation.V15_APP) {
      app(versions, "event_streaming", "Event Streaming", "0.0.1");
    }
    return versions;
  }

  private ListQuery query(Call call, String doctype) {
    return ListQuery.of(doctype, call, site.docTypes().collation());
  }

  private static void app(ObjectNode versions, String name, String title, String version) {
    versions
        .putObject(name)
        .put("title", title)
        .put("description", title)
        .put("branch", "")
        .put("version", version);
  }
}
