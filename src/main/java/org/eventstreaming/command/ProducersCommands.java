package org.eventstreaming.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code producers}: which document types each producer approved, and its webhooks. */
@CommandLine.Command(
    name = "producers",
    mixinStandardHelpOptions = true,
    description = "Look at the Event Producers, and have them call us.",
    subcommands = SetUpWebhooks.class,
    synopsisSubcommandLabel = "COMMAND")
final class ProducersCommands {
  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @CommandLine.Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the files' document types with their approval.")
  int list(
      @CommandLine.Option(
              names = "-o",
              paramLabel = "FORMAT",
              defaultValue = "table",
              description = "table or json.")
          Rows.Format format)
      throws Exception {
    Command command = Objects.requireNonNull(parent);
    List<String> urls = new ArrayList<>();
    List<String> doctypes = new ArrayList<>();
    for (EventProducer producer :
        new FilesOfProducers(command.directory(), Command.line(spec).getErr()).read()) {
      for (ProducerDoctype row : producer.producerDoctypes()) {
        urls.add(producer.producerUrl());
        doctypes.add(row.remoteDoctype());
      }
    }
    try (Database database = command.open()) {
      Rows.of(
              database,
              """
              select producer_url, ref_doctype,
                     case when file.place is null then 'Not asked for'
                          else coalesce(t.status, 'Not asked yet') end as status,
                     t.last_update, coalesce(t.passed_over, 0) as passed_over
                from event_producer_document_type t
                full join unnest(?::text[], ?::text[]) with ordinality
                       as file (producer_url, ref_doctype, place) using (producer_url, ref_doctype)
               order by 1, file.place, 2
              """,
              urls.toArray(String[]::new),
              doctypes.toArray(String[]::new))
          .print(Command.out(spec), format);
      return Command.DONE;
    }
  }
}
