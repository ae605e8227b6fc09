package org.eventstreaming.main;

import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.util.URISupport;
import org.eventstreaming.files.Problem;

/**
 * Checks a project's own route {@code call-site}: each way through it ends in an {@code http:}
 * step, to which the bean {@code siteKeys} adds the key and which hands answers on as they come.
 */
final class CheckCallSite {
  static final String FILE = "call-site.camel.yaml";
  static final String FROM = "direct:call-site";

  /** The options without which the key is not added, or an answer is not handed on. */
  private static final Map<String, String> OPTIONS = options();

  private static final String SHAPE =
      ". The route ends in a step to http: with the parameters %s, or in a choice of which each branch and otherwise do"
          .formatted(text(OPTIONS));

  private final RouteFiles files;
  private final Collection<RouteDefinition> routes;
  private final Set<String> seen = new HashSet<>();
  private final List<Problem> problems = new ArrayList<>();

  private CheckCallSite(RouteFiles files, Collection<RouteDefinition> routes) {
    this.files = files;
    this.routes = routes;
  }

  /** What is wrong; nothing is where the jar's route is used. */
  static List<Problem> problems(RouteFiles files, Collection<RouteDefinition> routes) {
    CheckCallSite check = new CheckCallSite(files, routes);
    if (!files.named(FILE).isBuiltIn()) {
      routes.stream()
          .filter(route -> CalledRoutes.name(route.getInput().getEndpointUri()).equals(FROM))
          .forEach(route -> check.ends(route, route, route.getOutputs()));
    }
    return List.copyOf(check.problems);
  }

  private void ends(
      RouteDefinition route,
      OptionalIdentifiedDefinition<?> holder,
      List<ProcessorDefinition<?>> steps) {
    if (steps.isEmpty()) {
      refuse(route, holder, "no request is sent here");
      return;
    }
    ProcessorDefinition<?> last = steps.get(steps.size() - 1);
    if (last instanceof ChoiceDefinition choice) {
      choice.getWhenClauses().forEach(when -> ends(route, when, when.getOutputs()));
      if (choice.getOtherwise() == null) {
        refuse(route, choice, "the choice has no otherwise, so that some requests are not sent");
      } else {
        ends(route, choice.getOtherwise(), choice.getOtherwise().getOutputs());
      }
      return;
    }
    String uri =
        last instanceof ToDefinition to
            ? to.getUri()
            : last instanceof ToDynamicDefinition dynamic ? dynamic.getUri() : "";
    String name = CalledRoutes.name(uri);
    if (name.startsWith("direct:")) {
      next(route, last, name);
    } else if (name.startsWith("http:") || name.startsWith("https:")) {
      options(route, last, uri);
    } else {
      refuse(route, last, "the last step, %s, is none to http:".formatted(last.getShortName()));
    }
  }

  /** Commands load this file alone, so what it calls is in it. */
  private void next(RouteDefinition route, ProcessorDefinition<?> step, String name) {
    List<RouteDefinition> called =
        routes.stream()
            .filter(one -> CalledRoutes.name(one.getInput().getEndpointUri()).equals(name))
            .filter(one -> Objects.equals(one.getLocation(), route.getLocation()))
            .toList();
    if (called.isEmpty()) {
      refuse(route, step, "no route of this file begins with " + name);
    } else if (seen.add(name)) {
      called.forEach(one -> ends(one, one, one.getOutputs()));
    }
  }

  private void options(RouteDefinition route, ProcessorDefinition<?> step, String uri) {
    Map<String, String> missing = new LinkedHashMap<>(OPTIONS);
    try {
      Map<String, Object> given = URISupport.parseQuery(URISupport.extractQuery(uri));
      missing
          .entrySet()
          .removeIf(
              option ->
                  Objects.toString(given.get(option.getKey()), "")
                      .replace("#bean:", "#")
                      .equals(option.getValue()));
    } catch (URISyntaxException e) {
      refuse(route, step, "its parameters cannot be read (%s)".formatted(e.getMessage()));
      return;
    }
    if (!missing.isEmpty()) {
      refuse(route, step, "the step to http: is without " + text(missing));
    }
  }

  private void refuse(RouteDefinition route, OptionalIdentifiedDefinition<?> at, String message) {
    int line = Math.max(0, at.getLineNumber());
    problems.add(
        new Problem(
            RouteProblems.relative(
                files.project(),
                Objects.requireNonNullElse(at.getLocation(), files.named(FILE).path().toString())),
            line,
            line > 0 ? 1 : 0,
            "route %s: %s".formatted(route.getRouteId(), message) + SHAPE));
  }

  private static Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("httpClientConfigurer", "#siteKeys");
    options.put("throwExceptionOnFailure", "false");
    options.put("disableStreamCache", "true");
    return options;
  }

  private static String text(Map<String, String> options) {
    return String.join(
        ", ",
        options.entrySet().stream()
            .map(option -> "%s: \"%s\"".formatted(option.getKey(), option.getValue()))
            .toList());
  }
}
