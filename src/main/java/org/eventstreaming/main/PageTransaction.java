package org.eventstreaming.main;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.PolicyDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.eventstreaming.files.Place;
import org.eventstreaming.files.Problem;

/**
 * Checks the routes that apply pages: the documents of a page, its rows in the Event Sync Log and
 * the cursor change in one transaction, which begins and ends with the renewal of the lease. A
 * route that breaks this loses entries or applies them twice when a process dies.
 */
final class PageTransaction {
  private static final String RENEW = "takeLease.renew";
  private static final String APPLY = "applyUpdates.apply";
  private static final String LOG = "writeSyncLog.write";
  private static final String CURSOR = "advanceCursor.advance";
  private static final List<String> ORDER = List.of(RENEW, APPLY, LOG, CURSOR, RENEW);
  private static final String SHAPE =
      ". The policy oneTransaction has these steps, in this order: %s, %s, %s, %s, %s; for a target site %s is the step before the policy. Other steps may be between them."
          .formatted(RENEW, APPLY, LOG, CURSOR, RENEW, APPLY);

  private final Path project;
  private final List<Problem> problems = new ArrayList<>();
  private boolean appliesInside;
  private boolean appliesBefore;

  private PageTransaction(Path project) {
    this.project = project;
  }

  /** What is wrong in the routes of the project; nothing is where it has none. */
  static List<Problem> problems(RouteFiles files, Collection<RouteDefinition> routes) {
    if (files.changed().isEmpty()) {
      return List.of();
    }
    PageTransaction check = new PageTransaction(files.project());
    routes.forEach(route -> check.steps(route, route.getOutputs(), false));
    if (check.problems.isEmpty()) {
      check.whole(files);
    }
    return List.copyOf(check.problems);
  }

  /** A replacement may have left out what the jar's file has. */
  private void whole(RouteFiles files) {
    for (RouteFile file : files.replacing()) {
      if (RouteFiles.builtIn(file.name()).text().contains("ref: advanceCursor")
          && !(appliesInside && appliesBefore)) {
        problems.add(
            Problem.at(
                file.path(),
                Place.START,
                "no route applies the pages of "
                    + (appliesInside ? "a target site" : "PostgreSQL")
                    + " any more"
                    + SHAPE));
      }
    }
  }

  private static boolean isBuiltIn(RouteDefinition route) {
    return route.getResource() != null
        && route.getResource().getLocation().startsWith("classpath:");
  }

  /**
   * Looks at steps, and at what is below them.
   *
   * @param applied whether the page is applied by an earlier step
   */
  private void steps(RouteDefinition route, List<ProcessorDefinition<?>> steps, boolean applied) {
    boolean soFar = applied;
    for (int i = 0; i < steps.size(); i++) {
      ProcessorDefinition<?> step = steps.get(i);
      if (step instanceof PolicyDefinition policy && isOneTransaction(policy)) {
        boolean later =
            steps.subList(i + 1, steps.size()).stream().anyMatch(one -> call(one).equals(APPLY));
        transaction(route, policy, soFar, later);
        continue;
      }
      String call = call(step);
      if (call.equals(LOG) || call.equals(CURSOR)) {
        refuse(route, step, call + " is outside of the page's transaction");
      }
      soFar |= call.equals(APPLY);
      for (List<ProcessorDefinition<?>> branch : below(step)) {
        steps(route, branch, soFar);
      }
    }
  }

  /**
   * Looks at a policy.
   *
   * @param applied whether the page is applied by an earlier step
   * @param later whether it is applied by a later step
   */
  private void transaction(
      RouteDefinition route, PolicyDefinition policy, boolean applied, boolean later) {
    List<String> calls = policy.getOutputs().stream().map(PageTransaction::call).toList();
    if (policy.getOutputs().stream().noneMatch(PageTransaction::isOfPage)) {
      return;
    }
    int apply = calls.indexOf(APPLY);
    int log = calls.indexOf(LOG);
    int cursor = calls.indexOf(CURSOR);
    List<String> ofPage = calls.stream().filter(ORDER::contains).toList();
    List<String> ordered = ORDER.stream().filter(one -> apply >= 0 || !one.equals(APPLY)).toList();
    if (!ofPage.equals(ordered)
        && ofPage.stream().sorted().toList().equals(ordered.stream().sorted().toList())) {
      refuse(
          route,
          policy,
          "the steps of the page's transaction are in another order: " + String.join(", ", ofPage));
      return;
    }
    if (!calls.get(0).equals(RENEW)) {
      refuse(route, policy, "the page's transaction does not begin with " + RENEW);
    }
    if (calls.size() < 2 || !calls.get(calls.size() - 1).equals(RENEW)) {
      refuse(route, policy, "the page's transaction does not end with " + RENEW);
    }
    if (log < 0 || cursor < log || apply > log) {
      refuse(
          route,
          policy,
          "the page's transaction does not have " + LOG + " and then " + CURSOR + " as its steps");
    }
    if (apply < 0 && !applied) {
      refuse(
          route,
          policy,
          later
              ? APPLY + " is a step after the page's transaction"
              : "neither the page's transaction nor a step before it is " + APPLY);
    }
    appliesInside |= apply >= 0;
    appliesBefore |= apply < 0 && applied;
  }

  /** Whether this step, or one below it, is of those that belong together. */
  private static boolean isOfPage(ProcessorDefinition<?> step) {
    return List.of(APPLY, LOG, CURSOR).contains(call(step))
        || below(step).stream().flatMap(List::stream).anyMatch(PageTransaction::isOfPage);
  }

  /** The steps of each branch below this one. */
  private static List<List<ProcessorDefinition<?>>> below(ProcessorDefinition<?> step) {
    if (!(step instanceof ChoiceDefinition choice)) {
      return List.of(step.getOutputs());
    }
    List<List<ProcessorDefinition<?>>> branches = new ArrayList<>();
    choice.getWhenClauses().forEach(when -> branches.add(when.getOutputs()));
    if (choice.getOtherwise() != null) {
      branches.add(choice.getOtherwise().getOutputs());
    }
    return branches;
  }

  private static boolean isOneTransaction(PolicyDefinition policy) {
    return Objects.toString(policy.getRef(), "")
        .replaceFirst("^#(bean:)?", "")
        .equals("oneTransaction");
  }

  /** Which method of which bean it calls; empty where it calls none. */
  private static String call(ProcessorDefinition<?> step) {
    if (step instanceof BeanDefinition bean) {
      return bean.getRef() + "." + Objects.toString(bean.getMethod(), "").replaceFirst("\\(.*", "");
    }
    if (step instanceof ToDefinition to && Objects.toString(to.getUri(), "").startsWith("bean:")) {
      return to.getUri().replaceFirst("^bean:(//)?", "").replaceFirst("\\?method=(\\w+).*", ".$1");
    }
    return "";
  }

  private void refuse(RouteDefinition route, ProcessorDefinition<?> step, String message) {
    if (isBuiltIn(route)) {
      return;
    }
    String file = Objects.toString(step.getLocation(), RouteFiles.FOLDER.toString());
    problems.add(
        new Problem(
            RouteProblems.relative(project, file),
            Math.max(0, step.getLineNumber()),
            step.getLineNumber() > 0 ? 1 : 0,
            "route %s: %s".formatted(route.getRouteId(), message) + SHAPE));
  }
}
