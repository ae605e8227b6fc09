package org.eventstreaming.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eventstreaming.store.Rewritten;
import org.eventstreaming.store.SiteLink;
import org.eventstreaming.store.SiteLinks;
import org.eventstreaming.store.StreamedTo;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.jspecify.annotations.Nullable;

/** The rows of {@code document_link} whose documents are on a target site. */
public final class PostgresSiteLinks implements SiteLinks {
  private static final String COLUMNS =
      """
      l.remote_doctype, l.remote_name, l.local_doctype, l.local_name, l.version,
      l.last_creation, l.remote_modified, l.remote_creation, l.remote_owner, l.owned,
      l.left_at is not null, l.logged, l.row_names::text, l.rewritten::text
      """;

  private static final TypeReference<Map<String, String>> NAMES = new TypeReference<>() {};
  private static final TypeReference<Map<String, Rewritten>> REWRITTEN = new TypeReference<>() {};

  private final Transactions transactions;

  public PostgresSiteLinks(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Map<IdentityKey, SiteLink> find(String producerUrl, Collection<IdentityKey> wanted) {
    if (wanted.isEmpty()) {
      return Map.of();
    }
    return transactions.query(
        "select "
            + COLUMNS
            + """
          from unnest(?::text[], ?::text[], ?::text[]) as wanted (doctype, name, local_doctype)
          join document_link l
            on l.producer_url = ? and l.remote_doctype = wanted.doctype
           and l.remote_name = wanted.name and l.local_doctype = wanted.local_doctype
         where l.target_site is not null
        """,
        columns -> keys(columns, wanted).value(producerUrl),
        rows -> {
          Map<IdentityKey, SiteLink> links = new HashMap<>();
          while (rows.next()) {
            SiteLink link = link(rows);
            links.put(link.identity(), link);
          }
          return links;
        });
  }

  @Override
  public List<SiteLink> ofType(
      String producerUrl, String remoteDoctype, String localDoctype, String after, int limit) {
    return transactions.query(
        "select "
            + COLUMNS
            + """
          from document_link l
         where l.producer_url = ? and l.remote_doctype = ? and l.local_doctype = ?
           and l.remote_name > ? and l.target_site is not null and l.owned and l.left_at is null
         order by l.remote_name
         limit ?
        """,
        columns ->
            columns
                .value(producerUrl)
                .value(remoteDoctype)
                .value(localDoctype)
                .value(after)
                .value(limit),
        rows -> {
          List<SiteLink> links = new ArrayList<>();
          while (rows.next()) {
            links.add(link(rows));
          }
          return links;
        });
  }

  @Override
  public List<SiteLink> madeAt(
      String producerUrl, String remoteDoctype, String localDoctype, Collection<Instant> moments) {
    return transactions.query(
        "select "
            + COLUMNS
            + """
          from document_link l
         where l.producer_url = ? and l.remote_doctype = ? and l.local_doctype = ?
           and l.remote_creation = any (?::timestamptz[])
           and l.target_site is not null and l.owned and l.left_at is null
        """,
        columns ->
            columns
                .value(producerUrl)
                .value(remoteDoctype)
                .value(localDoctype)
                .time(moments, moment -> moment),
        rows -> {
          List<SiteLink> links = new ArrayList<>();
          while (rows.next()) {
            links.add(link(rows));
          }
          return links;
        });
  }

  @Override
  public long count(
      String producerUrl,
      String remoteDoctype,
      String localDoctype,
      @Nullable Instant from,
      Instant until) {
    return transactions.query(
        """
        select count(*)
          from document_link l
         where l.producer_url = ? and l.remote_doctype = ? and l.local_doctype = ?
           and l.target_site is not null and l.owned and l.left_at is null
           and l.remote_creation between ? and ?
        """,
        columns ->
            columns
                .value(producerUrl)
                .value(remoteDoctype)
                .value(localDoctype)
                .value(Objects.requireNonNullElse(from, Instant.EPOCH))
                .value(until),
        rows -> {
          rows.next();
          return rows.getLong(1);
        });
  }

  private static SiteLink link(ResultSet row) throws SQLException {
    String rowNames = row.getString(13);
    String rewritten = row.getString(14);
    return new SiteLink(
        new IdentityKey(new DocumentKey(row.getString(1), row.getString(2)), row.getString(3)),
        new DocumentKey(row.getString(3), row.getString(4)),
        row.getLong(5),
        Columns.instant(row.getTimestamp(6)),
        Columns.instant(row.getTimestamp(7)),
        Columns.instant(row.getTimestamp(8)),
        row.getString(9),
        row.getBoolean(10),
        row.getBoolean(11),
        row.getBoolean(12),
        rowNames == null ? Map.of() : parsed(rowNames, NAMES),
        rewritten == null ? Map.of() : parsed(rewritten, REWRITTEN));
  }

  @Override
  public Map<DocumentKey, IdentityKey> knownAs(String producerUrl, Collection<DocumentKey> locals) {
    return transactions.query(
        """
        select l.local_doctype, l.local_name, l.remote_doctype, l.remote_name
          from unnest(?::text[], ?::text[]) as wanted (doctype, name)
          join document_link l
            on l.producer_url = ? and l.local_doctype = wanted.doctype
           and l.local_name = wanted.name
         where l.target_site is not null
        """,
        columns ->
            columns
                .text(locals, DocumentKey::doctype)
                .text(locals, DocumentKey::name)
                .value(producerUrl),
        rows -> {
          Map<DocumentKey, IdentityKey> known = new HashMap<>();
          while (rows.next()) {
            known.put(
                new DocumentKey(rows.getString(1), rows.getString(2)),
                new IdentityKey(
                    new DocumentKey(rows.getString(3), rows.getString(4)), rows.getString(1)));
          }
          return known;
        });
  }

  @Override
  public Map<String, String> rowNames(String producerUrl, Collection<String> rows) {
    if (rows.isEmpty()) {
      return Map.of();
    }
    return transactions.query(
        """
        select wanted.row, l.row_names ->> wanted.row
          from unnest(?::text[]) as wanted (row)
          join document_link l
            on l.producer_url = ? and l.row_names ?? wanted.row
         where l.target_site is not null
        """,
        columns -> columns.text(rows, row -> row).value(producerUrl),
        found -> {
          Map<String, String> names = new HashMap<>();
          while (found.next()) {
            names.put(found.getString(1), found.getString(2));
          }
          return names;
        });
  }

  @Override
  public void keep(String producerUrl, String targetUrl, Collection<SiteLink> links) {
    if (links.isEmpty()) {
      return;
    }
    transactions.update(
        """
        insert into document_link (producer_url, target_site, remote_doctype, remote_name,
                                   local_doctype, local_name, last_creation, remote_modified,
                                   read_at, remote_creation, remote_owner, owned, left_at,
                                   logged, row_names, rewritten)
        select ?, ?, remote_doctype, remote_name, local_doctype, local_name,
               last_creation::timestamptz, remote_modified::timestamptz,
               case when remote_modified is not null then now() end,
               remote_creation::timestamptz, remote_owner, owned::boolean,
               case when has_left::boolean then now() end, logged::boolean, row_names::jsonb,
               rewritten::jsonb
          from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                      ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
               as written (remote_doctype, remote_name, local_doctype, local_name, last_creation,
                           remote_modified, remote_creation, remote_owner, owned, has_left,
                           logged, row_names, rewritten)
        on conflict (producer_url, remote_doctype, remote_name, local_doctype) do update
           set target_site = excluded.target_site, local_name = excluded.local_name,
               version = document_link.version + 1,
               last_creation = greatest(document_link.last_creation, excluded.last_creation),
               remote_modified = excluded.remote_modified,
               read_at = coalesce(excluded.read_at, document_link.read_at),
               remote_creation = coalesce(excluded.remote_creation,
                                          document_link.remote_creation),
               remote_owner = coalesce(excluded.remote_owner, document_link.remote_owner),
               owned = excluded.owned, left_at = excluded.left_at,
               logged = excluded.logged,
               row_names = excluded.row_names, rewritten = excluded.rewritten
        """,
        columns ->
            columns
                .value(producerUrl)
                .value(targetUrl)
                .text(links, link -> link.identity().remote().doctype())
                .text(links, link -> link.identity().remote().name())
                .text(links, link -> link.local().doctype())
                .text(links, link -> link.local().name())
                .time(links, SiteLink::lastCreation)
                .time(links, SiteLink::remoteModified)
                .time(links, SiteLink::remoteCreation)
                .text(links, SiteLink::remoteOwner)
                .text(links, link -> Boolean.toString(link.owned()))
                .text(links, link -> Boolean.toString(link.left()))
                .text(links, link -> Boolean.toString(link.logged()))
                .text(links, link -> DocumentJson.MAPPER.valueToTree(link.rowNames()).toString())
                .text(
                    links,
                    link ->
                        link.rewritten().isEmpty()
                            ? null
                            : DocumentJson.MAPPER.valueToTree(link.rewritten()).toString()));
  }

  @Override
  public void logged(String producerUrl, Collection<IdentityKey> documents) {
    if (documents.isEmpty()) {
      return;
    }
    transactions.update(
        """
        update document_link l
           set logged = true
          from unnest(?::text[], ?::text[], ?::text[]) as done (doctype, name, local_doctype)
         where l.producer_url = ? and l.remote_doctype = done.doctype
           and l.remote_name = done.name and l.local_doctype = done.local_doctype
           and not l.logged
        """,
        columns -> keys(columns, documents).value(producerUrl));
  }

  @Override
  public void forget(String producerUrl, Collection<IdentityKey> documents) {
    if (documents.isEmpty()) {
      return;
    }
    transactions.update(
        """
        delete from document_link l
         using unnest(?::text[], ?::text[], ?::text[]) as gone (doctype, name, local_doctype)
         where l.producer_url = ? and l.remote_doctype = gone.doctype
           and l.remote_name = gone.name and l.local_doctype = gone.local_doctype
           and l.target_site is not null
        """,
        columns -> keys(columns, documents).value(producerUrl));
  }

  @Override
  public void creating(String producerUrl, Collection<IdentityKey> documents) {
    transactions.update(
        """
        insert into target_creation (producer_url, remote_doctype, remote_name, local_doctype)
        select ?, doctype, name, local_doctype
          from unnest(?::text[], ?::text[], ?::text[]) as begun (doctype, name, local_doctype)
        on conflict do nothing
        """,
        columns -> keys(columns.value(producerUrl), documents));
  }

  @Override
  public void answered(String producerUrl, Collection<IdentityKey> documents) {
    transactions.update(
        """
        delete from target_creation c
         using unnest(?::text[], ?::text[], ?::text[]) as known (doctype, name, local_doctype)
         where c.producer_url = ? and c.remote_doctype = known.doctype
           and c.remote_name = known.name and c.local_doctype = known.local_doctype
        """,
        columns -> keys(columns, documents).value(producerUrl));
  }

  @Override
  public List<StreamedTo> streamedTo(String producerUrl) {
    return transactions.query(
        """
        select target_site, count(*) from document_link where producer_url = ?
         group by target_site order by target_site
        """,
        columns -> columns.value(producerUrl),
        rows -> {
          List<StreamedTo> places = new ArrayList<>();
          while (rows.next()) {
            places.add(new StreamedTo(rows.getString(1), rows.getLong(2)));
          }
          return places;
        });
  }

  @Override
  public Set<IdentityKey> unanswered(String producerUrl) {
    return transactions.query(
        """
        select remote_doctype, remote_name, local_doctype from target_creation
         where producer_url = ?
        """,
        columns -> columns.value(producerUrl),
        rows -> {
          Set<IdentityKey> begun = new HashSet<>();
          while (rows.next()) {
            begun.add(
                new IdentityKey(
                    new DocumentKey(rows.getString(1), rows.getString(2)), rows.getString(3)));
          }
          return begun;
        });
  }

  private static Columns keys(Columns columns, Collection<IdentityKey> documents)
      throws SQLException {
    return columns
        .text(documents, one -> one.remote().doctype())
        .text(documents, one -> one.remote().name())
        .text(documents, IdentityKey::localDoctype);
  }

  private static <T> Map<String, T> parsed(String json, TypeReference<Map<String, T>> type) {
    try {
      return DocumentJson.MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("document_link holds " + json, e);
    }
  }
}
