package org.eventstreaming.main;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.eventstreaming.files.Place;
import org.eventstreaming.files.Problem;

/** What the program itself calls by name: a project with routes of its own has all of it. */
final class CalledRoutes {
  static final List<String> NAMES =
      List.of(
          "direct:attachments",
          "direct:compare",
          "direct:load",
          "direct:load-producer",
          "direct:poll",
          "direct:poll-producer",
          "direct:reconcile",
          "direct:retry",
          "direct:views");

  private CalledRoutes() {}

  /** Those that none of the context's routes begins with. */
  static List<Problem> missing(CamelContext context) {
    Set<String> begun =
        definitions(context).stream()
            .map(route -> name(route.getInput().getEndpointUri()))
            .collect(Collectors.toSet());
    return NAMES.stream()
        .filter(name -> !begun.contains(name))
        .map(
            name ->
                Problem.at(
                    RouteFiles.FOLDER,
                    Place.NONE,
                    "no route begins with "
                        + name
                        + ", which the program calls. A routes/ folder takes the place of all"
                        + " routes in the jar: copy what is missing from the routes/ of this"
                        + " version."))
        .toList();
  }

  static Collection<RouteDefinition> definitions(CamelContext context) {
    return context.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions();
  }

  /** The name in an address, without its options. */
  static String name(String uri) {
    return uri.replace("://", ":").replaceFirst("\\?.*", "");
  }
}
