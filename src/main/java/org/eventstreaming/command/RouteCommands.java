package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eventstreaming.files.Problems;
import org.eventstreaming.main.ProjectRoutes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code routes}: the routes that a project runs, and copies of those in the jar. */
@CommandLine.Command(
    name = "routes",
    mixinStandardHelpOptions = true,
    description = "List the routes of the jar and of the project, and copy or compare them.",
    synopsisSubcommandLabel = "COMMAND")
final class RouteCommands {
  private static final List<String> COLUMNS =
      List.of("id", "from", "file", "origin", "description");

  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @CommandLine.Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List all routes: built-in, replaced by a file of the project, or its own.")
  int list(
      @CommandLine.Option(
              names = "-o",
              paramLabel = "FORMAT",
              defaultValue = "table",
              description = "table or json.")
          Rows.Format format) {
    Problems problems = new Problems();
    List<ObjectNode> rows =
        read(problems).rows().stream()
            .map(
                row ->
                    JsonNodeFactory.instance
                        .objectNode()
                        .put("id", row.id())
                        .put("from", row.from())
                        .put("file", slashes(row.file()))
                        .put("origin", row.origin())
                        .put("description", row.description()))
            .toList();
    Rows.of(COLUMNS, rows).print(Command.out(spec), format);
    return end(problems);
  }

  @CommandLine.Command(
      name = "copy",
      mixinStandardHelpOptions = true,
      description =
          "Copy a built-in file into routes/, where it replaces the built-in one. A file that is"
              + " there is never overwritten.")
  int copy(
      @CommandLine.Parameters(
              paramLabel = "FILE",
              description = "A built-in file, such as poll or poll.camel.yaml.")
          String name,
      @CommandLine.Option(
              names = "-o",
              paramLabel = "FORMAT",
              defaultValue = "table",
              description = "table or json.")
          Rows.Format format)
      throws IOException {
    Optional<String> builtIn = ProjectRoutes.named(name);
    if (builtIn.isEmpty()) {
      return noSuchFile(name);
    }
    ProjectRoutes.Copy copy = ProjectRoutes.copy(builtIn.get());
    Path file = Objects.requireNonNull(parent).directory().resolve(copy.file());
    if (NewFile.write(file, copy.text(), false) != NewFile.WRITTEN) {
      return Command.refuse(
          spec,
          "%s is there already and stays as it is. `event-streaming routes diff %s` shows how it differs from the built-in file."
              .formatted(file, builtIn.get()));
    }
    PrintWriter out = Command.out(spec);
    if (format == Rows.Format.json) {
      out.println(
          Rows.pretty(
              JsonNodeFactory.instance
                  .objectNode()
                  .put("file", slashes(copy.file()))
                  .put("replaces", builtIn.get())));
    } else {
      out.printf(
          "Written: %s. It replaces the built-in %s from now on; its first line says which version of it.%n",
          file, builtIn.get());
    }
    out.flush();
    return Command.DONE;
  }

  @CommandLine.Command(
      name = "diff",
      mixinStandardHelpOptions = true,
      description = "Show how files of the project differ from the built-in ones they replace.")
  int diff(
      @CommandLine.Parameters(
              paramLabel = "FILE",
              arity = "0..1",
              description = "One of them, such as poll or poll.camel.yaml (default: all).")
          @Nullable String name,
      @CommandLine.Option(
              names = "-o",
              paramLabel = "FORMAT",
              defaultValue = "table",
              description = "table or json.")
          Rows.Format format) {
    Optional<String> only = name == null ? Optional.empty() : ProjectRoutes.named(name);
    if (name != null && only.isEmpty()) {
      return noSuchFile(name);
    }
    Problems problems = new Problems();
    List<ProjectRoutes.Change> changes =
        read(problems).changes().stream()
            .filter(change -> only.isEmpty() || change.name().equals(only.get()))
            .toList();
    PrintWriter out = Command.out(spec);
    if (format == Rows.Format.json) {
      List<ObjectNode> rows =
          changes.stream()
              .map(
                  change ->
                      JsonNodeFactory.instance
                          .objectNode()
                          .put("file", slashes(change.file()))
                          .put("added", change.added())
                          .put("removed", change.removed())
                          .put("diff", change.text()))
              .toList();
      Rows.of(List.of("file", "added", "removed", "diff"), rows).print(out, format);
    } else if (changes.isEmpty()) {
      out.printf("No file of this project replaces %s.%n", only.orElse("a built-in one"));
    } else {
      changes.forEach(change -> out.println(change.text()));
    }
    out.flush();
    return end(problems);
  }

  private ProjectRoutes read(Problems problems) {
    Path directory = Objects.requireNonNull(parent).directory();
    return new ProjectRoutes(directory, Project.settings(directory).settings().routes(), problems);
  }

  private int end(Problems problems) {
    PrintWriter err = Command.line(spec).getErr();
    problems.all().forEach(err::println);
    err.flush();
    return problems.count() == 0 ? Command.DONE : Command.INVALID_FILES;
  }

  private int noSuchFile(String name) {
    return Command.refuse(
        spec,
        "The jar has no file of routes %s. It has %s."
            .formatted(name, String.join(", ", ProjectRoutes.builtIn())));
  }

  private static String slashes(Path file) {
    return file.toString().replace('\\', '/');
  }
}
