package org.eventstreaming.main;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.eventstreaming.files.FilesRefused;
import org.eventstreaming.files.Nearest;
import org.eventstreaming.files.Problem;
import org.eventstreaming.files.Problems;
import org.eventstreaming.settings.RouteSettings;

/**
 * Checks the routes as they are written, offline: each file of the project for itself, all of them
 * with those of the jar, and that every name that a step, a mapping or the program hands over to is
 * a route. Of each file that Camel refuses, the first mistake is reported.
 */
public final class CheckRoutes {
  private final Application.Plan plan;

  public CheckRoutes(Application.Plan plan) {
    this.plan = plan.offline();
  }

  /**
   * The routes to start, as far as their text shows that they can be.
   *
   * @throws FilesRefused with what it shows to be wrong
   */
  static RouteFiles files(Application.Plan plan) {
    Problems problems = new Problems();
    List<Problem> refused = guarded(plan.project(), plan.settings().routes());
    if (!refused.isEmpty()) {
      throw new FilesRefused(refused);
    }
    RouteFiles files = RouteFiles.read(plan.project(), plan.settings().routes(), problems);
    List<Problem> found = new ArrayList<>(problems.all());
    found.addAll(written(plan, files));
    if (!found.isEmpty()) {
      throw new FilesRefused(found);
    }
    return files;
  }

  /** What keeps the files of the project from being run, whatever is in them. */
  static List<Problem> guarded(Path project, RouteSettings routes) {
    List<Problem> owners = CheckOwners.problems(project, routes);
    return owners.isEmpty() ? ComponentJars.problems(project) : owners;
  }

  /** What their text shows to be wrong. */
  private static List<Problem> written(Application.Plan plan, RouteFiles files) {
    List<Problem> problems = new ArrayList<>();
    if (!plan.acceptReplaced()) {
      problems.addAll(CheckReplaced.problems(files));
    }
    problems.addAll(DuplicateRoutes.problems(files));
    return problems;
  }

  /** What is wrong with them once they are built. */
  static List<Problem> built(RouteFiles files, CamelContext context) {
    List<Problem> problems = new ArrayList<>(CalledRoutes.missing(files, context));
    problems.addAll(PageTransaction.problems(files, CalledRoutes.definitions(context)));
    problems.addAll(CheckCallSite.problems(files, CalledRoutes.definitions(context)));
    return problems;
  }

  /** What is wrong; empty when the routes would start. */
  public List<Problem> check() {
    Set<Problem> found = new LinkedHashSet<>(guarded(plan.project(), plan.settings().routes()));
    if (!found.isEmpty()) {
      return List.copyOf(found);
    }
    Problems unreadable = new Problems();
    RouteFiles files = RouteFiles.read(plan.project(), plan.settings().routes(), unreadable);
    List<RouteFile> sound = new ArrayList<>();
    for (RouteFile file : files.changed()) {
      int before = unreadable.count();
      WrittenRoute.in(file, unreadable);
      if (unreadable.count() == before) {
        sound.add(file);
      }
    }
    found.addAll(unreadable.all());
    found.addAll(written(plan, files));
    if (!found.isEmpty()) {
      sound.forEach(file -> found.addAll(build(files, files.pattern(List.of(file)), false)));
      return List.copyOf(found);
    }
    List<Problem> together = build(files, files.pattern(), true);
    if (!together.isEmpty()) {
      // Camel stops at the first mistake: the other files may have theirs
      sound.forEach(file -> found.addAll(build(files, files.pattern(List.of(file)), false)));
    }
    found.addAll(together);
    return List.copyOf(found);
  }

  /** How many files of routes the project has beside those of the jar. */
  public int count() {
    return RouteFiles.read(plan.project(), plan.settings().routes(), new Problems())
        .changed()
        .size();
  }

  private List<Problem> build(RouteFiles files, String routes, boolean complete) {
    try (Application built = Application.unstarted(plan, files, routes)) {
      return complete ? unanswered(files, built) : List.of();
    } catch (FilesRefused e) {
      return e.problems();
    }
  }

  /** A name that no route has starts without complaint, and fails with the first document. */
  private List<Problem> unanswered(RouteFiles files, Application built) {
    Set<String> routes =
        built.context().getRoutes().stream()
            .map(route -> CalledRoutes.name(route.getEndpoint().getEndpointUri()))
            .collect(Collectors.toCollection(TreeSet::new));
    List<Problem> problems = new ArrayList<>(built(files, built.context()));
    Map<String, List<ToDefinition>> unanswered = new TreeMap<>();
    Set<String> called = new TreeSet<>();
    plan.mappings().routes().values().forEach(uri -> called.add(CalledRoutes.name(uri)));
    Set<String> optional = new TreeSet<>();
    for (RouteDefinition route : CalledRoutes.definitions(built.context())) {
      CalledRoutes.called(route).forEach(called::add);
      for (ToDefinition step :
          ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)) {
        String name = CalledRoutes.name(step.getUri());
        boolean isRoute = name.startsWith("direct:") || name.startsWith("seda:");
        boolean mayBeAbsent = step.getUri().contains("failIfNoConsumers=false");
        if (mayBeAbsent) {
          optional.add(name);
        }
        if (isRoute && !mayBeAbsent && !routes.contains(name)) {
          unanswered.computeIfAbsent(name, unused -> new ArrayList<>()).add(step);
        }
      }
    }
    unanswered.forEach(
        (name, steps) -> {
          if (!CalledRoutes.NAMES.contains(name)) {
            CalledRoutes.leftOut(files, name, callers(steps))
                .ifPresentOrElse(
                    problems::add,
                    () ->
                        steps.forEach(
                            step ->
                                problems.add(
                                    new Problem(
                                        RouteProblems.relative(plan.project(), step.getLocation()),
                                        step.getLineNumber(),
                                        1,
                                        noRoute(name, routes)))));
          }
        });
    problems.addAll(uncalled(files, routes, called, optional));
    problems.addAll(CheckDocumentRoutes.problems(plan, built.context()));
    plan.mappings()
        .routes()
        .forEach(
            (origin, uri) -> {
              String name = CalledRoutes.name(uri);
              if (!routes.contains(name)) {
                problems.add(Problem.at(origin.file(), origin.place(), noRoute(name, routes)));
              }
            });
    return problems;
  }

  private String callers(List<ToDefinition> steps) {
    return steps.stream()
        .map(
            step ->
                "%s:%d%s"
                    .formatted(
                        RouteProblems.relative(plan.project(), step.getLocation()),
                        step.getLineNumber(),
                        step.getLocation().startsWith("classpath:") ? " of the jar" : ""))
        .collect(Collectors.joining(" and ", "", steps.size() == 1 ? " calls" : " call"));
  }

  private static String noRoute(String name, Set<String> routes) {
    String scheme = name.replaceFirst(":.*", ":");
    List<String> alike =
        routes.stream()
            .filter(one -> one.startsWith(scheme))
            .map(one -> one.substring(scheme.length()))
            .toList();
    return "no route begins with %s%s"
        .formatted(
            name,
            Nearest.to(name.substring(scheme.length()), alike)
                .map(near -> ": did you mean %s%s?".formatted(scheme, near))
                .orElse("; `event-streaming routes list` shows those there are"));
  }

  /**
   * Routes of the project that nothing calls, and whose address is a slip away from one that is
   * called where it is there: they would never run, and nothing would say so.
   */
  private static List<Problem> uncalled(
      RouteFiles files, Set<String> routes, Set<String> called, Set<String> optional) {
    Set<String> free = new TreeSet<>(optional);
    free.removeAll(routes);
    List<Problem> problems = new ArrayList<>();
    for (RouteFile file : files.changed()) {
      for (WrittenRoute route : WrittenRoute.in(file, new Problems())) {
        String from = CalledRoutes.name(route.from());
        if (!called.contains(from)) {
          Nearest.within(2, from, free)
              .ifPresent(
                  near ->
                      problems.add(
                          Problem.at(
                              file.path(),
                              route.fromAt(),
                              "nothing calls %s: did you mean %s?".formatted(from, near))));
        }
      }
    }
    return problems;
  }
}
