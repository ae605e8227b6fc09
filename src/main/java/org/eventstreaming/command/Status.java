package org.eventstreaming.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.settings.LengthOfTime;
import org.eventstreaming.settings.Settings;
import picocli.CommandLine;

/** {@code status}: how each producer is doing. */
@CommandLine.Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description =
        "Show each Event Producer: approvals, cursor, when each work ran last and which is overdue, the number of rows of each status, what fails and since when. With --verbose or as JSON each document type is shown.",
    exitCodeList = {ExitCodes.FILES, ExitCodes.DATABASE},
    footer = {"event-streaming status", "event-streaming status -v"})
final class Status extends ProjectCommand implements Callable<Integer> {
  @CommandLine.Mixin OutputFormat output = new OutputFormat();

  @Override
  public Integer call() throws Exception {
    Command command = command();
    PrintWriter out = out();
    // a file that is broken must not hide how the others are doing
    List<EventProducer> files = new FilesOfProducers(command.directory(), line().getErr()).read();
    String[] urls = files.stream().map(EventProducer::producerUrl).toArray(String[]::new);
    Settings settings = Project.settings(command.directory()).settings();
    try (Database database = command.open()) {
      Rows producers = Rows.of(database, SQL, (Object) urls, urls);
      producers.forEach(producer -> producer.set("overdue", overdue(producer, files, settings)));
      if (output.format == Rows.Format.json) {
        producers.print(out, output.format);
      } else if (producers.isEmpty()) {
        out.println(NoProducer.reported(command.directory()));
      } else {
        producers.forEach(producer -> print(producer, command.isVerbose(), out));
      }
      out.flush();
      return Command.DONE;
    }
  }

  private static final String SQL =
      """
      select producer_url, producer_url = any (?::text[]) as in_files,
             coalesce(t.approved, 0) as approved, coalesce(t.pending, 0) as pending,
             coalesce(t.rejected, 0) as rejected, p.read, p.last_update, p.last_poll,
             p.last_success, p.compared_at, p.source, p.swept_at, p.rows_swept_at, p.last_error,
             case when p.lease_until >= clock_timestamp() then p.lease_until end as lease_until,
             l.synced, l.failed, l.waiting, coalesce(t.passed_over, 0) as passed_over,
             clock_timestamp() as at, coalesce(t.types, '[]') as types,
             coalesce(u.unreadable, '[]') as unreadable,
             p.time_zone, l.retry_due_at, coalesce(w.works, '[]') as works
        from event_producer p
        full join unnest(?::text[]) as file (producer_url) using (producer_url)
        left join lateral (
          select count(*) filter (where status = 'Approved') as approved,
                 count(*) filter (where status = 'Pending') as pending,
                 count(*) filter (where status = 'Rejected') as rejected,
                 sum(passed_over)::bigint as passed_over,
                 jsonb_agg(jsonb_build_object(
                   'ref_doctype', ref_doctype, 'status', status, 'last_update', last_update,
                   'passed_over', passed_over, 'load_since', load_since,
                   'load_done', case when load_since is not null then load_done end,
                   'load_total', load_total, 'loaded_at', loaded_at) order by ref_doctype) as types
            from event_producer_document_type t
           where t.producer_url = p.producer_url) t on true
        left join lateral (
          select count(*) filter (where status = 'Synced') as synced,
                 count(*) filter (where status = 'Failed') as failed,
                 count(*) filter (where status = 'Waiting') as waiting,
                 min(next_attempt_at) filter (where status <> 'Synced') as retry_due_at
            from event_sync_log l where l.event_producer = p.producer_url) l on true
        left join lateral (
          select jsonb_agg(jsonb_build_object(
                   'ref_doctype', doctype, 'rows_of', nullif(row_type, doctype),
                   'fields', fields) order by doctype, row_type) as unreadable
            from (select doctype, row_type, jsonb_agg(fieldname order by fieldname) as fields
                    from unreadable_field where site_url = p.producer_url
                   group by doctype, row_type) f) u on true
        left join lateral (
          select jsonb_agg(jsonb_build_object(
                   'work', work, 'began_at', began_at, 'succeeded_at', succeeded_at,
                   'failing_since', failing_since, 'failed_at', failed_at,
                   'failures', failures, 'error', error,
                   'requested_at', requested_at) order by work) as works
            from event_producer_work w
           where w.producer_url = p.producer_url) w on true
       order by 1
      """;

  private static void print(ObjectNode producer, boolean verbose, PrintWriter out) {
    out.println(producer.path("producer_url").asText());
    if (producer.path("last_poll").isNull()) {
      out.println("  not polled yet");
    }
    out.printf(
        "  approved %s, pending %s, rejected %s%s%s%s%n",
        producer.path("approved"),
        producer.path("pending"),
        producer.path("rejected"),
        named("; source ", producer.path("source")),
        named("; read by ", producer.path("read")),
        named("; cursor ", producer.path("last_update")));
    if (!producer.path("last_poll").isNull()) {
      out.printf(
          "  last poll %s, last success %s%s%n",
          ago(producer, "last_poll"),
          ago(producer, "last_success"),
          producer.path("lease_until").isNull() ? "" : "; being polled now");
      out.println("  last ran: " + new RanLast(producer).reported());
      producer.path("overdue").forEach(late -> out.println("  overdue: " + late.asText()));
    }
    out.printf(
        "  Synced %s, Failed %s, Waiting %s; passed over %s%n",
        producer.path("synced"),
        producer.path("failed"),
        producer.path("waiting"),
        producer.path("passed_over"));
    if (!producer.path("last_error").isNull()) {
      out.println("  last error: " + producer.path("last_error").asText());
    }
    for (JsonNode type : producer.path("unreadable")) {
      List<String> fields = new ArrayList<>();
      type.path("fields").forEach(field -> fields.add(field.asText()));
      out.printf(
          "  the key may not read: %s of %s%s%n",
          String.join(", ", fields),
          type.path("rows_of").isNull()
              ? ""
              : "the rows of " + type.path("rows_of").asText() + " in ",
          type.path("ref_doctype").asText());
    }
    new RanLast(producer).failing().forEach(work -> out.println("  " + work));
    if (!producer.path("in_files").asBoolean()) {
      out.println("  not among the files of producers/: not followed");
    }
    if (verbose) {
      for (JsonNode type : producer.path("types")) {
        out.printf(
            "    %s: %s%s; passed over %s%n",
            type.path("ref_doctype").asText(),
            type.path("status").asText(),
            named(", cursor ", type.path("last_update")),
            type.path("passed_over"));
      }
    }
    for (JsonNode type : producer.path("types")) {
      if (!type.path("load_since").isNull() && type.path("loaded_at").isNull()) {
        out.println("  loading " + LoadProgress.reported(type));
      }
    }
  }

  private static ArrayNode overdue(
      ObjectNode producer, List<EventProducer> files, Settings settings) {
    ArrayNode overdue = producer.arrayNode();
    files.stream()
        .filter(file -> file.producerUrl().equals(producer.path("producer_url").asText()))
        .findFirst()
        .ifPresent(file -> new RanLast(producer).overdue(file, settings).forEach(overdue::add));
    return overdue;
  }

  private static String named(String name, JsonNode value) {
    return value.isNull() ? "" : name + value.asText();
  }

  private static String ago(ObjectNode producer, String column) {
    if (producer.path(column).isNull()) {
      return "never";
    }
    Duration age =
        Duration.between(
            Instant.parse(producer.path(column).asText()),
            Instant.parse(producer.path("at").asText()));
    return LengthOfTime.text(Duration.ofSeconds(Math.max(0, age.toSeconds()))) + " ago";
  }
}
