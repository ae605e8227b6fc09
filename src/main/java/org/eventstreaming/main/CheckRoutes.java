package org.eventstreaming.main;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.eventstreaming.files.FilesRefused;
import org.eventstreaming.files.Problem;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ProjectFiles;
import org.eventstreaming.files.ReadMarkedFile;

/**
 * Checks the routes as they are written, offline: each file for itself, all of them together, and
 * that every name that a step, a mapping or the program hands over to is a route. Of each file the
 * first mistake is told.
 */
public final class CheckRoutes {
  private final Application.Plan plan;

  public CheckRoutes(Application.Plan plan) {
    this.plan =
        new Application.Plan(
            plan.project(),
            plan.settings(),
            plan.camel(),
            plan.producers(),
            plan.doctypes(),
            plan.mappings(),
            plan.clock(),
            false,
            false);
  }

  /** What is wrong; empty when the routes would start. */
  public List<Problem> check() {
    List<Path> files = RouteFiles.of(plan.project());
    Problems problems = new Problems();
    List<Path> sound = new ArrayList<>();
    ReadMarkedFile readFile = new ReadMarkedFile(new ProjectFiles(plan.project()));
    for (Path file : files) {
      if (readFile.read(file, problems).isPresent()) {
        sound.add(file);
      }
    }
    Set<Problem> found = new LinkedHashSet<>(problems.all());
    if (sound.size() < files.size()) {
      sound.forEach(file -> found.addAll(build(List.of(file), false)));
      return List.copyOf(found);
    }
    List<Problem> together = build(files, true);
    if (!together.isEmpty() && files.size() > 1) {
      // Camel stops at the first mistake: the other files may have theirs
      files.forEach(file -> found.addAll(build(List.of(file), false)));
    }
    found.addAll(together);
    return List.copyOf(found);
  }

  /** How many routes files the project has of its own; 0 where those in the jar are used. */
  public int count() {
    return RouteFiles.of(plan.project()).size();
  }

  private List<Problem> build(List<Path> files, boolean complete) {
    try (Application built =
        Application.unstarted(plan, RouteFiles.pattern(plan.project(), files))) {
      return complete ? unanswered(built) : List.of();
    } catch (FilesRefused e) {
      return e.problems();
    }
  }

  /** A name that no route has starts without complaint, and fails with the first document. */
  private List<Problem> unanswered(Application built) {
    Set<String> routes =
        built.context().getRoutes().stream()
            .map(route -> CalledRoutes.name(route.getEndpoint().getEndpointUri()))
            .collect(Collectors.toCollection(TreeSet::new));
    List<Problem> problems = new ArrayList<>(CalledRoutes.missing(built.context()));
    for (RouteDefinition route : CalledRoutes.definitions(built.context())) {
      for (ToDefinition step :
          ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)) {
        String name = CalledRoutes.name(step.getUri());
        boolean isRoute = name.startsWith("direct:") || name.startsWith("seda:");
        boolean mayBeAbsent = step.getUri().contains("failIfNoConsumers=false");
        if (isRoute && !mayBeAbsent && !routes.contains(name)) {
          problems.add(
              new Problem(
                  RouteProblems.relative(plan.project(), step.getLocation()),
                  step.getLineNumber(),
                  1,
                  noRoute(name, routes)));
        }
      }
    }
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

  private static String noRoute(String name, Set<String> routes) {
    return "no route begins with %s; there are %s"
        .formatted(
            name,
            routes.stream()
                .filter(one -> one.startsWith(name.replaceFirst(":.*", ":")))
                .collect(Collectors.joining(", ")));
  }
}
