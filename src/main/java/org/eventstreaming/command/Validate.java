package org.eventstreaming.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eventstreaming.files.Problem;
import org.eventstreaming.files.Problems;
import org.eventstreaming.main.CheckRoutes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code validate}: checks the project's files without a network or a database. */
@CommandLine.Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Check settings, producers, mappings, DocType definitions and routes, offline.")
final class Validate implements Callable<Integer> {
  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = Command.out(spec);
    Problems problems = new Problems();
    Optional<Project> project = Project.read(Objects.requireNonNull(parent).directory(), problems);
    List<Problem> all = new ArrayList<>(problems.all());
    // routes may name settings, so they are looked at once these are right
    Optional<CheckRoutes> routes = project.map(read -> new CheckRoutes(read.plan(false)));
    routes.ifPresent(check -> all.addAll(check.check()));
    if (!all.isEmpty()) {
      all.forEach(out::println);
      out.flush();
      return Command.INVALID_FILES;
    }
    int own = routes.orElseThrow().count();
    out.printf(
        "Settings, %d Event Producer(s), %d mapping(s), %d DocType(s) and %s: all files are fine.%n",
        project.orElseThrow().producers().size(),
        project.orElseThrow().mappings().all().size(),
        project.orElseThrow().doctypes().size(),
        own == 0 ? "the routes of the jar" : own + " file(s) of routes");
    out.flush();
    return Command.DONE;
  }
}
