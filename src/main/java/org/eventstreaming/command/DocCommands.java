package org.eventstreaming.command;

import java.util.Objects;
import org.eventstreaming.postgres.Database;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code doc}: one document as it is held here. */
@CommandLine.Command(
    name = "doc",
    mixinStandardHelpOptions = true,
    description = "Look at a document.",
    synopsisSubcommandLabel = "COMMAND")
final class DocCommands {
  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @CommandLine.Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description =
          "Show a document as JSON, which documents of which producers it is, and its attached files.")
  int show(
      @CommandLine.Parameters(paramLabel = "DOCTYPE", description = "Its DocType here.")
          String doctype,
      @CommandLine.Parameters(paramLabel = "NAME", description = "Its name here.") String name,
      @CommandLine.Option(
              names = "-o",
              paramLabel = "FORMAT",
              defaultValue = "json",
              description = "table or json.")
          Rows.Format format)
      throws Exception {
    try (Database database = Objects.requireNonNull(parent).open()) {
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
        Command.line(spec)
            .getErr()
            .println(
                "There is no %s %s here. synclog list --doctype '%s' --doc '%s' shows what came."
                    .formatted(doctype, name, doctype, name));
        Command.line(spec).getErr().flush();
        return Command.SOME_FAILED;
      }
      Rows.print(found.first(), Command.out(spec), format);
      return Command.DONE;
    }
  }
}
