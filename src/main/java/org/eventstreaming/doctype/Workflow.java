package org.eventstreaming.doctype;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The active Workflow of a document type: the states that its documents go through, and the
 * transitions between them.
 *
 * @param doctype the type that it is of
 * @param stateField the field of a document that holds its state
 * @param states a new document begins in the first one; never empty
 */
public record Workflow(
    String name,
    String doctype,
    String stateField,
    List<State> states,
    List<Transition> transitions) {
  /** The type of the documents that say it. */
  public static final String DOCTYPE = "Workflow";

  public Workflow {
    states = List.copyOf(states);
    transitions = List.copyOf(transitions);
  }

  /** Where a new document begins. */
  public State first() {
    return states.get(0);
  }

  /** Empty where it has no state of this name. */
  public Optional<State> state(String name) {
    return states.stream().filter(state -> state.name().equals(name)).findFirst();
  }

  /**
   * The fewest transitions that lead from one state to another.
   *
   * @param closed transitions that are not to be taken
   * @return none where the first state will do already; empty where no path leads there
   */
  public Optional<List<Transition>> path(
      String from, Predicate<State> wanted, Set<Transition> closed) {
    Map<String, @Nullable Transition> reachedBy = new HashMap<>();
    reachedBy.put(from, null);
    Deque<String> open = new ArrayDeque<>(List.of(from));
    while (!open.isEmpty()) {
      String at = open.remove();
      if (state(at).filter(wanted).isPresent()) {
        return Optional.of(path(at, reachedBy));
      }
      for (Transition transition : transitions) {
        if (transition.from().equals(at)
            && !closed.contains(transition)
            && !reachedBy.containsKey(transition.to())) {
          reachedBy.put(transition.to(), transition);
          open.add(transition.to());
        }
      }
    }
    return Optional.empty();
  }

  private static List<Transition> path(String to, Map<String, @Nullable Transition> reachedBy) {
    List<Transition> path = new ArrayList<>();
    for (Transition last = reachedBy.get(to); last != null; last = reachedBy.get(last.from())) {
      path.add(0, last);
    }
    return path;
  }

  /**
   * A state.
   *
   * @param docstatus that documents have in it
   */
  public record State(String name, int docstatus) {}

  /**
   * A way from one state to the next.
   *
   * @param role that the user needs who takes it
   * @param condition an expression that the document has to meet; empty for none
   * @param selfApproval whether the owner of a document may take it
   */
  public record Transition(
      String from, String action, String to, String role, String condition, boolean selfApproval) {}
}
