package org.eventstreaming.postgres;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypeJson;
import org.eventstreaming.store.DocTypeStore;
import org.eventstreaming.store.LearntDocType;

/** Definitions in PostgreSQL: table {@code doctype}. */
public final class PostgresDocTypes implements DocTypeStore {
  private static final JsonFactory JSON = new JsonFactory();

  private final Transactions transactions;

  public PostgresDocTypes(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public List<LearntDocType> find(Collection<String> names) {
    if (names.isEmpty()) {
      return List.of();
    }
    return transactions.query(
        """
        select definition::text, source, read_at
          from doctype
         where name = any (?::text[])
        """,
        columns -> columns.text(names, name -> name),
        rows -> {
          List<LearntDocType> found = new ArrayList<>();
          while (rows.next()) {
            found.add(
                new LearntDocType(
                    parsed(rows.getString(1)),
                    rows.getString(2),
                    Objects.requireNonNull(Columns.instant(rows.getTimestamp(3)))));
          }
          return found;
        });
  }

  @Override
  public void keep(Collection<LearntDocType> definitions) {
    if (definitions.isEmpty()) {
      return;
    }
    transactions.update(
        """
        insert into doctype (name, definition, source, read_at)
        select name, definition::jsonb, source, read_at::timestamptz
          from unnest(?::text[], ?::text[], ?::text[], ?::text[])
               as learnt (name, definition, source, read_at)
         order by name
        on conflict (name) do update
           set definition = excluded.definition, source = excluded.source,
               read_at = excluded.read_at
        """,
        columns ->
            columns
                .text(definitions, learnt -> learnt.definition().name())
                .text(definitions, learnt -> DocTypeJson.write(learnt.definition()))
                .text(definitions, LearntDocType::source)
                .time(definitions, LearntDocType::readAt));
  }

  private static DocType parsed(String json) {
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      return DocTypeJson.read(parser);
    } catch (IOException e) {
      throw new IllegalStateException("doctype.definition holds no DocType", e);
    }
  }
}
