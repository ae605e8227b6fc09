package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.eventstreaming.stream.TargetSiteTest.ORDER;
import static org.eventstreaming.stream.TargetSiteTest.joined;
import static org.eventstreaming.stream.TargetSiteTest.note;
import static org.eventstreaming.stream.TargetSiteTest.only;
import static org.eventstreaming.stream.TargetSiteTest.site;
import static org.eventstreaming.stream.TargetSiteTest.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.ComparedDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Documents of a type that has a Workflow on the target go through its states by transitions. */
class TargetWorkflowsTest {
  private static final String FLOW =
      "{'name': 'Flow', 'document_type': 'Order', 'is_active': 1, 'workflow_state_field': 'state',"
          + " 'states': [{'state': 'Draft', 'doc_status': '0'}, {'state': 'Checked', 'doc_status': '0'},"
          + "{'state': 'Done', 'doc_status': '1'}, {'state': 'Paid', 'doc_status': '1'},"
          + "{'state': 'Dropped', 'doc_status': '2'}], 'transitions': ["
          + "{'state': 'Draft', 'action': 'Check', 'next_state': 'Checked', 'allowed': 'Clerk'},"
          + "{'state': 'Checked', 'action': 'Finish', 'next_state': 'Done', 'allowed': 'Head'},"
          + "{'state': 'Done', 'action': 'Pay', 'next_state': 'Paid', 'allowed': 'Clerk'},"
          + "{'state': 'Done', 'action': 'Drop', 'next_state': 'Dropped', 'allowed': 'Head'}]}";

  /** What the producer has: the state as a field of its own. */
  private static final String STATED =
      ORDER.replace(
          "'fields': [",
          "'fields': [{'fieldname': 'state', 'fieldtype': 'Data', 'label': 'State', 'allow_on_submit': 1},");

  /** The type of Workflows, and those of their rows. */
  private static final List<String> FLOWS =
      List.of(
          "{'name': 'Workflow', 'doctype': 'DocType', 'autoname': 'prompt', 'fields': ["
              + "{'fieldname': 'document_type', 'fieldtype': 'Data', 'label': 'Type'},"
              + "{'fieldname': 'is_active', 'fieldtype': 'Check', 'label': 'Active'},"
              + "{'fieldname': 'workflow_state_field', 'fieldtype': 'Data', 'label': 'Field'},"
              + "{'fieldname': 'states', 'fieldtype': 'Table', 'label': 'States', 'options': 'Workflow Document State'},"
              + "{'fieldname': 'transitions', 'fieldtype': 'Table', 'label': 'Transitions', 'options': 'Workflow Transition'}]}",
          "{'name': 'Workflow Document State', 'doctype': 'DocType', 'istable': 1, 'fields': ["
              + "{'fieldname': 'state', 'fieldtype': 'Data', 'label': 'State'},"
              + "{'fieldname': 'doc_status', 'fieldtype': 'Data', 'label': 'Doc Status'}]}",
          "{'name': 'Workflow Transition', 'doctype': 'DocType', 'istable': 1, 'fields': ["
              + "{'fieldname': 'state', 'fieldtype': 'Data', 'label': 'State'},"
              + "{'fieldname': 'action', 'fieldtype': 'Data', 'label': 'Action'},"
              + "{'fieldname': 'next_state', 'fieldtype': 'Data', 'label': 'Next State'},"
              + "{'fieldname': 'allowed', 'fieldtype': 'Data', 'label': 'Allowed'}]}");

  @ParameterizedTest(name = "to {0}")
  @EnumSource(names = {"STOCK_13", "STOCK_14", "STOCK_15"})
  void a_document_goes_to_its_state_by_transitions_whether_new_or_changed(Generation generation) {
    try (StandInSite hq = stated(site(Generation.V15_APP));
        StandInSite branch = site(generation).workflow(Here.json(FLOW));
        TestStream stream = joined(hq, branch, TestRow.of("Order").locallyNamed()).start()) {
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'title': 'one', 'state': 'Checked'}"));
      stream.pull();

      assertThat(state(branch)).isEqualTo("Checked");
      assertThat(note(stream)).isEqualTo("Went from Draft to Checked by Check.");

      hq.update("Order", "O", Here.json("{'title': 'two', 'state': 'Paid', 'docstatus': 1}"));
      stream.pull();

      assertThat(state(branch)).isEqualTo("Paid");
      assertThat(only(branch, "Order").path("docstatus").asInt()).isEqualTo(1);
      assertThat(only(branch, "Order").path("title").asText()).isEqualTo("two");
      assertThat(note(stream)).isEqualTo("Went from Checked to Paid by Finish, Pay.");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void a_document_that_is_saved_between_its_transitions_is_read_again() {
    try (StandInSite hq = stated(site(Generation.V15_APP));
        StandInSite branch = site(Generation.STOCK_13).workflow(Here.json(FLOW));
        TestStream stream =
            joined(hq, branch, TestRow.of("Order").locallyNamed()).attempts(1).start()) {
      stream.pull();
      // as ERPNext does with the Sales Order of a Project that is saved at the same time
      AtomicInteger transitions = new AtomicInteger();
      branch.fail(
          9,
          request -> {
            if (request.uri().contains("apply_workflow") && transitions.incrementAndGet() == 2) {
              String name = only(branch, "Order").path("name").asText();
              branch.dbSet("Order", name, Here.json("{'title': 'saved again'}"), true);
            }
            return false;
          },
          Fault.rejected("never"));
      hq.insert("Order", Here.json("{'name': 'O', 'state': 'Paid', 'docstatus': 1}"));
      stream.pull();

      assertThat(state(branch)).isEqualTo("Paid");
      assertThat(note(stream)).contains("Went from Draft to Paid by Check, Finish, Pay.");
      // three, and the second once more
      assertThat(transitions).hasValue(4);
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void what_is_submitted_is_cancelled_and_amended_by_transitions() {
    try (StandInSite hq = stated(site(Generation.V15_APP));
        StandInSite branch = site(Generation.STOCK_15).workflow(Here.json(FLOW));
        TestStream stream = joined(hq, branch, TestRow.of("Order").locallyNamed()).start()) {
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'title': 'one', 'state': 'Draft'}"));
      hq.update("Order", "O", Here.json("{'state': 'Done', 'docstatus': 1}"));
      stream.pull();
      assertThat(only(branch, "Order").path("docstatus").asInt()).isEqualTo(1);

      hq.update("Order", "O", Here.json("{'state': 'Dropped', 'docstatus': 2}"));
      hq.insert(
          "Order",
          Here.json(
              "{'name': 'O-1', 'title': 'amended', 'amended_from': 'O', 'state': 'Done', 'docstatus': 1}"));
      stream.pull();

      assertThat(branch.documents("Order"))
          .extracting(one -> one.path("state").asText(), one -> one.path("docstatus").asInt())
          .containsExactly(tuple("Dropped", 2), tuple("Done", 1));
      assertThat(
              stream.database().rows("select note from event_sync_log where producer_doc = 'O-1'"))
          .containsExactly(List.of("Went from Draft to Done by Check, Finish."));
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void a_document_cancelled_without_a_transition_is_so_on_the_target_in_the_same_state() {
    try (StandInSite hq = stated(site(Generation.V15_APP));
        StandInSite branch = site(Generation.STOCK_15).workflow(Here.json(FLOW));
        TestStream stream = joined(hq, branch, TestRow.of("Order").locallyNamed()).start()) {
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'state': 'Paid', 'docstatus': 2}"));
      stream.pull();

      assertThat(state(branch)).isEqualTo("Paid");
      assertThat(only(branch, "Order").path("docstatus").asInt()).isEqualTo(2);
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void of_a_producer_without_states_the_docstatus_decides_along_transitions() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15).workflow(Here.json(FLOW));
        TestStream stream = joined(hq, branch, TestRow.of("Order").locallyNamed()).start()) {
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'title': 'one'}"));
      stream.pull();
      assertThat(state(branch)).isEqualTo("Draft");

      hq.update("Order", "O", Here.json("{'title': 'two', 'docstatus': 1}"));
      stream.pull();
      assertThat(state(branch)).isEqualTo("Done");
      assertThat(note(stream)).isEqualTo("Went from Draft to Done by Check, Finish.");
      assertThat(only(branch, "Order").path("title").asText()).isEqualTo("two");

      hq.update("Order", "O", Here.json("{'docstatus': 2}"));
      stream.pull();
      assertThat(state(branch)).isEqualTo("Dropped");
      assertThat(only(branch, "Order").path("docstatus").asInt()).isEqualTo(2);
    }
  }

  @Test
  void a_role_that_the_key_does_not_have_fails_what_needs_it_and_says_which() {
    try (StandInSite hq = stated(site(Generation.V15_APP));
        StandInSite branch = site(Generation.STOCK_15).workflow(Here.json(FLOW)).roles("Clerk");
        TestStream stream =
            joined(hq, branch, TestRow.of("Order").locallyNamed()).attempts(1).start()) {
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'title': 'one', 'state': 'Draft'}"));
      hq.update("Order", "O", Here.json("{'state': 'Checked'}"));
      hq.update("Order", "O", Here.json("{'state': 'Done', 'docstatus': 1}"));
      stream.pull();

      assertThat(state(branch)).isEqualTo("Checked");
      assertThat(stream.database().rows("select status from event_sync_log order by seq"))
          .containsExactly(List.of("Synced"), List.of("Synced"), List.of("Failed"));
      assertThat(error(stream))
          .contains(
              "417 Not a valid Workflow Action. By the Workflow Flow there, Finish from Checked to"
                  + " Done needs the role Head: give it to Administrator.");

      branch.roles("Clerk", "Head");
      stream.database().execute("update event_sync_log set next_attempt_at = received_at");
      stream.pull();

      assertThat(state(branch)).isEqualTo("Done");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      assertThat(note(stream)).contains("Went from Checked to Done by Finish.");
    }
  }

  @Test
  void a_condition_that_closes_the_shortest_path_opens_another_one() {
    ObjectNode flow = Here.json(FLOW);
    ObjectNode direct =
        Here.json(
            "{'state': 'Draft', 'action': 'Rush', 'next_state': 'Done', 'allowed': 'Clerk',"
                + " 'condition': 'doc.urgent'}");
    flow.withArray("/transitions").add(direct);
    try (StandInSite hq = stated(site(Generation.V15_APP));
        StandInSite branch = site(Generation.STOCK_15).workflow(flow);
        TestStream stream = joined(hq, branch, TestRow.of("Order").locallyNamed()).start()) {
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'state': 'Done', 'docstatus': 1}"));
      stream.pull();

      assertThat(state(branch)).isEqualTo("Done");
      assertThat(note(stream)).isEqualTo("Went from Draft to Done by Check, Finish.");
    }
  }

  @Test
  void a_condition_that_chooses_among_transitions_of_one_action_leads_on_from_where_it_leads() {
    ObjectNode flow = Here.json(FLOW);
    flow.withArray("/transitions")
        .add(
            Here.json(
                "{'state': 'Draft', 'action': 'Check', 'next_state': 'Done', 'allowed': 'Clerk',"
                    + " 'condition': 'doc.urgent'}"));
    try (StandInSite hq = stated(site(Generation.V15_APP));
        StandInSite branch = site(Generation.STOCK_15).workflow(flow);
        TestStream stream = joined(hq, branch, TestRow.of("Order").locallyNamed()).start()) {
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'state': 'Done', 'docstatus': 1}"));
      stream.pull();

      assertThat(state(branch)).isEqualTo("Done");
      assertThat(note(stream)).isEqualTo("Went from Draft to Done by Check, Finish.");
    }
  }

  @Test
  void a_transition_without_self_approval_fails_and_says_so() {
    ObjectNode flow = Here.json(FLOW);
    ((ObjectNode) flow.path("transitions").path(0)).put("allow_self_approval", 0);
    try (StandInSite hq = stated(site(Generation.V15_APP));
        StandInSite branch = site(Generation.STOCK_15).workflow(flow).roles("Clerk", "Head");
        TestStream stream =
            joined(hq, branch, TestRow.of("Order").locallyNamed()).attempts(1).start()) {
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'state': 'Checked'}"));
      stream.pull();

      assertThat(state(branch)).isEqualTo("Draft");
      assertThat(error(stream))
          .contains("417 Self approval is not allowed", "has to allow self approval");
    }
  }

  @Test
  void a_state_that_the_workflow_does_not_have_or_does_not_lead_to_writes_nothing_and_is_named() {
    try (StandInSite hq = stated(site(Generation.V15_APP));
        StandInSite branch = site(Generation.STOCK_15).workflow(Here.json(FLOW));
        TestStream stream =
            joined(hq, branch, TestRow.of("Order").locallyNamed()).attempts(1).start()) {
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'state': 'Shipped'}"));
      stream.pull();
      assertThat(error(stream)).contains("The Workflow Flow there has no state Shipped");

      hq.insert("Order", Here.json("{'name': 'P', 'state': 'Done'}"));
      stream.pull();
      assertThat(error(stream))
          .contains(
              "Done is a state of submitted documents, and the document is one of the drafts");
      assertThat(branch.documents("Order")).isEmpty();
      hq.delete("Order", "P");

      // somebody adds the state there, and the row is tried again
      branch.workflow(Here.json(FLOW.replace("Paid", "Shipped").replace("'Done'", "'Ready'")));
      stream.clock().advance(Duration.ofMinutes(2));
      hq.update("Order", "O", Here.json("{'state': 'Shipped', 'docstatus': 1}"));
      stream.database().execute("update event_sync_log set next_attempt_at = received_at");
      stream.pull();
      assertThat(state(branch)).isEqualTo("Shipped");

      hq.update("Order", "O", Here.json("{'state': 'Dropped', 'docstatus': 2}"));
      stream.pull();
      assertThat(error(stream))
          .contains("The Workflow Flow there has no transitions that lead from Shipped to Dropped");
    }
  }

  @Test
  void after_a_lost_answer_the_transitions_that_were_made_count() {
    try (StandInSite hq = stated(site(Generation.V15_APP));
        StandInSite branch = site(Generation.STOCK_15).workflow(Here.json(FLOW));
        TestStream stream = joined(hq, branch, TestRow.of("Order").locallyNamed()).start()) {
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'state': 'Done', 'docstatus': 1}"));
      branch.fail(request -> request.uri().contains("apply_workflow"), new Fault.LostAnswer());
      stream.pull();
      assertThat(state(branch)).isEqualTo("Checked");
      assertThat(stream.database().count("event_sync_log")).as("nothing is logged").isZero();

      stream.pull();

      assertThat(state(branch)).isEqualTo("Done");
      assertThat(note(stream)).contains("Went from Checked to Done by Finish.");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      assertThat(applied(branch)).as("transitions made").isEqualTo(2);
    }
  }

  @Test
  void workflows_are_read_once_for_all_types_and_documents_and_anew_after_an_hour() {
    try (StandInSite hq = stated(site(Generation.V15_APP));
        StandInSite branch = site(Generation.STOCK_15).workflow(Here.json(FLOW));
        TestStream stream =
            joined(hq, branch, TestRow.of("Order").locallyNamed(), TestRow.of("Buyer")).start()) {
      stream.pull();
      for (int i = 0; i < 5; i++) {
        hq.insert("Order", Here.json("{'name': 'O%d', 'state': 'Checked'}".formatted(i)));
        hq.insert("Buyer", Here.json("{'name': 'B%d', 'title': 't'}".formatted(i)));
        stream.pull();
      }

      assertThat(branch.documents("Order"))
          .extracting(one -> one.path("state").asText())
          .containsOnly("Checked");
      assertThat(readings(branch)).isEqualTo(1);
      stream.clock().advance(Duration.ofMinutes(61));
      hq.insert("Order", Here.json("{'name': 'P', 'state': 'Checked'}"));
      stream.pull();
      assertThat(readings(branch)).isEqualTo(2);
    }
  }

  @Test
  void a_workflow_that_is_written_counts_for_documents_of_the_same_page() {
    try (StandInSite hq = stated(site(Generation.V15_APP));
        StandInSite branch = stated(site(Generation.STOCK_15));
        TestStream stream =
            joined(hq, branch, TestRow.of("Order").locallyNamed(), TestRow.of("Workflow"))
                .start()) {
      for (String type : FLOWS) {
        hq.putDocType(Here.json(type));
        branch.putDocType(Here.json(type));
      }
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'title': 'before any Workflow'}"));
      stream.pull();

      hq.insert("Order", Here.json("{'name': 'P', 'title': 'made first', 'state': 'Checked'}"));
      hq.insert("Workflow", Here.json(FLOW));
      hq.insert("Order", Here.json("{'name': 'Q', 'state': 'Done', 'docstatus': 1}"));
      stream.pull();

      assertThat(branch.documents("Order"))
          .extracting(one -> one.path("state").asText())
          .containsExactly("", "Checked", "Done");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void a_key_that_may_not_read_workflows_is_reported_so_by_what_the_site_refuses() {
    try (StandInSite hq = stated(site(Generation.V15_APP));
        StandInSite branch =
            site(Generation.STOCK_15).workflow(Here.json(FLOW)).forbidden("Workflow");
        TestStream stream =
            joined(hq, branch, TestRow.of("Order").locallyNamed()).attempts(1).start()) {
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'A', 'state': 'Draft'}"));
      hq.insert("Order", Here.json("{'name': 'O', 'state': 'Checked'}"));
      stream.pull();

      assertThat(state(branch)).isEqualTo("Draft");
      assertThat(error(stream))
          .contains("417 Workflow State transition not allowed from Draft to Checked")
          .contains("Administrator may not read Workflow there");
    }
  }

  @Test
  void documents_in_a_circle_go_to_their_states_when_all_links_are_there() {
    String linked =
        "{'fieldname': 'next', 'fieldtype': 'Link', 'options': 'Order', 'label': 'Next'},";
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Order").locallyNamed().with(Dependencies.ALL)).start()) {
      hq.putDocType(Here.json(STATED.replace("'fields': [", "'fields': [" + linked)));
      branch.putDocType(Here.json(ORDER.replace("'fields': [", "'fields': [" + linked)));
      branch.workflow(Here.json(FLOW));
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'A', 'next': 'B', 'state': 'Done', 'docstatus': 1}"));
      hq.insert("Order", Here.json("{'name': 'B', 'next': 'A', 'state': 'Done', 'docstatus': 1}"));
      stream.pull();

      assertThat(branch.documents("Order"))
          .hasSize(2)
          .allSatisfy(
              one -> {
                assertThat(one.path("state").asText()).isEqualTo("Done");
                assertThat(one.path("docstatus").asInt()).isEqualTo(1);
                assertThat(one.path("next").asText()).isNotEmpty();
              });
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void a_state_that_differs_is_found_by_diff_and_repaired_by_transitions() {
    try (StandInSite hq = stated(site(Generation.V15_APP));
        StandInSite branch = site(Generation.STOCK_15).workflow(Here.json(FLOW));
        TestStream stream = joined(hq, branch, TestRow.of("Order").locallyNamed()).start()) {
      EventProducer producer =
          TargetSiteTest.producer(
              hq, Source.UPDATE_LOG, target(branch), TestRow.of("Order").locallyNamed().row());
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'title': 't', 'state': 'Paid', 'docstatus': 1}"));
      hq.insert("Order", Here.json("{'name': 'P', 'title': 'no state'}"));
      stream.pull();
      String name = branch.documents("Order").get(0).path("name").asText();
      assertThat(compare(stream, producer, false).differences()).isEmpty();
      branch.dbSet("Order", name, Here.json("{'state': 'Done'}"), false);

      assertThat(compare(stream, producer, false).fields())
          .containsExactly("O state: \"Done\", there \"Paid\"");
      assertThat(compare(stream, producer, true).differences())
          .hasSize(1)
          .allMatch(ComparedDocument::repaired);

      assertThat(branch.documents("Order").get(0).path("state").asText()).isEqualTo("Paid");
      assertThat(note(stream)).contains("Went from Done to Paid by Pay.", "Changed there: state.");
    }
  }

  private static Reported compare(TestStream stream, EventProducer producer, boolean repair) {
    return Reported.by(stream, producer, repair, false, "Order");
  }

  private static StandInSite stated(StandInSite site) {
    site.putDocType(Here.json(STATED));
    return site;
  }

  private static String state(StandInSite site) {
    return only(site, "Order").path("state").asText();
  }

  private static String error(TestStream stream) {
    return String.valueOf(
        stream
            .database()
            .value(
                "select error from event_sync_log where status = 'Failed' order by seq desc limit 1"));
  }

  private static long applied(StandInSite site) {
    return site.requests().stream()
        .filter(request -> request.uri().contains("apply_workflow"))
        .count();
  }

  private static long readings(StandInSite site) {
    return site.requests().stream()
        .filter(request -> request.uri().startsWith("/api/resource/Workflow?"))
        .count();
  }
}
