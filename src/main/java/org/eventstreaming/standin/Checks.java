package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a site refuses to write, in its words. It checks what its DocTypes define. */
final class Checks {
  /** What links from here never holds a document back. */
  private static final Set<String> HOLDS_NOTHING =
      Set.of("Comment", "ToDo", "File", "Version", "Activity Log", "Deleted Document");

  /** A document or a row, and what its messages begin with. */
  private record Part(String doctype, ObjectNode object, String prefix) {}

  private final Documents documents;
  private final DocTypes docTypes;
  private final Generation generation;
  private volatile Set<String> notDisabled = Set.of();

  Checks(Documents documents, DocTypes docTypes, Generation generation) {
    this.documents = documents;
    this.docTypes = docTypes;
    this.generation = generation;
  }

  /**
   * Links have to lead to documents, of DocTypes that the site knows; they get the spelling that
   * those have.
   */
  void links(String doctype, ObjectNode document) {
    var lost = new ArrayList<String>();
    var cancelled = new ArrayList<String>();
    for (var part : parts(doctype, document)) {
      for (var link : docTypes.links(part.doctype())) {
        var name = part.object().path(link.field()).asText();
        var target = link.targetIn(part.object());
        if (name.isEmpty() || name.equals("null") || docTypes.find(target).isEmpty()) {
          continue;
        }
        var label = docTypes.field(part.doctype(), link.field()).orElseThrow().label();
        var found = documents.find(target, name);
        if (found.isEmpty()) {
          lost.add(part.prefix() + label + ": " + name);
        } else {
          part.object().put(link.field(), found.get().path("name").asText());
        }
        if (found.isPresent()
            && found.get().path("docstatus").asInt() == 2
            && !link.field().equals("amended_from")) {
          cancelled.add(part.prefix() + label + ": " + name);
        }
      }
    }
    if (!lost.isEmpty()) {
      throw FrappeError.thrown(
          417, "LinkValidationError", "Could not find " + String.join(", ", lost));
    }
    if (!cancelled.isEmpty()) {
      throw FrappeError.thrown(
          417,
          "CancelledLinkError",
          "Cannot link cancelled document: " + String.join(", ", cancelled));
    }
  }

  /** From now on nothing is saved that links to disabled documents of these types. */
  void refuseDisabled(Set<String> types) {
    notDisabled = Set.copyOf(types);
  }

  /** As ERPNext's own code checks before it saves; one at a time is reported. */
  void disabled(String doctype, ObjectNode document) {
    if (notDisabled.isEmpty()) {
      return;
    }
    for (var part : parts(doctype, document)) {
      for (var link : docTypes.links(part.doctype())) {
        var target = link.targetIn(part.object());
        var isDisabled =
            documents
                .find(target, part.object().path(link.field()).asText())
                .filter(
                    found ->
                        found.path("disabled").asInt() == 1 || found.path("enabled").asInt(1) == 0)
                .isPresent();
        if (isDisabled && notDisabled.contains(target)) {
          throw FrappeError.thrown(
              417,
              "ValidationError",
              "%s %s is disabled"
                  .formatted(target, generation.strong(part.object().path(link.field()).asText())));
        }
      }
    }
  }

  /** Objects in JSON fields become text; lists are refused. */
  void lists(String doctype, ObjectNode document) {
    for (var part : parts(doctype, document)) {
      for (var field : docTypes.fields(part.doctype())) {
        if (field.isColumn() && part.object().path(field.name()).isArray()) {
          throw FrappeError.thrown(
              417, "ValidationError", "Value for " + field.label() + " cannot be a list");
        }
      }
    }
  }

  void mandatory(String doctype, ObjectNode document) {
    var fields = new ArrayList<String>();
    var texts = new ArrayList<String>();
    for (var part : parts(doctype, document)) {
      for (var field : docTypes.fields(part.doctype())) {
        if (field.isRequired() && isEmpty(part.object().path(field.name()))) {
          fields.add(field.name());
          texts.add(
              part.prefix().isEmpty()
                  ? "Error: Value missing for " + doctype + ": " + field.label()
                  : "Error: " + part.prefix() + "Value missing for: " + field.label());
        }
      }
    }
    if (!fields.isEmpty()) {
      throw FrappeError.mandatory(doctype, document.path("name").asText(), fields, texts);
    }
  }

  /** A DocType that has a field twice takes no other one. */
  void fields(String doctype) {
    var rows = new LinkedHashMap<String, List<String>>();
    var fields = docTypes.fields(doctype);
    for (int i = 0; i < fields.size(); i++) {
      rows.computeIfAbsent(fields.get(i).name(), name -> new ArrayList<>())
          .add(String.valueOf(i + 1));
    }
    rows.forEach(
        (name, numbers) -> {
          if (numbers.size() > 1) {
            throw FrappeError.thrown(
                417,
                "UniqueFieldnameError",
                "%s: Fieldname %s appears multiple times in rows %s"
                    .formatted(doctype, name, String.join(", ", numbers)));
          }
        });
  }

  /** A document goes from draft to submitted to cancelled, and stays so. */
  void transition(ObjectNode before, ObjectNode changes) {
    var from = before.path("docstatus").asInt();
    var to = changes.path("docstatus").asInt(from);
    if (from == 2) {
      throw FrappeError.raised(417, "ValidationError", "Cannot edit cancelled document");
    }
    if (to < from || to > from + 1) {
      var states = List.of("0 (Draft)", "1 (Submitted)", "2 (Cancelled)");
      throw FrappeError.raised(
          417,
          "DocstatusTransitionError",
          "Cannot change docstatus from %s to %s".formatted(states.get(from), states.get(to)));
    }
  }

  /** What may be set only once stays as it is. */
  void constant(String doctype, ObjectNode before, ObjectNode changes) {
    for (var field : docTypes.fields(doctype)) {
      if (field.isColumn()
          && field.isSetOnlyOnce()
          && changes.has(field.name())
          && !same(before.path(field.name()), changes.path(field.name()))) {
        throw FrappeError.thrown(
            417,
            "CannotChangeConstantError",
            "Value cannot be changed for " + generation.strong(field.label()));
      }
    }
  }

  /** Of a submitted document, and of its rows, only the fields that allow it may change. */
  void afterSubmit(String doctype, ObjectNode before, ObjectNode changes) {
    var remains = changes.path("docstatus").asInt(1) == 1;
    if (before.path("docstatus").asInt() != 1 || !remains) {
      return;
    }
    unchanged(doctype, before, changes, "");
    for (var table : docTypes.fields(doctype)) {
      if (!table.isTable() || table.mayChangeAfterSubmit() || !changes.has(table.name())) {
        continue;
      }
      var rows = changes.path(table.name());
      var known = new LinkedHashMap<String, ObjectNode>();
      before
          .path(table.name())
          .forEach(row -> known.put(row.path("name").asText(), (ObjectNode) row));
      if (rows.size() != known.size()) {
        throw changed(table, "", String.valueOf(known.size()), String.valueOf(rows.size()));
      }
      for (var row : rows) {
        var old = known.get(row.path("name").asText());
        if (old != null && row instanceof ObjectNode object) {
          unchanged(table.options(), old, object, "Row #" + old.path("idx").asText() + ":");
        }
      }
    }
  }

  /** A submitted document has to be cancelled first, and nothing may link to one that goes. */
  void deletable(String doctype, ObjectNode document) {
    if (document.path("docstatus").asInt() == 1) {
      var text =
          ("%s %s: Submitted Record cannot be deleted. You must <a href='https://docs.erpnext.com//docs/user/manual/en/setting-up/articles/delete-submitted-document' target='_blank'>"
                  + " Cancel </a> it first.")
              .formatted(doctype, document.path("name").asText());
      throw generation.is15()
          ? FrappeError.thrown(417, "ValidationError", text)
          : FrappeError.raised(417, "ValidationError", text);
    }
    notLinked(doctype, document, docstatus -> docstatus < 2, link -> true);
  }

  /** What submitted documents link to is not cancelled, unless they amend it. */
  void cancellable(String doctype, ObjectNode document) {
    notLinked(
        doctype,
        document,
        docstatus -> docstatus == 1,
        link -> !link.field().equals("amended_from"));
  }

  /** From 15.49 on, what is amended has to be cancelled before. */
  void amends(String doctype, ObjectNode document) {
    var name = document.path("amended_from").asText("");
    if (generation.is15()
        && !name.isEmpty()
        && documents
            .find(doctype, name)
            .filter(amended -> amended.path("docstatus").asInt() != 2)
            .isPresent()) {
      throw FrappeError.thrown(
          417,
          "ValidationError",
          "%s cannot be amended because it is not cancelled. Please cancel the document before creating an amendment."
              .formatted(anchor(doctype, name)),
          "Amendment Not Allowed");
    }
  }

  private void notLinked(
      String doctype, ObjectNode document, IntPredicate holds, Predicate<DocTypes.Link> counts) {
    var name = document.path("name").asText();
    for (var other : documents.all()) {
      var otherType = other.path("doctype").asText();
      var otherName = other.path("name").asText();
      var isItself = otherType.equals(doctype) && otherName.equals(name);
      if (!isItself
          && !HOLDS_NOTHING.contains(otherType)
          && holds.test(other.path("docstatus").asInt())
          && parts(otherType, other).stream()
              .anyMatch(part -> links(part, doctype, name, counts))) {
        throw FrappeError.thrown(
            417,
            "LinkExistsError",
            "Cannot delete or cancel because %s %s is linked with %s %s "
                .formatted(
                    doctype, anchor(doctype, name), otherType, anchor(otherType, otherName)));
      }
    }
  }

  private boolean links(Part part, String doctype, String name, Predicate<DocTypes.Link> counts) {
    return docTypes.links(part.doctype()).stream()
        .filter(counts)
        .anyMatch(link -> link.names(part.object(), doctype, name, docTypes.collation()));
  }

  private void unchanged(String doctype, ObjectNode before, ObjectNode changes, String prefix) {
    for (var field : docTypes.fields(doctype)) {
      if (field.isColumn()
          && !field.mayChangeAfterSubmit()
          && changes.has(field.name())
          && !same(before.path(field.name()), changes.path(field.name()))) {
        throw changed(
            field, prefix, before.path(field.name()).asText(), changes.path(field.name()).asText());
      }
    }
  }

  private FrappeError changed(Field field, String prefix, String from, String to) {
    return FrappeError.thrown(
        417,
        "UpdateAfterSubmitError",
        "%s Not allowed to change %s after submission from %s to %s"
            .formatted(
                prefix,
                generation.strong(field.label()),
                generation.strong(from),
                generation.strong(to)),
        "Cannot Update After Submit");
  }

  private List<Part> parts(String doctype, ObjectNode document) {
    return Stream.concat(
            Stream.of(new Part(doctype, document, "")),
            docTypes.fields(doctype).stream()
                .filter(Field::isTable)
                .flatMap(table -> rows(table, document)))
        .toList();
  }

  private static Stream<Part> rows(Field table, ObjectNode document) {
    var rows = new ArrayList<Part>();
    for (var row : document.path(table.name())) {
      if (row instanceof ObjectNode object) {
        rows.add(new Part(table.options(), object, "Row #" + (rows.size() + 1) + ": "));
      }
    }
    return rows.stream();
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isContainerNode() && value.isEmpty())
        || (value.isTextual() && value.asText().isBlank());
  }

  /** Nothing, no text and 0 are the same here, and numbers whatever way they are written. */
  private static boolean same(JsonNode one, JsonNode other) {
    var left = one.isNull() ? "" : one.asText();
    var right = other.isNull() ? "" : other.asText();
    if (left.equals(right)) {
      return true;
    }
    try {
      return new BigDecimal(left.isEmpty() ? "0" : left)
              .compareTo(new BigDecimal(right.isEmpty() ? "0" : right))
          == 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static String anchor(String doctype, String name) {
    return "<a href=\"/app/Form/%s/%s\">%s</a>".formatted(doctype, name, name);
  }
}
