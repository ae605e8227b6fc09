package org.eventstreaming.doctype;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eventstreaming.doctype.Workflow.State;
import org.eventstreaming.doctype.Workflow.Transition;
import org.junit.jupiter.api.Test;

/** Paths through the states of a Workflow. */
class WorkflowTest {
  private static final Transition CHECK = transition("Draft", "Checked");
  private static final Transition FINISH = transition("Checked", "Done");
  private static final Transition RUSH = transition("Draft", "Done");
  private static final Transition BACK = transition("Checked", "Draft");
  private static final Workflow FLOW =
      new Workflow(
          "Flow",
          "Order",
          "state",
          List.of(
              new State("Draft", 0),
              new State("Checked", 0),
              new State("Done", 1),
              new State("Lost", 1)),
          List.of(CHECK, BACK, FINISH, RUSH));

  @Test
  void the_fewest_transitions_lead_to_a_state() {
    assertThat(path("Draft", "Done", Set.of())).contains(List.of(RUSH));
    assertThat(path("Draft", "Done", Set.of(RUSH))).contains(List.of(CHECK, FINISH));
    assertThat(path("Checked", "Done", Set.of(FINISH))).contains(List.of(BACK, RUSH));
  }

  @Test
  void a_document_that_is_there_needs_none() {
    assertThat(path("Done", "Done", Set.of())).contains(List.of());
    assertThat(FLOW.path("Done", state -> state.docstatus() == 1, Set.of())).contains(List.of());
  }

  @Test
  void no_path_leads_to_some_states() {
    assertThat(path("Draft", "Lost", Set.of())).isEmpty();
    assertThat(path("Done", "Draft", Set.of())).isEmpty();
    assertThat(path("Unknown", "Done", Set.of())).isEmpty();
  }

  private static Optional<List<Transition>> path(String from, String to, Set<Transition> closed) {
    return FLOW.path(from, state -> state.name().equals(to), closed);
  }

  private static Transition transition(String from, String to) {
    return new Transition(from, "To " + to, to, "Clerk", "", true);
  }
}
