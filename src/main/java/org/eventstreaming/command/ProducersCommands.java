package org.eventstreaming.command;

import java.util.ArrayList;
import java.util.List;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import picocli.CommandLine;

/** {@code producers}: which document types each producer approved, and its webhooks. */
@CommandLine.Command(
    name = "producers",
    mixinStandardHelpOptions = true,
    description = "Show Event Producers and set up their webhooks.",
    subcommands = SetUpWebhooks.class,
    synopsisSubcommandLabel = "COMMAND")
final class ProducersCommands extends ProjectCommand {
  @CommandLine.Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description =
          "List the document types that the producer files request, with approval and cursor.",
      exitCodeList = {ExitCodes.FILES, ExitCodes.DATABASE},
      footer = "event-streaming producers list")
  int list(@CommandLine.Mixin OutputFormat output) throws Exception {
    Command command = command();
    List<String> urls = new ArrayList<>();
    List<String> doctypes = new ArrayList<>();
    for (EventProducer producer :
        new FilesOfProducers(command.directory(), line().getErr()).read()) {
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
          .print(out(), output.format);
      return Command.DONE;
    }
  }
}
