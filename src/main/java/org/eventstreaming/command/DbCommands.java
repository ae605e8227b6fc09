package org.eventstreaming.command;

import java.util.Objects;
import org.eventstreaming.postgres.Database;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code db}: the database itself. */
@CommandLine.Command(
    name = "db",
    mixinStandardHelpOptions = true,
    description = "Look after the database.",
    synopsisSubcommandLabel = "COMMAND")
final class DbCommands {
  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @CommandLine.Command(
      name = "migrate",
      mixinStandardHelpOptions = true,
      description = "Bring the schema up to date.")
  int migrate(
      @CommandLine.Option(
              names = "-o",
              paramLabel = "FORMAT",
              defaultValue = "table",
              description = "table or json.")
          Rows.Format format)
      throws Exception {
    try (Database database = Objects.requireNonNull(parent).open()) {
      Rows version =
          Rows.of(
              database,
              """
              select version from schema_history
               where success and version is not null order by installed_rank desc limit 1
              """);
      if (format == Rows.Format.json) {
        version.first().put("database", database.address());
        Command.out(spec).println(Rows.pretty(version.first()));
        Command.out(spec).flush();
        return Command.DONE;
      }
      Command.out(spec)
          .printf(
              "%s is at version %s.%n",
              database.address(), version.first().path("version").asText());
      Command.out(spec).flush();
      return Command.DONE;
    }
  }
}
