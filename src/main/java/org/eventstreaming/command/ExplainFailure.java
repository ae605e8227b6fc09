package org.eventstreaming.command;

import java.io.PrintWriter;
import org.eventstreaming.files.FilesRefused;
import org.eventstreaming.main.Application;
import org.eventstreaming.postgres.Database;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Turns what went wrong into a message for a person and an exit code. */
final class ExplainFailure implements CommandLine.IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(
      Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
    PrintWriter err = line.getErr();
    if (failure instanceof FilesRefused refused) {
      refused.problems().forEach(err::println);
      err.flush();
      return Command.INVALID_FILES;
    }
    if (failure instanceof Database.DatabaseUnavailable
        || failure instanceof Application.PortInUse) {
      err.println(failure.getMessage());
      err.flush();
      return Command.UNREACHABLE;
    }
    if (failure instanceof RoutesRefused) {
      err.println(failure.getMessage());
      err.flush();
      return Command.INVALID_FILES;
    }
    err.println("Unexpected: " + failure);
    err.flush();
    LoggerFactory.getLogger(ExplainFailure.class).error("Unexpected", failure);
    return Command.UNEXPECTED;
  }

  /** The routes cannot be started as they are written. */
  static final class RoutesRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RoutesRefused(Throwable cause) {
      super("routes: " + reasons(cause), cause);
    }

    private static String reasons(Throwable cause) {
      StringBuilder text = new StringBuilder();
      for (Throwable reason = cause; reason != null; reason = reason.getCause()) {
        String message = reason.getMessage();
        if (message != null && text.indexOf(message) < 0) {
          text.append(text.isEmpty() ? "" : ": ").append(message);
        }
      }
      return text.toString();
    }
  }
}
