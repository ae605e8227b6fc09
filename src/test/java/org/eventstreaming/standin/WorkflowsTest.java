package org.eventstreaming.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.standin.Peer.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a Workflow lets clients do, as Frappe 13 to 15 have it. */
class WorkflowsTest {
  private static final String FLOW =
      "{'name': 'Flow', 'document_type': 'Order', 'is_active': 1, 'workflow_state_field': 'state',"
          + " 'states': [{'state': 'Draft', 'doc_status': '0'}, {'state': 'Checked', 'doc_status': '0'},"
          + "{'state': 'Done', 'doc_status': '1', 'update_field': 'title', 'update_value': 'done'},"
          + "{'state': 'Dropped', 'doc_status': '2'}], 'transitions': ["
          + "{'state': 'Draft', 'action': 'Check', 'next_state': 'Checked', 'allowed': 'Clerk'},"
          + "{'state': 'Checked', 'action': 'Finish', 'next_state': 'Done', 'allowed': 'Head',"
          + " 'condition': 'doc.total > 1', 'allow_self_approval': 0},"
          + "{'state': 'Done', 'action': 'Drop', 'next_state': 'Dropped', 'allowed': 'Head'}]}";

  private StandInSite site = StandInSite.start(Generation.STOCK_15);
  private Peer peer = new Peer(site);

  @AfterEach
  void close() {
    site.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"STOCK_13", "STOCK_14", "STOCK_15"})
  void actions_take_a_document_through_its_states_and_set_its_docstatus(Generation generation) {
    on(generation);
    var order = created("{'title': 't', 'total': 2}");

    assertThat(order.path("state").asText()).isEqualTo("Draft");
    var checked = applied(order, "Check");
    assertThat(checked.path("state").asText()).isEqualTo("Checked");
    var done = applied(checked, "Finish");
    assertThat(done.path("docstatus").asInt()).isEqualTo(1);
    assertThat(done.path("title").asText()).as("the field that the state sets").isEqualTo("done");
    assertThat(applied(done, "Drop").path("docstatus").asInt()).isEqualTo(2);
    assertThat(site.documents("Order").get(0).path("state").asText()).isEqualTo("Dropped");
  }

  @Test
  void frappe_13_saves_the_document_that_it_is_given_and_later_versions_their_own() {
    on(Generation.STOCK_15);
    var order = created("{'title': 't', 'total': 2}");
    var named = json("{'doctype': 'Order'}").put("name", order.path("name").asText());
    assertThat(applied(named, "Check").path("title").asText()).isEqualTo("t");

    on(Generation.STOCK_13);
    order = created("{'title': 't', 'total': 2}");
    named = json("{'doctype': 'Order'}").put("name", order.path("name").asText());
    assertThat(apply(named, "Check").body()).contains("WorkflowStateError", "State not set");
    assertThat(apply(named.put("state", "Draft"), "Check").body())
        .contains("TimestampMismatchError");
  }

  @Test
  void a_new_document_begins_in_the_first_state_and_others_are_refused() {
    on(Generation.STOCK_15);

    var answer = post("/api/resource/Order", "{'title': 't', 'state': 'Done'}");

    assertThat(answer.statusCode()).isEqualTo(417);
    assertThat(Peer.tree(answer.body()).path("exc_type").asText())
        .isEqualTo("WorkflowPermissionError");
    assertThat(answer.body())
        .contains("Workflow State transition not allowed from <strong>Draft</strong> to ");
    assertThat(site.documents("Order")).isEmpty();
  }

  @Test
  void a_save_may_change_the_state_where_a_transition_of_the_user_does() {
    on(Generation.STOCK_15);
    site.roles("Clerk");
    var name = created("{'title': 't', 'total': 2}").path("name").asText();

    assertThat(put(name, "{'state': 'Done'}").body()).contains("WorkflowPermissionError");
    assertThat(put(name, "{'state': 'Checked'}").statusCode()).isEqualTo(200);
    assertThat(put(name, "{'state': 'Done'}").body()).contains("WorkflowPermissionError");
  }

  @Test
  void who_submits_without_a_transition_gets_the_first_state_that_means_it() {
    on(Generation.STOCK_15);
    var name = created("{'title': 't'}").path("name").asText();

    put(name, "{'docstatus': 1}");
    assertThat(site.documents("Order").get(0).path("state").asText()).isEqualTo("Done");
    put(name, "{'docstatus': 2}");
    assertThat(site.documents("Order").get(0).path("state").asText()).isEqualTo("Done");
    created("{'title': 't', 'docstatus': 1}");
    assertThat(site.documents("Order").get(1).path("state").asText()).isEqualTo("Done");
  }

  @Test
  void a_transition_needs_its_role_its_condition_and_another_owner() {
    on(Generation.STOCK_15);
    var small = applied(created("{'title': 't', 'total': 1}"), "Check");
    assertThat(apply(small, "Finish").body()).contains("WorkflowTransitionError");
    var order = applied(created("{'title': 't', 'total': 2}"), "Check");

    site.roles("Clerk");
    assertThat(apply(order, "Finish").body())
        .contains("WorkflowTransitionError", "Not a valid Workflow Action");
    site.roles("Clerk", "Head");
    assertThat(apply(order, "Finish").body()).contains("Self approval is not allowed");
  }

  @Test
  void a_workflow_that_is_not_active_holds_nobody_up() {
    on(Generation.STOCK_15);
    site.workflow(json(FLOW).put("is_active", 0));

    assertThat(created("{'title': 't', 'state': 'Done'}").path("state").asText()).isEqualTo("Done");
  }

  private void on(Generation generation) {
    site.close();
    site = StandInSite.start(generation);
    peer = new Peer(site);
    site.putDocType(
        json(
            "{'name': 'Order', 'is_submittable': 1, 'fields': ["
                + "{'fieldname': 'title', 'fieldtype': 'Data'},"
                + "{'fieldname': 'total', 'fieldtype': 'Float'}]}"));
    site.workflow(json(FLOW));
    site.transitionCondition("doc.total > 1", document -> document.path("total").asDouble() > 1);
  }

  private ObjectNode created(String document) {
    return (ObjectNode)
        Peer.tree(post("/api/resource/Order", document).body()).path("data").deepCopy();
  }

  private JsonNode answered(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Peer.tree(answer.body()).path("message");
  }

  private ObjectNode applied(ObjectNode document, String action) {
    return (ObjectNode) answered(apply(document, action));
  }

  private HttpResponse<String> apply(ObjectNode document, String action) {
    return peer.post(
        "/api/method/frappe.model.workflow.apply_workflow",
        Map.of("doc", document.toString(), "action", action));
  }

  private HttpResponse<String> post(String uri, String document) {
    return peer.post(uri, Map.of("data", json(document).toString()));
  }

  private HttpResponse<String> put(String name, String changes) {
    return peer.send(
        "PUT",
        "/api/resource/Order/" + name,
        Peer.form(Map.of("data", json(changes).toString())),
        "application/x-www-form-urlencoded");
  }
}
