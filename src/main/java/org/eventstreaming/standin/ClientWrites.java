package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What clients write: named by the site, completed and checked by what it knows of the DocType,
 * then written and logged like everything else.
 */
final class ClientWrites {
  private static final String CUSTOM_FIELD = "Custom Field";
  private static final int INSERTS = 200;

  private final Documents documents;
  private final DocTypes docTypes;
  private final Writes writes;
  private final Naming naming;
  private final Defaults defaults;
  private final Checks checks;
  private final Workflows workflows;
  private final Generation generation;
  private final Predicate<String> logs;
  private final Set<String> committing = ConcurrentHashMap.newKeySet();
  private final Map<String, UnaryOperator<ObjectNode>> onSave = new ConcurrentHashMap<>();
  private final Map<String, Function<ObjectNode, Optional<ObjectNode>>> makes =
      new ConcurrentHashMap<>();

  ClientWrites(
      Documents documents,
      DocTypes docTypes,
      Writes writes,
      Naming naming,
      Defaults defaults,
      Checks checks,
      Workflows workflows,
      Generation generation,
      Predicate<String> logs) {
    this.documents = documents;
    this.docTypes = docTypes;
    this.writes = writes;
    this.naming = naming;
    this.defaults = defaults;
    this.checks = checks;
    this.workflows = workflows;
    this.generation = generation;
    this.logs = logs;
  }

  /** From now on nothing is saved that links to disabled documents of these types. */
  void refuseDisabled(Set<String> types) {
    checks.refuseDisabled(types);
  }

  /** Makes something else of documents of this type whenever they are saved as drafts. */
  void onSave(String doctype, UnaryOperator<ObjectNode> change) {
    onSave.put(doctype, change);
  }

  /** As an app's code leaves the document. */
  private ObjectNode validated(String doctype, ObjectNode document) {
    return onSave.getOrDefault(doctype, UnaryOperator.identity()).apply(document.deepCopy());
  }

  /** From now on another document is made with each that is inserted, if the maker gives one. */
  void makesWith(String doctype, Function<ObjectNode, Optional<ObjectNode>> maker) {
    makes.put(doctype, maker);
  }

  /** Makes what an app makes with a document. */
  void makeWith(ObjectNode inserted) {
    var maker = makes.get(inserted.path("doctype").asText());
    if (maker != null) {
      maker
          .apply(inserted.deepCopy())
          .ifPresent(made -> insert(made.path("doctype").asText(), made));
    }
  }

  synchronized ObjectNode insert(String doctype, ObjectNode given) {
    var inserted = writes.insert(doctype, prepared(doctype, given), logs.test(doctype));
    makeWith(inserted);
    return inserted;
  }

  /** All or none, and 200 at most; answers their names. */
  synchronized List<String> insertMany(List<ObjectNode> given) {
    if (given.size() > INSERTS) {
      throw FrappeError.thrown(
          417, "ValidationError", "Only %d inserts allowed in one request".formatted(INSERTS));
    }
    var inserted = new ArrayList<ObjectNode>();
    var committed = 0;
    try {
      for (var document : given) {
        var doctype = document.path("doctype").asText();
        inserted.add(writes.insert(doctype, prepared(doctype, document), false));
        if (committing.contains(doctype)) {
          committed = inserted.size();
        }
      }
    } catch (FrappeError e) {
      inserted
          .subList(committed, inserted.size())
          .forEach(
              one -> documents.remove(one.path("doctype").asText(), one.path("name").asText()));
      conclude(inserted.subList(0, committed));
      throw e;
    }
    conclude(inserted);
    return inserted.stream().map(document -> document.path("name").asText()).toList();
  }

  private void conclude(List<ObjectNode> inserted) {
    inserted.stream()
        .filter(document -> logs.test(document.path("doctype").asText()))
        .forEach(writes::logCreate);
    inserted.forEach(this::makeWith);
  }

  synchronized void committing(String doctype) {
    committing.add(doctype);
  }

  synchronized ObjectNode update(String doctype, String name, ObjectNode given) {
    var before = writes.existing(doctype, name);
    Writes.checkTimestamp(before, given);
    checks.transition(before, given);
    var changes = given.deepCopy();
    changes.remove("modified");
    defaults.type(doctype, changes);
    checks.constant(doctype, before, changes);
    checks.afterSubmit(doctype, before, changes);
    var after = before.deepCopy();
    after.setAll(changes);
    checks.lists(doctype, after);
    checks.links(doctype, after);
    if (changes.path("docstatus").asInt() < 2) {
      checks.disabled(doctype, after);
    }
    // with the links as they are spelled there
    changes.properties().forEach(change -> change.setValue(after.path(change.getKey())));
    checks.mandatory(doctype, after);
    workflows.change(doctype, before, after);
    workflows
        .field(doctype)
        .filter(field -> !after.path(field).equals(before.path(field)))
        .ifPresent(field -> changes.set(field, after.path(field)));
    if (changes.path("docstatus").asInt() == 2) {
      checks.cancellable(doctype, before);
    } else if (before.path("docstatus").asInt() == 0) {
      validated(doctype, after).properties().stream()
          .filter(field -> !field.getValue().equals(after.path(field.getKey())))
          .forEach(field -> changes.set(field.getKey(), field.getValue()));
    }
    return writes.update(doctype, name, changes, logs.test(doctype));
  }

  /** Submits the whole document that is given, which has to be the present one. */
  ObjectNode submit(ObjectNode given) {
    var doctype = given.path("doctype").asText();
    var name = given.path("name").asText();
    var submitted = given.deepCopy().put("docstatus", 1);
    return name.isEmpty() ? insert(doctype, submitted) : update(doctype, name, submitted);
  }

  ObjectNode cancel(String doctype, String name) {
    return update(doctype, name, FrappeJson.object().put("docstatus", 2));
  }

  /** Frappe 13 saves the document that is given, later versions the one that they have. */
  synchronized ObjectNode applyWorkflow(ObjectNode given, String action) {
    var doctype = given.path("doctype").asText();
    var name = given.path("name").asText();
    if (!generation.is13()) {
      return update(doctype, name, workflows.applied(writes.existing(doctype, name), action));
    }
    var changes = given.deepCopy().put("modified", given.path("modified").asText(""));
    changes.setAll(workflows.applied(given, action));
    return update(doctype, name, changes);
  }

  synchronized void delete(String doctype, String name) {
    checks.deletable(doctype, writes.existing(doctype, name));
    writes.delete(doctype, name, logs.test(doctype));
  }

  private ObjectNode prepared(String doctype, ObjectNode given) {
    if (!docTypes.exists(doctype)) {
      throw FrappeError.importFailed(generation, doctype);
    }
    var document = given.deepCopy();
    // the site names the rows as well
    Documents.rows(document).forEach(row -> row.remove("name"));
    if (doctype.equals(CUSTOM_FIELD)) {
      addField(document);
    } else if (docTypes.find(doctype).isPresent()) {
      defaults.fill(doctype, document);
      checks.lists(doctype, document);
      checks.links(doctype, document);
      checks.disabled(doctype, document);
      document.put("name", naming.name(doctype, document));
      checks.mandatory(doctype, document);
    }
    workflows.begin(doctype, document);
    checks.amends(doctype, document);
    var name = document.path("name").asText();
    if (!name.isEmpty() && documents.find(doctype, name).isPresent()) {
      throw FrappeError.duplicate(generation, doctype, name);
    }
    document.properties().removeIf(field -> field.getKey().startsWith("__"));
    return validated(doctype, document);
  }

  private void addField(ObjectNode field) {
    var doctype = field.path("dt").asText();
    var fieldname = field.path("fieldname").asText();
    var name = doctype + "-" + fieldname;
    var isTaken =
        docTypes.field(doctype, fieldname).isPresent()
            || documents.find(CUSTOM_FIELD, name).isPresent();
    if (isTaken) {
      throw FrappeError.thrown(
          417,
          "ValidationError",
          "A field with the name %s already exists in %s"
              .formatted(generation.strong(fieldname), doctype));
    }
    checks.fields(doctype);
    docTypes.addField(doctype, field);
    field.put("name", name);
  }
}
