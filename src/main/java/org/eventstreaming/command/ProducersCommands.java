package org.eventstreaming.command;

import java.util.Objects;
import org.eventstreaming.postgres.Database;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code producers}: which document types each producer approved. */
@CommandLine.Command(
    name = "producers",
    mixinStandardHelpOptions = true,
    description = "Look at the Event Producers.")
final class ProducersCommands {
  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @CommandLine.Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List document types with their approval and cursor.")
  int list(
      @CommandLine.Option(names = "-o", defaultValue = "table", description = "table or json.")
          Rows.Format format)
      throws Exception {
    try (Database database = Objects.requireNonNull(parent).open()) {
      Rows.of(
              database,
              """
              select producer_url, ref_doctype, status, last_update, passed_over
                from event_producer_document_type order by 1, 2
              """)
          .print(Command.out(spec), format);
      return Command.DONE;
    }
  }
}
