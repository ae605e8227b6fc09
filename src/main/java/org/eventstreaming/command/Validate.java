package org.eventstreaming.command;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code validate}: checks the project's files without a network or a database. */
@CommandLine.Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Check settings, producers and DocType definitions, offline.")
final class Validate implements Callable<Integer> {
  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Project project = Project.read(Objects.requireNonNull(parent).directory);
    Command.out(spec)
        .printf(
            "Settings, %d Event Producer(s) and %d DocType(s) are fine.%n",
            project.producers().size(), project.doctypes().size());
    Command.out(spec).flush();
    return Command.DONE;
  }
}
