package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eventstreaming.files.Problem;
import org.eventstreaming.files.Problems;
import org.eventstreaming.main.CheckRoutes;
import org.eventstreaming.producer.FormerKeys;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code validate}: checks the project's files without a network or a database. */
@CommandLine.Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Check settings, producers, sites, mappings, DocTypes and routes, offline.")
final class Validate implements Callable<Integer> {
  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @CommandLine.Mixin AcceptReplaced routes = new AcceptReplaced();

  @CommandLine.Option(names = "-o", paramLabel = "FORMAT", description = "table or json.")
  Rows.Format format = Rows.Format.table;

  @Override
  public Integer call() {
    PrintWriter out = Command.out(spec);
    Problems problems = new Problems();
    Path directory = Objects.requireNonNull(parent).directory();
    Project project = Project.read(directory, problems);
    List<Problem> all = new ArrayList<>(problems.all());
    CheckRoutes check = new CheckRoutes(project.plan(false, true, routes));
    all.addAll(check.check());
    List<Problem> warnings =
        Stream.concat(
                new FindPlainSecrets(directory).find().stream(),
                new FormerKeys(directory).find().stream())
            .filter(one -> all.stream().noneMatch(at(one)))
            .toList();
    if (format == Rows.Format.json) {
      ObjectNode told = JsonNodeFactory.instance.objectNode();
      told.set("problems", json(all));
      told.set("warnings", json(warnings));
      told.put("producers", project.producers().size());
      told.put("mappings", project.mappings().all().size());
      told.put("doctypes", project.doctypes().size());
      told.put("route_files", check.count());
      out.println(Rows.pretty(told));
      out.flush();
      return all.isEmpty() ? Command.DONE : Command.INVALID_FILES;
    }
    all.forEach(out::println);
    warnings.forEach(one -> out.println(one.as("warning")));
    if (all.isEmpty()) {
      out.printf(
          "Settings, %d Event Producer(s), %d mapping(s), %d DocType(s) and %s: all files are fine%s.%n",
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
    ArrayNode told = JsonNodeFactory.instance.arrayNode();
    for (Problem problem : problems) {
      told.addObject()
          .put("file", problem.file().toString().replace('\\', '/'))
          .put("line", problem.line())
          .put("column", problem.column())
          .put("message", problem.message());
    }
    return told;
  }

  private static Predicate<Problem> at(Problem place) {
    return other ->
        other.file().equals(place.file())
            && other.line() == place.line()
            && other.column() == place.column();
  }
}
