package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The Workflows of the site: in which state a document begins, and which transitions take it to
 * another, for whom.
 */
final class Workflows {
  private static final String DOCTYPE = "Workflow";

  private final Documents documents;
  private final DocTypes docTypes;
  private final Names names;
  private final Generation generation;
  private final Map<String, Predicate<ObjectNode>> conditions = new ConcurrentHashMap<>();
  private volatile @Nullable Set<String> roles;

  Workflows(Documents documents, DocTypes docTypes, Names names, Generation generation) {
    this.documents = documents;
    this.docTypes = docTypes;
    this.names = names;
    this.generation = generation;
  }

  /** Its DocType gets the field of the state where it has none, as on a site. */
  void put(ObjectNode workflow) {
    var put = workflow.deepCopy().put("doctype", DOCTYPE);
    var name = put.path("name").asText();
    rows(put, name, "states", "Workflow Document State");
    rows(put, name, "transitions", "Workflow Transition");
    documents.put(DOCTYPE, put);
    var doctype = put.path("document_type").asText();
    var fieldname = put.path("workflow_state_field").asText();
    if (docTypes.field(doctype, fieldname).isEmpty()) {
      docTypes.addField(
          doctype,
          FrappeJson.object()
              .put("fieldname", fieldname)
              .put("fieldtype", "Link")
              .put("options", "Workflow State")
              .put("allow_on_submit", 1)
              .put("no_copy", 1));
    }
  }

  private void rows(ObjectNode workflow, String name, String field, String rowType) {
    var idx = 0;
    for (var row : workflow.path(field)) {
      ((ObjectNode) row)
          .put("doctype", rowType)
          .put("name", names.hash())
          .put("parent", name)
          .put("parentfield", field)
          .put("parenttype", DOCTYPE)
          .put("idx", ++idx);
    }
  }

  /** The key's user has these roles alone; else it is Administrator, who has all. */
  void roles(Set<String> some) {
    roles = Set.copyOf(some);
  }

  /** What the condition text of a transition means; one without a meaning is never met. */
  void condition(String text, Predicate<ObjectNode> met) {
    conditions.put(text, met);
  }

  /** The field that holds the state of documents of this DocType. */
  Optional<String> field(String doctype) {
    return active(doctype).map(Workflows::field);
  }

  /** Lets a new document begin in the first state alone. */
  void begin(String doctype, ObjectNode document) {
    active(doctype).ifPresent(workflow -> check(workflow, null, document));
  }

  /** Lets a document change its state by a transition that the user may make. */
  void change(String doctype, ObjectNode before, ObjectNode after) {
    // a site looks at nothing when it cancels
    if (after.path("docstatus").asInt() < 2) {
      active(doctype).ifPresent(workflow -> check(workflow, before, after));
    }
  }

  private void check(ObjectNode workflow, @Nullable ObjectNode before, ObjectNode after) {
    var field = field(workflow);
    var first = workflow.path("states").path(0).path("state").asText();
    var next = after.path(field).asText("");
    if (next.isEmpty() || next.equals("null")) {
      next = first;
      after.put(field, next);
    }
    var current = before == null ? "" : before.path(field).asText("");
    if (current.isEmpty()) {
      current = first;
    }
    if (state(workflow, current).isEmpty()) {
      throw FrappeError.thrown(
          417,
          "ValidationError",
          "%s is not a valid Workflow State. Please update your Workflow and try again."
              .formatted(generation.strong(current)));
    }
    var wanted = next;
    if (!current.equals(next)
        && (before == null
            || possible(workflow, before).stream()
                .noneMatch(row -> row.path("next_state").asText().equals(wanted)))) {
      throw FrappeError.ofWorkflow(
          "WorkflowPermissionError",
          "Workflow State transition not allowed from %s to %s"
              .formatted(generation.strong(current), generation.strong(next)));
    }
    follow(workflow, field, before, after);
  }

  /** Who submits without a transition gets the first state that means it. */
  private static void follow(
      ObjectNode workflow, String field, @Nullable ObjectNode before, ObjectNode after) {
    var docstatus = after.path("docstatus").asInt();
    if (docstatus == 0 && (before == null || before.path("docstatus").asInt() == 0)) {
      return;
    }
    var fits =
        state(workflow, after.path(field).asText())
            .filter(row -> row.path("doc_status").asInt() == docstatus);
    if (fits.isEmpty()) {
      stream(workflow.path("states"))
          .filter(row -> row.path("doc_status").asInt() == docstatus)
          .findFirst()
          .ifPresent(row -> after.put(field, row.path("state").asText()));
    }
  }

  /** What an action makes of a document: its state, its docstatus, and what the state sets. */
  ObjectNode applied(ObjectNode document, String action) {
    var workflow =
        active(document.path("doctype").asText())
            .orElseThrow(() -> FrappeError.notFound(DOCTYPE, ""));
    var transition =
        possible(workflow, document).stream()
            .filter(row -> row.path("action").asText().equals(action))
            .reduce((one, later) -> later)
            .orElseThrow(
                () ->
                    FrappeError.ofWorkflow(
                        "WorkflowTransitionError", "Not a valid Workflow Action"));
    if (roles != null
        && transition.path("allow_self_approval").asInt(1) == 0
        && document.path("owner").asText().equals(Writes.USER)) {
      throw FrappeError.thrown(417, "ValidationError", "Self approval is not allowed");
    }
    var next = state(workflow, transition.path("next_state").asText()).orElseThrow();
    var changes = FrappeJson.object().put(field(workflow), next.path("state").asText());
    if (next.hasNonNull("update_field")) {
      changes.set(next.path("update_field").asText(), next.path("update_value"));
    }
    return changes.put("docstatus", next.path("doc_status").asInt());
  }

  private List<JsonNode> possible(ObjectNode workflow, ObjectNode document) {
    var current = document.path(field(workflow)).asText("");
    if (current.isEmpty()) {
      throw FrappeError.ofWorkflow("WorkflowStateError", "Workflow State not set");
    }
    var possible = new ArrayList<JsonNode>();
    for (var row : workflow.path("transitions")) {
      var condition = row.path("condition").asText("");
      if (row.path("state").asText().equals(current)
          && mayTake(row.path("allowed").asText())
          && (condition.isEmpty()
              || conditions.getOrDefault(condition, unknown -> false).test(document))) {
        possible.add(row);
      }
    }
    return possible;
  }

  private boolean mayTake(String role) {
    var some = roles;
    return some == null || some.contains(role);
  }

  private Optional<ObjectNode> active(String doctype) {
    return documents.all(DOCTYPE).stream()
        .filter(workflow -> workflow.path("document_type").asText().equals(doctype))
        .filter(workflow -> workflow.path("is_active").asInt() == 1)
        .findFirst();
  }

  private static Optional<JsonNode> state(ObjectNode workflow, String name) {
    return stream(workflow.path("states"))
        .filter(row -> row.path("state").asText().equals(name))
        .findFirst();
  }

  private static String field(ObjectNode workflow) {
    return workflow.path("workflow_state_field").asText();
  }

  private static Stream<JsonNode> stream(JsonNode rows) {
    return StreamSupport.stream(rows.spliterator(), false);
  }
}
