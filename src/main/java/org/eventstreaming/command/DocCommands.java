package org.eventstreaming.command;

import org.eventstreaming.postgres.Database;
import picocli.CommandLine;

/** {@code doc}: one document as it is held here. */
@CommandLine.Command(
    name = "doc",
    mixinStandardHelpOptions = true,
    description = "Show documents.",
    synopsisSubcommandLabel = "COMMAND")
final class DocCommands extends ProjectCommand {
  @CommandLine.Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description =
          "Show a document as JSON, the documents of Event Producers that it is the copy of, and its attached files.",
      exitCodeList = {ExitCodes.FILES, ExitCodes.DATABASE, "5:There is no such document."},
      footer = "event-streaming doc show Customer CUST-0001")
  int show(
      @CommandLine.Parameters(paramLabel = "DOCTYPE", description = "DocType of the document here.")
          String doctype,
      @CommandLine.Parameters(paramLabel = "NAME", description = "Name of the document here.")
          String name,
      @CommandLine.Option(
              names = "-o",
              paramLabel = "FORMAT",
              defaultValue = "json",
              description =
                  "How the result is printed: table, for people, or json, for programs (default: ${DEFAULT-VALUE}).")
          Rows.Format format)
      throws Exception {
    try (Database database = command().open()) {
      Rows found =
          Rows.of(
              database,
              """
              select d.doctype, d.name, d.version, d.origin,
                     coalesce((
                       select jsonb_agg(jsonb_build_object(
                                'producer_url', k.producer_url,
                                'remote_doctype', k.remote_doctype,
                                'remote_name', k.remote_name,
                                'last_creation', to_char(k.last_creation at time zone 'UTC',
                                                         'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                                'read_at', to_char(k.read_at at time zone 'UTC',
                                                   'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) order by k.producer_url)
                         from document_link k
                        where k.local_doctype = d.doctype and k.local_name = d.name), '[]')
                       as comes_from,
                     coalesce((
                       select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                                'file_name', a.file_name, 'field', nullif(a.field, ''),
                                'is_private', a.is_private, 'size', a.size, 'state', a.state,
                                'note', a.note, 'path', a.path)) order by a.file_name)
                         from document_attachment a
                        where a.doctype = d.doctype and a.name = d.name), '[]')
                       as attachments,
                     d.data
                from document d where d.doctype = ? and d.name = ?
              """,
              doctype,
              name);
      if (found.isEmpty()) {
        line()
            .getErr()
            .println(
                "There is no %s %s here. synclog list --doctype '%s' --doc '%s' shows what came."
                    .formatted(doctype, name, doctype, name));
        line().getErr().flush();
        return Command.SOME_FAILED;
      }
      Rows.print(found.first(), out(), format);
      return Command.DONE;
    }
  }
}
