package org.eventstreaming.command;

import picocli.CommandLine;

/** The option of commands that print a result for people or for programs. */
final class OutputFormat {
  @CommandLine.Option(
      names = "-o",
      paramLabel = "FORMAT",
      description =
          "How the result is printed: table, for people, or json, for programs (default: ${DEFAULT-VALUE}).")
  Rows.Format format = Rows.Format.table;
}
