package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.doctype.Workflow;
import org.eventstreaming.doctype.Workflow.State;
import org.eventstreaming.doctype.Workflow.Transition;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;

/**
 * Takes documents of a target site to their desired states by transitions of the Workflow of their
 * type. The site does not permit a state to be set. Each document is read before, so a transition
 * that was made is not repeated.
 */
final class FollowWorkflow {
  private static final List<String> OF_DOCSTATUS =
      List.of("drafts", "submitted documents", "cancelled documents");

  private final Target target;
  private final DocTypes known;
  private final Workflows workflows;

  /**
   * @param known the definitions of the producer's DocTypes
   */
  FollowWorkflow(Target target, DocTypes known) {
    this.target = target;
    this.known = known;
    this.workflows = target.workflows();
  }

  /**
   * A new document in the form in which it is inserted: in the first state, and as a draft where
   * transitions follow.
   */
  ObjectNode begun(ObjectNode desired) {
    Workflow workflow = workflow(desired);
    if (workflow == null) {
      return desired;
    }
    ObjectNode begun = desired.deepCopy().put(workflow.stateField(), workflow.first().name());
    return course(desired, null) == null ? begun : begun.put("docstatus", 0);
  }

  /** A change that leaves the state as it is. */
  ObjectNode inItsState(ObjectNode desired, ObjectNode stands) {
    Workflow workflow = workflow(desired);
    if (workflow == null) {
      return desired;
    }
    ObjectNode change = desired.deepCopy();
    change.remove(workflow.stateField());
    if (stands.has(workflow.stateField())) {
      change.set(workflow.stateField(), stands.get(workflow.stateField()));
    }
    return change;
  }

  /** Changes the document so that it keeps its present state. */
  void holdBack(ObjectNode document, @Nullable ObjectNode stands) {
    Workflow workflow = workflow(document);
    if (workflow != null) {
      document.remove(workflow.stateField());
      if (stands != null && stands.has(workflow.stateField())) {
        document.set(workflow.stateField(), stands.get(workflow.stateField()));
      }
    }
  }

  /**
   * The course of a document to its desired state. Where there is none, the Workflows are read
   * anew, since somebody may have changed them.
   *
   * @param stands the document there; null where it is new
   * @return null where no transition is needed: then {@code docstatus} is written as without a
   *     Workflow
   */
  @Nullable Course course(ObjectNode desired, @Nullable ObjectNode stands) {
    Course course = planned(desired, stands);
    return course != null && course.refusal() != null && workflows.areReadAnew()
        ? planned(desired, stands)
        : course;
  }

  private @Nullable Course planned(ObjectNode desired, @Nullable ObjectNode stands) {
    Workflow workflow = workflow(desired);
    if (workflow == null) {
      return null;
    }
    String from = stands == null ? "" : stands.path(workflow.stateField()).asText("");
    String start = from.isEmpty() ? workflow.first().name() : from;
    String wanted = desired.path(workflow.stateField()).asText("");
    int docstatus = desired.path("docstatus").asInt();
    // the state of a change can be the one that the site set itself
    return wanted.isEmpty() || (wanted.equals(from) && !isProducers(workflow))
        ? byDocstatus(workflow, start, docstatus, SiteForm.docstatus(stands))
        : toState(workflow, start, wanted, docstatus);
  }

  private boolean isProducers(Workflow workflow) {
    return known
        .find(workflow.doctype())
        .filter(definition -> definition.field(workflow.stateField()).isPresent())
        .isPresent();
  }

  /**
   * The course where the producer has no states: to any state with the desired docstatus that
   * transitions lead to.
   */
  private static @Nullable Course byDocstatus(
      Workflow workflow, String start, int docstatus, int stands) {
    for (int next = docstatus; next > stands; next--) {
      int goal = next;
      Predicate<State> fits = state -> state.docstatus() == goal;
      Optional<List<Transition>> path = workflow.path(start, fits, Set.of());
      if (path.isPresent()) {
        return path.get().isEmpty()
            ? null
            : new Course(workflow, fits, "a state of " + OF_DOCSTATUS.get(goal), null);
      }
    }
    return null;
  }

  private static @Nullable Course toState(
      Workflow workflow, String start, String wanted, int docstatus) {
    Predicate<State> fits = state -> state.name().equals(wanted);
    State state = workflow.state(wanted).orElse(null);
    String refusal = null;
    if (state == null) {
      refusal =
          "The Workflow %s there has no state %s: add it there, with transitions that lead to it."
              .formatted(workflow.name(), wanted);
    } else if (state.docstatus() > docstatus || isSetBySubmission(workflow, state, docstatus)) {
      refusal =
          "In the Workflow %s there %s is a state of %s, and the document is one of the %s: change the Doc Status of the state there."
              .formatted(
                  workflow.name(),
                  wanted,
                  OF_DOCSTATUS.get(state.docstatus()),
                  OF_DOCSTATUS.get(docstatus));
    } else {
      Optional<List<Transition>> path = workflow.path(start, fits, Set.of());
      if (path.filter(List::isEmpty).isPresent()) {
        return null;
      }
      if (path.isEmpty()) {
        refusal = nowhere(workflow, start, wanted);
      }
    }
    return new Course(workflow, fits, wanted, refusal);
  }

  /**
   * Whether a submission sets another state. A document that is submitted without a transition gets
   * the first state of submitted documents.
   */
  private static boolean isSetBySubmission(Workflow workflow, State state, int docstatus) {
    return state.docstatus() == 0
        && docstatus > 0
        && workflow.states().stream().anyMatch(other -> other.docstatus() == 1);
  }

  private static String nowhere(Workflow workflow, String from, String to) {
    return "The Workflow %s there has no transitions that lead from %s to %s: add them there, for a role that the key's user has."
        .formatted(workflow.name(), from, to);
  }

  /**
   * Makes the transitions, one call each. Where the site refuses a transition, another path is
   * tried.
   *
   * @throws SiteFailure where the site does not answer
   */
  Way go(DocumentKey local, Course course) {
    ObjectNode document = target.document(local).orElse(null);
    if (document == null) {
      return new Way(
          course, List.of(), 0, List.of(), new Written.Later("it no longer exists there"));
    }
    Workflow workflow = course.workflow();
    List<String> states = new ArrayList<>(List.of(state(document, workflow)));
    List<String> actions = new ArrayList<>();
    Set<Transition> closed = new HashSet<>();
    Set<Transition> repeated = new HashSet<>();
    Refusal first = null;
    Written obstacle = null;
    while (obstacle == null) {
      String at = state(document, workflow);
      Transition next = null;
      Optional<List<Transition>> path = workflow.path(at, course.wanted(), closed);
      if (path.isEmpty()) {
        obstacle = stuck(course, at, first);
      } else if (path.get().isEmpty()) {
        break;
      } else {
        next = path.get().get(0);
        try {
          ObjectNode moved = target.writes().applyWorkflow(local, document, next.action());
          if (moved == null) {
            obstacle = new Written.Later("The site submits it in the background.");
          } else {
            document = moved;
            actions.add(next.action());
            states.add(state(document, workflow));
          }
          if (!state(document, workflow).equals(next.to())) {
            // several transitions have this action, and their conditions selected another one
            closed.add(next);
          }
        } catch (SiteFailure e) {
          if (e.kind() == SiteFailure.Kind.STALE && repeated.add(next)) {
            // the site may have saved it when another document was written at the same time
            document = target.document(local).orElse(document);
          } else if (isOfTransition(e, next, document)) {
            closed.add(next);
            first = first == null ? new Refusal(next, e.said()) : first;
          } else {
            obstacle = onTheWay(refusal(e), next);
          }
        }
      }
    }
    return new Way(course, states, SiteForm.docstatus(document), actions, obstacle);
  }

  /** Whether the site refused the transition, and not the document. */
  private boolean isOfTransition(SiteFailure e, Transition transition, ObjectNode document) {
    return e.kind() == SiteFailure.Kind.WORKFLOW
        || (e.kind() == SiteFailure.Kind.REJECTED
            && !transition.selfApproval()
            && document.path("owner").asText().equals(target.user()));
  }

  private static Written onTheWay(Written obstacle, Transition transition) {
    return obstacle instanceof Written.Refused refused
        ? new Written.Refused(
            "%s (of %s, which leads from %s to %s)"
                .formatted(refused.said(), transition.action(), transition.from(), transition.to()))
        : obstacle;
  }

  private Written stuck(Course course, String at, @Nullable Refusal first) {
    Workflow workflow = course.workflow();
    String said =
        first == null
            ? at.isEmpty()
                ? "The field %s there says no state: %s has to be able to read it."
                    .formatted(workflow.stateField(), target.user())
                : nowhere(workflow, at, course.goal())
            : first.said() + ". " + needs(workflow, first.transition());
    return workflows.areReadAnew() ? new Written.Later(said) : new Written.Refused(said);
  }

  private String needs(Workflow workflow, Transition transition) {
    String roles =
        workflow.transitions().stream()
            .filter(
                other ->
                    other.from().equals(transition.from())
                        && other.action().equals(transition.action()))
            .map(Transition::role)
            .distinct()
            .collect(Collectors.joining(" or "));
    StringBuilder text =
        new StringBuilder(
            "By the Workflow %s there, %s from %s to %s needs the role %s: give it to %s."
                .formatted(
                    workflow.name(),
                    transition.action(),
                    transition.from(),
                    transition.to(),
                    roles,
                    target.user()));
    if (!transition.condition().isEmpty()) {
      text.append(" The document has to meet its condition as well: ")
          .append(transition.condition())
          .append('.');
    }
    if (!transition.selfApproval()) {
      text.append(" The transition has to allow self approval, since ")
          .append(target.user())
          .append(" created the document.");
    }
    return text.toString();
  }

  /**
   * The refusal that the site answered.
   *
   * @throws SiteFailure where it did not answer: the result of the call is unknown
   */
  Written refusal(SiteFailure e) {
    if (e.isSilent()) {
      throw e;
    }
    if (e.passes() || e.kind() == SiteFailure.Kind.STALE) {
      return new Written.Later(e.said());
    }
    if (e.kind() != SiteFailure.Kind.WORKFLOW) {
      return new Written.Refused(e.said());
    }
    if (workflows.areReadAnew()) {
      return new Written.Later(e.said());
    }
    return new Written.Refused(
        workflows.areReadable()
            ? e.said() + ". A Workflow of its type there lets no other state in."
            : e.said()
                + ". "
                + target.user()
                + " may not read Workflow there, so its transitions are not known: give it a role"
                + " that may, such as System Manager.");
  }

  private @Nullable Workflow workflow(ObjectNode document) {
    return workflows.of(document.path("doctype").asText()).orElse(null);
  }

  private static String state(ObjectNode document, Workflow workflow) {
    return document.path(workflow.stateField()).asText("");
  }

  /**
   * The course of a document through its Workflow.
   *
   * @param wanted which states are desired
   * @param goal the desired states, in words
   * @param refusal why no transitions lead there; null where some do
   */
  record Course(
      Workflow workflow, Predicate<State> wanted, String goal, @Nullable String refusal) {}

  /**
   * The part of a course that was made.
   *
   * @param states the states of the document, from the first to the last
   * @param docstatus the docstatus of the document now
   * @param actions the actions of the transitions that were made
   * @param obstacle the result of the transition that was not made; null where all were made
   */
  record Way(
      Course course,
      List<String> states,
      int docstatus,
      List<String> actions,
      @Nullable Written obstacle) {
    /** A note for the Event Sync Log; null where no transition was made. */
    @Nullable String note() {
      return actions.isEmpty()
          ? null
          : "Went from %s to %s by %s."
              .formatted(states.get(0), states.get(states.size() - 1), String.join(", ", actions));
    }

    /** Whether a state of the document was not reached. */
    boolean isBeyond(ObjectNode document) {
      String state = document.path(course.workflow().stateField()).asText("");
      return state.isEmpty()
          ? docstatus < document.path("docstatus").asInt()
          : !states.contains(state);
    }
  }

  private record Refusal(Transition transition, String said) {}
}
