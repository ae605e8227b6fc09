package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eventstreaming.files.Problem;
import org.eventstreaming.files.Problems;
import org.eventstreaming.main.CheckRoutes;
import org.eventstreaming.producer.FormerKeys;
import picocli.CommandLine;

/** {@code validate}: checks the project's files without a network or a database. */
@CommandLine.Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = {
      "Check settings, producers, sites, mappings, DocType definitions and routes without a network or a database, and print all problems. Of each route file the first problem is printed.",
      "Keys, passwords and secrets that are written as text in a file are printed as warnings, without their values; so are folders and files that are not read and whose names are a slip away from those that are. Warnings do not change the exit code."
    },
    exitCodeList = ExitCodes.FILES,
    footer = {"event-streaming validate", "event-streaming validate -o json"})
final class Validate extends ProjectCommand implements Callable<Integer> {
  @CommandLine.Mixin AcceptReplaced routes = new AcceptReplaced();

  @CommandLine.Mixin OutputFormat output = new OutputFormat();

  @Override
  public Integer call() {
    PrintWriter out = out();
    Problems problems = new Problems();
    Path directory = directory();
    Project project = Project.read(directory, problems);
    List<Problem> all = new ArrayList<>(problems.all());
    CheckRoutes check = new CheckRoutes(project.plan(false, true, routes));
    all.addAll(check.check());
    List<Problem> warnings =
        Stream.of(
                new FindPlainSecrets(directory).find(),
                new FormerKeys(directory).find(),
                new FindUnread(directory).find())
            .flatMap(List::stream)
            .filter(one -> all.stream().noneMatch(at(one)))
            .toList();
    if (output.format == Rows.Format.json) {
      ObjectNode reported = JsonNodeFactory.instance.objectNode();
      reported.set("problems", json(all));
      reported.set("warnings", json(warnings));
      reported.put("producers", project.producers().size());
      reported.put("mappings", project.mappings().all().size());
      reported.put("doctypes", project.doctypes().size());
      reported.put("route_files", check.count());
      out.println(Rows.pretty(reported));
      out.flush();
      return all.isEmpty() ? Command.DONE : Command.INVALID_FILES;
    }
    all.forEach(out::println);
    warnings.forEach(one -> out.println(one.as("warning")));
    if (all.isEmpty()) {
      out.printf(
          "Settings, %d Event Producer(s), %d mapping(s), %d DocType(s) and %s: all files are valid%s.%n",
          project.producers().size(),
          project.mappings().all().size(),
          project.doctypes().size(),
          check.count() == 0
              ? "the routes of the jar"
              : "the routes of the jar with %d file(s) of this project".formatted(check.count()),
          warnings.isEmpty() ? "" : ", with %d warning(s)".formatted(warnings.size()));
    }
    out.flush();
    return all.isEmpty() ? Command.DONE : Command.INVALID_FILES;
  }

  private static ArrayNode json(List<Problem> problems) {
    ArrayNode reported = JsonNodeFactory.instance.arrayNode();
    for (Problem problem : problems) {
      reported
          .addObject()
          .put("file", problem.file().toString().replace('\\', '/'))
          .put("line", problem.line())
          .put("column", problem.column())
          .put("message", problem.message());
    }
    return reported;
  }

  private static Predicate<Problem> at(Problem place) {
    return other ->
        other.file().equals(place.file())
            && other.line() == place.line()
            && other.column() == place.column();
  }
}
