package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eventstreaming.files.Problems;
import org.eventstreaming.main.ProjectRoutes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code routes}: the routes that a project runs, and copies of those in the jar. */
@CommandLine.Command(
    name = "routes",
    mixinStandardHelpOptions = true,
    description = "List, copy and compare routes.",
    synopsisSubcommandLabel = "COMMAND")
final class RouteCommands extends ProjectCommand {
  private static final List<String> COLUMNS =
      List.of("id", "from", "file", "origin", "description");

  @CommandLine.Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description =
          "List every route with its id, address, file, description and origin: built-in, replaced by a file of the project, or a route of the project.",
      exitCodeList = ExitCodes.FILES,
      footer = "event-streaming routes list")
  int list(@CommandLine.Mixin OutputFormat output) {
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
    Rows.of(COLUMNS, rows).print(out(), output.format);
    return end(problems);
  }

  @CommandLine.Command(
      name = "copy",
      mixinStandardHelpOptions = true,
      description =
          "Copy a built-in file into routes/, where it replaces the built-in file. Its first line names the version of the file that it replaces. A file that exists is never overwritten.",
      exitCodeList = "2:There is no such built-in file, or the file exists already.",
      footer = "event-streaming routes copy poll")
  int copy(
      @CommandLine.Parameters(
              paramLabel = "FILE",
              description = "A built-in file, such as poll or poll.camel.yaml.")
          String name,
      @CommandLine.Mixin OutputFormat output)
      throws IOException {
    Optional<String> builtIn = ProjectRoutes.named(name);
    if (builtIn.isEmpty()) {
      return noSuchFile(name);
    }
    ProjectRoutes.Copy copy = ProjectRoutes.copy(builtIn.get());
    Path file = directory().resolve(copy.file());
    if (NewFile.write(file, copy.text(), false) != NewFile.WRITTEN) {
      return refuse(
          "%s is there already and stays as it is. `event-streaming routes diff %s` shows how it differs from the built-in file."
              .formatted(file, builtIn.get()));
    }
    PrintWriter out = out();
    if (output.format == Rows.Format.json) {
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
      description =
          "Print, as unified diffs, how files of the project differ from the built-in files that they replace.",
      exitCodeList = {"2:There is no such built-in file.", ExitCodes.FILES},
      footer = "event-streaming routes diff poll")
  int diff(
      @CommandLine.Parameters(
              paramLabel = "FILE",
              arity = "0..1",
              description =
                  "A built-in file, such as poll or poll.camel.yaml (default: all that are replaced).")
          @Nullable String name,
      @CommandLine.Mixin OutputFormat output) {
    Optional<String> only = name == null ? Optional.empty() : ProjectRoutes.named(name);
    if (name != null && only.isEmpty()) {
      return noSuchFile(name);
    }
    Problems problems = new Problems();
    List<ProjectRoutes.Change> changes =
        read(problems).changes().stream()
            .filter(change -> only.isEmpty() || change.name().equals(only.get()))
            .toList();
    PrintWriter out = out();
    if (output.format == Rows.Format.json) {
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
      Rows.of(List.of("file", "added", "removed", "diff"), rows).print(out, output.format);
    } else if (changes.isEmpty()) {
      out.printf("No file of this project replaces %s.%n", only.orElse("a built-in one"));
    } else {
      changes.forEach(
          change ->
              out.println(
                  change.text().isEmpty()
                      ? "%s is equal to the built-in %s."
                          .formatted(slashes(change.file()), change.name())
                      : change.text()));
    }
    out.flush();
    return end(problems);
  }

  private ProjectRoutes read(Problems problems) {
    Path directory = directory();
    return new ProjectRoutes(directory, Project.settings(directory).settings().routes(), problems);
  }

  private int end(Problems problems) {
    PrintWriter err = line().getErr();
    problems.all().forEach(err::println);
    err.flush();
    return problems.count() == 0 ? Command.DONE : Command.INVALID_FILES;
  }

  private int noSuchFile(String name) {
    return refuse(
        "The jar has no file of routes %s. It has %s."
            .formatted(name, String.join(", ", ProjectRoutes.builtIn())));
  }

  private static String slashes(Path file) {
    return file.toString().replace('\\', '/');
  }
}
