package org.eventstreaming.camel;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.eventstreaming.GeneratedText;
import org.junit.jupiter.api.Test;

/** docs/routes.md is drawn from the routes files. */
class RoutesDrawingTest {
  private static final Path DRAWING = Path.of("docs", "routes.md");

  @Test
  void the_drawing_of_the_routes_is_up_to_date() throws Exception {
    new GeneratedText(DRAWING, RoutesDrawingTest.class).isPage(drawn());
  }

  private static String drawn() throws Exception {
    try (CamelContext context = new DefaultCamelContext()) {
      Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
      Map<String, List<RouteDefinition>> files = new LinkedHashMap<>();
      for (Path file : files()) {
        Resource resource = ResourceHelper.resolveMandatoryResource(context, "file:" + file);
        Set<RouteDefinition> before = new LinkedHashSet<>(model.getRouteDefinitions());
        PluginHelper.getRoutesLoader(context).loadRoutes(resource);
        List<RouteDefinition> added = new ArrayList<>(model.getRouteDefinitions());
        added.removeAll(before);
        files.put(file.getFileName().toString(), added);
      }
      return text(files, model.getRouteConfigurationDefinitions());
    }
  }

  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(Path.of("routes"), "*.camel.yaml")) {
      found.forEach(files::add);
    }
    files.sort(null);
    return files;
  }

  private static String text(
      Map<String, List<RouteDefinition>> files,
      Collection<RouteConfigurationDefinition> configurations) {
    Map<String, String> ids = new TreeMap<>();
    files
        .values()
        .forEach(
            routes ->
                routes.forEach(
                    route -> ids.put(name(route.getInput().getEndpointUri()), route.getId())));
    StringBuilder text =
        new StringBuilder(
            """
            # Routes

            What the files in `routes/` do, generated from them by `mvn test -Dtest=RoutesDrawingTest -Dupdate`. A solid
            arrow is a call (`direct:`), a dotted one hands over to another thread (`seda:`), a thick one shows where a
            failure goes. Rounded boxes are clocks and the HTTP server; a dashed box is a route that a project may add. All
            requests to sites go through `call-site`; steps send them. Types such as `UpdatePage` are those of the package
            `update`.

            ```mermaid
            flowchart LR
            """);
    files.forEach(
        (file, routes) -> {
          text.append("  subgraph %s[%s]\n".formatted(key(file), file));
          routes.forEach(route -> text.append("    ").append(node(route)).append('\n'));
          text.append("  end\n");
        });
    Set<String> absent = new LinkedHashSet<>();
    files
        .values()
        .forEach(
            routes ->
                routes.forEach(
                    route -> {
                      Set<String> failures = failures(route, configurations);
                      targets(route.getOutputs()).stream()
                          .filter(uri -> !failures.contains(name(uri)))
                          .forEach(uri -> arrow(text, route.getId(), uri, ids, absent));
                      failures.forEach(
                          uri ->
                              text.append(
                                  "  %s ==> %s\n"
                                      .formatted(
                                          key(route.getId()), key(ids.getOrDefault(uri, uri)))));
                    }));
    absent.forEach(
        uri ->
            text.append("  %s[%s]\n".formatted(key(uri), uri))
                .append("  style %s stroke-dasharray: 5 5\n".formatted(key(uri))));
    text.append("```\n");
    files.forEach(
        (file, routes) -> {
          text.append(
              "\n## %s\n\n| Route | Begins with | What it does | What it takes and gives |\n|---|---|---|---|\n"
                  .formatted(file));
          routes.forEach(
              route ->
                  text.append(
                      "| %s | `%s` | %s | %s |\n"
                          .formatted(
                              route.getId(),
                              name(route.getInput().getEndpointUri()),
                              route.getDescriptionText(),
                              Objects.requireNonNullElse(route.getNote(), ""))));
        });
    return text.toString();
  }

  private static String node(RouteDefinition route) {
    String uri = route.getInput().getEndpointUri();
    boolean isInside = uri.startsWith("direct:") || uri.startsWith("seda:");
    return (isInside ? "%s[%s]" : "%s([%s])").formatted(key(route.getId()), route.getId());
  }

  private static void arrow(
      StringBuilder text, String from, String uri, Map<String, String> ids, Set<String> absent) {
    String name = name(uri);
    if (name.startsWith("http:")) {
      text.append("  %s --> sites[/sites/]\n".formatted(key(from)));
    }
    if (!name.startsWith("direct:") && !name.startsWith("seda:")) {
      return;
    }
    if (!ids.containsKey(name)) {
      absent.add(name);
    }
    text.append(
        "  %s %s %s\n"
            .formatted(
                key(from),
                name.startsWith("seda:") ? "-.->" : "-->",
                key(ids.getOrDefault(name, name))));
  }

  private static Set<String> targets(List<ProcessorDefinition<?>> steps) {
    Set<String> targets = new LinkedHashSet<>();
    ProcessorDefinitionHelper.filterTypeInOutputs(steps, ToDefinition.class)
        .forEach(step -> targets.add(step.getUri()));
    return targets;
  }

  private static Set<String> failures(
      RouteDefinition route, Collection<RouteConfigurationDefinition> configurations) {
    Set<String> targets = new LinkedHashSet<>();
    for (RouteConfigurationDefinition configuration : configurations) {
      if (configuration.getId().equals(route.getRouteConfigurationId())) {
        for (OnExceptionDefinition handler : configuration.getOnExceptions()) {
          targets(handler.getOutputs()).forEach(uri -> targets.add(name(uri)));
        }
      }
    }
    return targets;
  }

  private static String name(String uri) {
    return uri.replace("://", ":").replaceFirst("\\?.*", "");
  }

  /** "end" and punctuation mean something to Mermaid. */
  private static String key(String id) {
    return "r_" + id.replaceAll("[^a-z]", "_");
  }
}
