package org.eventstreaming.site;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eventstreaming.doctype.Workflow;
import org.eventstreaming.update.DocumentJson;

/** Reads the Workflows of a site that are active: three lists, whatever the number of types. */
public final class ReadWorkflows {

  private final FrappeSite site;
  private final SiteWire wire;

  ReadWorkflows(FrappeSite site, SiteWire wire) {
    this.site = site;
    this.wire = wire;
  }

  /**
   * By the document type that each is of.
   *
   * @throws SiteFailure REFUSED where the key may not read them
   */
  public Map<String, Workflow> read() {
    ArrayNode filters = DocumentJson.MAPPER.createArrayNode();
    filters.addArray().add("is_active").add("=").add(1);
    List<ObjectNode> active =
        wire.rows(
            wire.list(
                Workflow.DOCTYPE,
                Map.of(
                    "fields", "[\"name\",\"document_type\",\"workflow_state_field\"]",
                    "filters", filters.toString(),
                    "limit_page_length", "0")),
            "list the active Workflows");
    if (active.isEmpty()) {
      return Map.of();
    }
    List<String> names = active.stream().map(row -> row.path("name").asText()).toList();
    Map<String, List<Workflow.State>> states = new HashMap<>();
    for (ObjectNode row : site.children("Workflow Document State", Workflow.DOCTYPE, names)) {
      states
          .computeIfAbsent(row.path("parent").asText(), name -> new ArrayList<>())
          .add(new Workflow.State(row.path("state").asText(), row.path("doc_status").asInt()));
    }
    Map<String, List<Workflow.Transition>> transitions = new HashMap<>();
    for (ObjectNode row : site.children("Workflow Transition", Workflow.DOCTYPE, names)) {
      transitions
          .computeIfAbsent(row.path("parent").asText(), name -> new ArrayList<>())
          .add(
              new Workflow.Transition(
                  row.path("state").asText(),
                  row.path("action").asText(),
                  row.path("next_state").asText(),
                  row.path("allowed").asText(),
                  row.path("condition").asText("").strip(),
                  row.path("allow_self_approval").asInt(1) == 1));
    }
    Map<String, Workflow> workflows = new HashMap<>();
    for (ObjectNode row : active) {
      String name = row.path("name").asText();
      String doctype = row.path("document_type").asText();
      if (states.containsKey(name)) {
        workflows.put(
            doctype,
            new Workflow(
                name,
                doctype,
                row.path("workflow_state_field").asText(),
                states.get(name),
                transitions.getOrDefault(name, List.of())));
      }
    }
    return workflows;
  }
}
