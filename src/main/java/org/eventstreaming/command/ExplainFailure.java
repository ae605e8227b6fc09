package org.eventstreaming.command;

import java.io.PrintWriter;
import org.eventstreaming.files.FilesRefused;
import org.eventstreaming.main.Application;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.settings.DataDirectory;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.target.CheckTargets;
import org.eventstreaming.target.TargetFailed;
import org.eventstreaming.update.LeaseTaken;
import picocli.CommandLine;

/** Turns what went wrong into a message for a person and an exit code. */
final class ExplainFailure implements CommandLine.IExecutionExceptionHandler {
  private final Command command;

  ExplainFailure(Command command) {
    this.command = command;
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
    PrintWriter err = line.getErr();
    try {
      return explain(failure, err);
    } finally {
      err.flush();
    }
  }

  private int explain(Exception failure, PrintWriter err) {
    if (failure instanceof FilesRefused refused) {
      refused.problems().forEach(err::println);
      return Command.INVALID_FILES;
    }
    if (failure instanceof NotFound) {
      err.println(failure.getMessage());
      return Command.USAGE;
    }
    if (failure instanceof CheckTargets.Refused) {
      err.println(failure.getMessage());
      return Command.INVALID_FILES;
    }
    if (failure instanceof Database.DatabaseUnavailable
        || failure instanceof SiteFailure
        || failure instanceof TargetFailed
        || failure instanceof LeaseTaken
        || failure instanceof Application.PortInUse
        || failure instanceof DataDirectory.Refused) {
      err.println(failure.getMessage());
      return Command.UNREACHABLE;
    }
    if (command.isVerbose()) {
      failure.printStackTrace(err);
    } else {
      err.println(
          "Unexpected: " + failure + ". The same with --verbose shows where it comes from.");
    }
    return Command.UNEXPECTED;
  }
}
