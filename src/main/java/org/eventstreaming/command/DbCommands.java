package org.eventstreaming.command;

import org.eventstreaming.postgres.Database;
import picocli.CommandLine;

/** {@code db}: the database itself. */
@CommandLine.Command(
    name = "db",
    mixinStandardHelpOptions = true,
    description = "Manage the database.",
    synopsisSubcommandLabel = "COMMAND")
final class DbCommands extends ProjectCommand {
  @CommandLine.Command(
      name = "migrate",
      mixinStandardHelpOptions = true,
      description =
          "Migrate the schema of the database to the version of this program and print that version. Every command that opens the database does the same.",
      exitCodeList = {ExitCodes.FILES, ExitCodes.DATABASE},
      footer = "event-streaming db migrate")
  int migrate(@CommandLine.Mixin OutputFormat output) throws Exception {
    try (Database database = command().open()) {
      Rows version =
          Rows.of(
              database,
              """
              select version from schema_history
               where success and version is not null order by installed_rank desc limit 1
              """);
      if (output.format == Rows.Format.json) {
        version.first().put("database", database.address());
        out().println(Rows.pretty(version.first()));
        out().flush();
        return Command.DONE;
      }
      out()
          .printf(
              "%s is at version %s.%n",
              database.address(), version.first().path("version").asText());
      out().flush();
      return Command.DONE;
    }
  }
}
