package org.eventstreaming.command;

import java.util.Objects;
import org.eventstreaming.postgres.Database;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code db}: the database itself. */
@CommandLine.Command(
    name = "db",
    mixinStandardHelpOptions = true,
    description = "Look after the database.")
final class DbCommands {
  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @CommandLine.Command(
      name = "migrate",
      mixinStandardHelpOptions = true,
      description = "Bring the schema up to date.")
  int migrate() throws Exception {
    try (Database database = Objects.requireNonNull(parent).open()) {
      Rows version =
          Rows.of(database, "select max(version) as version from schema_history where success");
      Command.out(spec)
          .printf("%s is at version %s.%n", database.address(), version.value(0, "version"));
      Command.out(spec).flush();
      return Command.DONE;
    }
  }
}
