package org.eventstreaming.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** A command that works on a project: the options before it, and where its output goes. */
abstract class ProjectCommand {
  @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

  final Command command() {
    return (Command) line().getCommandSpec().root().userObject();
  }

  final Path directory() {
    return command().directory();
  }

  final CommandLine line() {
    return Command.line(spec);
  }

  final PrintWriter out() {
    return line().getOut();
  }

  /**
   * What a person got wrong on the command line, where the command itself has to look to see it.
   */
  final int refuse(String message) {
    PrintWriter err = line().getErr();
    err.println(message);
    err.flush();
    return Command.USAGE;
  }
}
