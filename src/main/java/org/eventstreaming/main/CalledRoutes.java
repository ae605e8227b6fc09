package org.eventstreaming.main;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
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
          "direct:views",
          "direct:write");

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
    return leftOut(files, name, "the program calls")
        .orElseGet(
            () ->
                Problem.at(
                    RouteFiles.FOLDER,
                    Place.NONE,
                    "no route begins with " + name + ", which the program calls"));
  }

  /**
   * A file of the project that no longer has an address of the file of the jar that it replaces;
   * empty where no replaced file had it.
   *
   * @param callers who calls the address
   */
  static Optional<Problem> leftOut(RouteFiles files, String name, String callers) {
    for (RouteFile file : files.replacing()) {
      Optional<WrittenRoute> builtIn =
          WrittenRoute.in(RouteFiles.builtIn(file.name()), new Problems()).stream()
              .filter(route -> route.from().equals(name))
              .findFirst();
      if (builtIn.isPresent()) {
        String id = builtIn.get().id();
        Optional<WrittenRoute> changed =
            WrittenRoute.in(file, new Problems()).stream()
                .filter(route -> route.id().equals(id))
                .findFirst();
        return Optional.of(
            Problem.at(
                file.path(),
                changed.map(WrittenRoute::fromAt).orElse(Place.START),
                "has no route from %1$s any more, which %2$s. The built-in %3$s has route %4$s from it, which %5$s here. `event-streaming routes diff %3$s` shows what else differs."
                    .formatted(
                        name,
                        callers,
                        file.name(),
                        id,
                        changed.map(route -> "is from " + route.from()).orElse("is missing"))));
      }
    }
    return Optional.empty();
  }

  static Collection<RouteDefinition> definitions(CamelContext context) {
    return context.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions();
  }

  /** What the steps of a route send to, as far as an address is written out. */
  static Stream<String> called(RouteDefinition route) {
    return Stream.concat(
            ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)
                .stream()
                .map(ToDefinition::getUri),
            ProcessorDefinitionHelper.filterTypeInOutputs(
                    route.getOutputs(), ToDynamicDefinition.class)
                .stream()
                .map(ToDynamicDefinition::getUri))
        .filter(Objects::nonNull)
        .map(CalledRoutes::name);
  }

  /** The name in an address, without its options. */
  static String name(String uri) {
    return uri.replace("://", ":").replaceFirst("\\?.*", "");
  }
}
