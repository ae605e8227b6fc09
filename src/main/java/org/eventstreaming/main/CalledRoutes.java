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
import org.eventstreaming.files.Problems;

/** What the program itself calls by name. */
final class CalledRoutes {
  static final List<String> NAMES =
      List.of(
          "direct:attachments",
          "direct:call-site",
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
  static List<Problem> missing(RouteFiles files, CamelContext context) {
    Set<String> begun =
        definitions(context).stream()
            .map(route -> name(route.getInput().getEndpointUri()))
            .collect(Collectors.toSet());
    return NAMES.stream()
        .filter(name -> !begun.contains(name))
        .map(name -> missing(files, name))
        .toList();
  }

  /** The jar has all of them, so a file that replaces one of the jar's left it out. */
  private static Problem missing(RouteFiles files, String name) {
    RouteFile left =
        files.replacing().stream()
            .filter(file -> begins(RouteFiles.builtIn(file.name()), name))
            .findFirst()
            .orElse(null);
    return left == null
        ? Problem.at(
            RouteFiles.FOLDER,
            Place.NONE,
            "no route begins with " + name + ", which the program calls")
        : Problem.at(
            left.path(),
            Place.START,
            "no route begins with %s, which the program calls: the file of the jar that this one replaces has it. `event-streaming routes diff %s` shows what else is other here."
                .formatted(name, left.name()));
  }

  private static boolean begins(RouteFile file, String name) {
    return WrittenRoute.in(file, new Problems()).stream()
        .anyMatch(route -> route.from().equals(name));
  }

  static Collection<RouteDefinition> definitions(CamelContext context) {
    return context.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions();
  }

  /** The name in an address, without its options. */
  static String name(String uri) {
    return uri.replace("://", ":").replaceFirst("\\?.*", "");
  }
}
