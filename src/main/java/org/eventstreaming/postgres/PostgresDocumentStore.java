package org.eventstreaming.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.DocumentWrite;
import org.eventstreaming.store.StoredVersion;
import org.eventstreaming.store.TreePosition;
import org.eventstreaming.store.WriteDocuments;
import org.eventstreaming.store.WriteRefused;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.RenamedUpdate;
import org.eventstreaming.update.StoredDocument;
import org.eventstreaming.update.StoredDocuments;
import org.jspecify.annotations.Nullable;

/** The document store in PostgreSQL: tables {@code document} and {@code document_link}. */
public final class PostgresDocumentStore implements DocumentStore, WriteDocuments {
  private static final String SERIALIZATION_FAILURE = "40001";
  private static final String CARDINALITY_VIOLATION = "21000";

  /** Writers lock rows in one order. */
  private static final Comparator<DocumentWrite> BY_KEY =
      Comparator.comparing((DocumentWrite write) -> after(write).doctype())
          .thenComparing(write -> after(write).name());

  /** The rows of documents that are written, in the columns that {@link #written} sets. */
  private static final String WRITTEN =
      """
      unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
             ?::text[], ?::text[], ?::text[])
             as written (doctype, name, docstatus, data, owner, creation, modified,
                         modified_by, remote_docname, revision)
        cross join (select ?::text) as producer (site)
      """;

  /** Not where a document that came from elsewhere stands for the producer's. */
  private static final String OWNED = "and l.owned";

  private final Transactions transactions;

  public PostgresDocumentStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public StoredDocuments copies(String producerUrl, Collection<IdentityKey> wanted) {
    if (wanted.isEmpty()) {
      return new StoredDocuments(Map.of());
    }
    return here(
        producerUrl,
        wanted,
        ", l.last_creation, l.remote_modified, d.data::text, d.xmin::text::bigint",
        OWNED,
        rows -> {
          Map<DocumentKey, StoredDocument> copies = new HashMap<>();
          while (rows.next()) {
            copies.put(
                new DocumentKey(rows.getString(1), rows.getString(2)),
                new StoredDocument(
                    new DocumentKey(rows.getString(3), rows.getString(4)),
                    parsed(rows.getString(7)),
                    Columns.instant(rows.getTimestamp(5)),
                    Columns.instant(rows.getTimestamp(6)),
                    rows.getLong(8)));
          }
          return new StoredDocuments(copies);
        });
  }

  @Override
  public Map<IdentityKey, DocumentKey> names(String producerUrl, Collection<IdentityKey> wanted) {
    if (wanted.isEmpty()) {
      return Map.of();
    }
    return here(
        producerUrl,
        wanted,
        "",
        "",
        rows -> {
          Map<IdentityKey, DocumentKey> names = new HashMap<>();
          while (rows.next()) {
            names.put(
                new IdentityKey(
                    new DocumentKey(rows.getString(1), rows.getString(2)), rows.getString(3)),
                new DocumentKey(rows.getString(3), rows.getString(4)));
          }
          return names;
        });
  }

  @Override
  public Map<DocumentKey, StoredVersion> versions(
      String producerUrl, Collection<IdentityKey> wanted) {
    if (wanted.isEmpty()) {
      return Map.of();
    }
    return here(
        producerUrl,
        wanted,
        ", d.version, l.remote_modified, d.creation, d.owner",
        OWNED,
        rows -> {
          Map<DocumentKey, StoredVersion> held = new HashMap<>();
          while (rows.next()) {
            held.put(
                new DocumentKey(rows.getString(1), rows.getString(2)),
                new StoredVersion(
                    new DocumentKey(rows.getString(3), rows.getString(4)),
                    rows.getLong(5),
                    Columns.instant(rows.getTimestamp(6)),
                    Columns.instant(rows.getTimestamp(7)),
                    rows.getString(8)));
          }
          return held;
        });
  }

  @Override
  public Map<DocumentKey, StoredVersion> versionsOf(
      String producerUrl, String remoteDoctype, String localDoctype, String after, int limit) {
    return transactions.query(
        """
        select l.remote_name, l.local_name, d.version, l.remote_modified, d.creation, d.owner
          from document_link l
          join document d on d.doctype = l.local_doctype and d.name = l.local_name
         where l.producer_url = ? and l.remote_doctype = ? and l.remote_name > ?
           and l.local_doctype = ? and l.owned and l.left_at is null
         order by l.remote_name
         limit ?
        """,
        columns ->
            columns
                .value(producerUrl)
                .value(remoteDoctype)
                .value(after)
                .value(localDoctype)
                .value(limit),
        rows -> versions(remoteDoctype, localDoctype, rows));
  }

  @Override
  public Map<DocumentKey, StoredVersion> versionsMadeAt(
      String producerUrl, String remoteDoctype, String localDoctype, Collection<Instant> moments) {
    if (moments.isEmpty()) {
      return Map.of();
    }
    return transactions.query(
        """
        select l.remote_name, l.local_name, d.version, l.remote_modified, d.creation, d.owner
          from document d
          join document_link l on l.local_doctype = d.doctype and l.local_name = d.name
         where d.doctype = ? and d.creation = any (?::timestamptz[])
           and l.producer_url = ? and l.remote_doctype = ? and l.owned and l.left_at is null
        """,
        columns ->
            columns
                .value(localDoctype)
                .time(moments, moment -> moment)
                .value(producerUrl)
                .value(remoteDoctype),
        rows -> versions(remoteDoctype, localDoctype, rows));
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
          join document d on d.doctype = l.local_doctype and d.name = l.local_name
         where l.producer_url = ? and l.remote_doctype = ? and l.local_doctype = ?
           and l.owned and l.left_at is null and d.creation between ? and ?
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

  @Override
  public int place(
      String producerUrl,
      String remoteDoctype,
      String localDoctype,
      Collection<TreePosition> positions) {
    if (positions.isEmpty()) {
      return 0;
    }
    return transactions.update(
        """
        with placed as (
          select d.doctype, d.name,
                 case when p.old_parent is null then d.data else d.data - 'old_parent' end
                   || jsonb_strip_nulls(jsonb_build_object(
                        'lft', p.lft::bigint, 'rgt', p.rgt::bigint,
                        'old_parent', nullif(p.old_parent, '')))
                   as data
            from unnest(?::text[], ?::text[], ?::text[], ?::text[]) as p (name, lft, rgt, old_parent)
            join document_link l
              on l.producer_url = ? and l.remote_doctype = ? and l.remote_name = p.name
             and l.local_doctype = ? and l.owned
            join document d on d.doctype = l.local_doctype and d.name = l.local_name
           where (d.data -> 'lft', d.data -> 'rgt')
                   is distinct from (to_jsonb(p.lft::bigint), to_jsonb(p.rgt::bigint))
              or (p.old_parent is not null
                   and nullif(d.data ->> 'old_parent', '') is distinct from nullif(p.old_parent, ''))
           order by d.doctype, d.name
             for update of d)
        update document d
           set data = placed.data, version = d.version + 1
          from placed
         where d.doctype = placed.doctype and d.name = placed.name
        """,
        columns ->
            columns
                .text(positions, TreePosition::name)
                .text(positions, position -> Long.toString(position.lft()))
                .text(positions, position -> Long.toString(position.rgt()))
                .text(positions, TreePosition::oldParent)
                .value(producerUrl)
                .value(remoteDoctype)
                .value(localDoctype));
  }

  /** In the order of the rows: the database alone knows where the next page begins. */
  private static Map<DocumentKey, StoredVersion> versions(
      String remoteDoctype, String localDoctype, ResultSet rows) throws SQLException {
    Map<DocumentKey, StoredVersion> held = new LinkedHashMap<>();
    while (rows.next()) {
      held.put(
          new DocumentKey(remoteDoctype, rows.getString(1)),
          new StoredVersion(
              new DocumentKey(localDoctype, rows.getString(2)),
              rows.getLong(3),
              Columns.instant(rows.getTimestamp(4)),
              Columns.instant(rows.getTimestamp(5)),
              rows.getString(6)));
    }
    return held;
  }

  @Override
  public Set<DocumentKey> lost(String producerUrl, Collection<IdentityKey> wanted) {
    if (wanted.isEmpty()) {
      return Set.of();
    }
    return transactions.query(
        """
        select l.remote_doctype, l.remote_name
          from unnest(?::text[], ?::text[], ?::text[]) as wanted (doctype, name, local_doctype)
          join document_link l
            on l.producer_url = ? and l.remote_doctype = wanted.doctype
           and l.remote_name = wanted.name and l.local_doctype = wanted.local_doctype and l.owned
         where not exists (select from document d
                            where d.doctype = l.local_doctype and d.name = l.local_name)
        """,
        columns ->
            columns
                .text(wanted, one -> one.remote().doctype())
                .text(wanted, one -> one.remote().name())
                .text(wanted, IdentityKey::localDoctype)
                .value(producerUrl),
        rows -> {
          Set<DocumentKey> lost = new HashSet<>();
          while (rows.next()) {
            lost.add(new DocumentKey(rows.getString(1), rows.getString(2)));
          }
          return lost;
        });
  }

  /**
   * Reads those of a producer's documents that are here: their names there and here, in four
   * columns, and more of the map, called l, and of the document, called d.
   */
  private <T> T here(
      String producerUrl,
      Collection<IdentityKey> wanted,
      String more,
      String condition,
      Transactions.Reading<T> reading) {
    return transactions.query(
        """
        select l.remote_doctype, l.remote_name, l.local_doctype, l.local_name%s
          from unnest(?::text[], ?::text[], ?::text[])
                 as wanted (doctype, name, local_doctype)
          join document_link l
            on l.producer_url = ? and l.remote_doctype = wanted.doctype
           and l.remote_name = wanted.name and l.local_doctype = wanted.local_doctype %s
          join document d on d.doctype = l.local_doctype and d.name = l.local_name
        """
            .formatted(more, condition),
        columns ->
            columns
                .text(wanted, one -> one.remote().doctype())
                .text(wanted, one -> one.remote().name())
                .text(wanted, IdentityKey::localDoctype)
                .value(producerUrl),
        reading);
  }

  @Override
  public void mentioning(
      String producerUrl, Collection<String> texts, BiConsumer<IdentityKey, ObjectNode> taker) {
    if (texts.isEmpty()) {
      return;
    }
    transactions.cursor(
        """
        select l.remote_doctype, l.remote_name, l.local_doctype, d.data::text
          from document_link l
          join document d on d.doctype = l.local_doctype and d.name = l.local_name
         where l.producer_url = ? and l.owned
           and exists (select from unnest(?::text[]) as wanted (text)
                        where position(to_jsonb(wanted.text)::text in d.data::text) > 0)
        """,
        columns -> columns.value(producerUrl).text(texts, text -> text),
        rows -> {
          while (rows.next()) {
            taker.accept(
                new IdentityKey(
                    new DocumentKey(rows.getString(1), rows.getString(2)), rows.getString(3)),
                parsed(rows.getString(4)));
          }
          return true;
        });
  }

  @Override
  public Map<IdentityKey, DocumentKey> rename(
      String producerUrl, Collection<RenamedUpdate> renames) {
    if (renames.isEmpty()) {
      return Map.of();
    }
    return transactions.query(
        """
        with wanted as (
          select *
            from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                   as wanted (doctype, formerly, now, local_doctype, same_name)),
        renamed as (
          select w.*, l.local_name as stood,
                 case when w.same_name::boolean and l.local_name = w.formerly
                       and not exists (select from document d
                                        where d.doctype = w.local_doctype and d.name = w.now)
                      then w.now else l.local_name end as stands
            from wanted w
            join document_link l
              on l.producer_url = ? and l.remote_doctype = w.doctype
             and l.remote_name = w.formerly and l.local_doctype = w.local_doctype and l.owned
           where not exists (select from document_link o
                              where o.producer_url = ? and o.remote_doctype = w.doctype
                                and o.remote_name = w.now
                                and o.local_doctype = w.local_doctype)),
        moved as (
          update document d
             set name = r.stands, data = d.data || jsonb_build_object('name', r.stands),
                 remote_docname = r.now, version = d.version + 1
            from renamed r
           where d.doctype = r.local_doctype and d.name = r.stood),
        followed as (
          update document_link o
             set local_name = r.stands
            from renamed r
           where o.local_doctype = r.local_doctype and o.local_name = r.stood
             and o.producer_url <> ?)
        update document_link l
           set remote_name = r.now, local_name = r.stands, remote_modified = null
          from renamed r
         where l.producer_url = ? and l.remote_doctype = r.doctype
           and l.remote_name = r.formerly and l.local_doctype = r.local_doctype
        returning l.remote_doctype, l.remote_name, l.local_doctype, l.local_name
        """,
        columns ->
            columns
                .text(renames, one -> one.formerly().doctype())
                .text(renames, one -> one.formerly().name())
                .text(renames, one -> one.now().remote().name())
                .text(renames, one -> one.now().localDoctype())
                .text(renames, one -> Boolean.toString(one.sameName()))
                .value(producerUrl)
                .value(producerUrl)
                .value(producerUrl)
                .value(producerUrl),
        rows -> {
          Map<IdentityKey, DocumentKey> renamed = new HashMap<>();
          while (rows.next()) {
            renamed.put(
                new IdentityKey(
                    new DocumentKey(rows.getString(1), rows.getString(2)), rows.getString(3)),
                new DocumentKey(rows.getString(3), rows.getString(4)));
          }
          return renamed;
        });
  }

  @Override
  public void sawUnchanged(String producerUrl, Map<IdentityKey, Instant> documents) {
    if (documents.isEmpty()) {
      return;
    }
    Collection<Map.Entry<IdentityKey, Instant>> rows = documents.entrySet();
    transactions.update(
        """
        update document_link l
           set remote_modified = seen.modified::timestamptz, read_at = now()
          from unnest(?::text[], ?::text[], ?::text[], ?::text[])
                 as seen (doctype, name, local_doctype, modified)
         where l.producer_url = ? and l.remote_doctype = seen.doctype
           and l.remote_name = seen.name and l.local_doctype = seen.local_doctype
        """,
        columns ->
            columns
                .text(rows, row -> row.getKey().remote().doctype())
                .text(rows, row -> row.getKey().remote().name())
                .text(rows, row -> row.getKey().localDoctype())
                .time(rows, Map.Entry::getValue)
                .value(producerUrl));
  }

  @Override
  public Set<DocumentKey> taken(String producerUrl, Collection<DocumentKey> locals) {
    if (locals.isEmpty()) {
      return Set.of();
    }
    return transactions.query(
        """
        select d.doctype, d.name
          from unnest(?::text[], ?::text[]) as wanted (doctype, name)
          join document d on d.doctype = wanted.doctype and d.name = wanted.name
        """,
        columns -> columns.text(locals, DocumentKey::doctype).text(locals, DocumentKey::name),
        rows -> {
          Set<DocumentKey> taken = new HashSet<>();
          while (rows.next()) {
            taken.add(new DocumentKey(rows.getString(1), rows.getString(2)));
          }
          return taken;
        });
  }

  @Override
  public void write(String producerUrl, ZoneId zone, List<DocumentWrite> writes) {
    List<DocumentWrite> kept = new ArrayList<>();
    List<DocumentWrite> linked = new ArrayList<>();
    List<IdentityKey> unlinked = new ArrayList<>();
    List<DocumentKey> deleted = new ArrayList<>();
    for (DocumentWrite write : writes) {
      if (write.document() != null) {
        kept.add(write);
      }
      if (write.after() != null) {
        linked.add(write);
      }
      if (write.before() != null && !write.before().equals(write.after())) {
        deleted.add(write.before());
        if (write.after() == null) {
          unlinked.add(new IdentityKey(write.remote(), write.before().doctype()));
        }
      }
    }
    kept.sort(BY_KEY);
    List<DocumentWrite> created = new ArrayList<>();
    List<DocumentWrite> changed = new ArrayList<>();
    List<DocumentWrite> adopted = new ArrayList<>();
    for (DocumentWrite write : kept) {
      if (after(write).equals(write.before())) {
        changed.add(write);
      } else {
        (write.adopts() ? adopted : created).add(write);
      }
    }
    transactions.with(
        connection -> {
          Savepoint before = connection.setSavepoint();
          try {
            delete(connection, deleted);
            unlink(connection, producerUrl, unlinked);
            create(connection, producerUrl, zone, created);
            change(connection, producerUrl, zone, changed);
            adopt(connection, producerUrl, zone, adopted);
            link(connection, producerUrl, linked);
            disown(
                connection,
                producerUrl,
                adopted.stream().map(PostgresDocumentStore::after).toList());
            connection.releaseSavepoint(before);
            return true;
          } catch (SQLException e) {
            if (!isAboutTheData(e)) {
              throw e;
            }
            connection.rollback(before);
            throw new WriteRefused(firstLines(e), e);
          }
        });
  }

  private static void delete(Connection connection, List<DocumentKey> keys) throws SQLException {
    if (keys.isEmpty()) {
      return;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            delete from document d
             using unnest(?::text[], ?::text[]) as gone (doctype, name)
             where d.doctype = gone.doctype and d.name = gone.name
            """)) {
      new Columns(statement).text(keys, DocumentKey::doctype).text(keys, DocumentKey::name);
      statement.executeUpdate();
    }
  }

  private static void unlink(Connection connection, String producerUrl, List<IdentityKey> gone)
      throws SQLException {
    if (gone.isEmpty()) {
      return;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            delete from document_link l
             using unnest(?::text[], ?::text[], ?::text[]) as gone (doctype, name, local_doctype)
             where l.producer_url = ? and l.remote_doctype = gone.doctype
               and l.remote_name = gone.name and l.local_doctype = gone.local_doctype
            """)) {
      new Columns(statement)
          .text(gone, one -> one.remote().doctype())
          .text(gone, one -> one.remote().name())
          .text(gone, IdentityKey::localDoctype)
          .value(producerUrl);
      statement.executeUpdate();
    }
  }

  /** Writes documents that are new here: their names were free when they were chosen. */
  private static void create(
      Connection connection, String producerUrl, ZoneId zone, List<DocumentWrite> writes)
      throws SQLException {
    requireAll(
        insert(connection, producerUrl, zone, writes, "on conflict (doctype, name) do nothing"),
        writes);
  }

  /** Takes over what stands under these names, whatever it is. */
  private static void adopt(
      Connection connection, String producerUrl, ZoneId zone, List<DocumentWrite> writes)
      throws SQLException {
    insert(
        connection,
        producerUrl,
        zone,
        writes,
        """
        on conflict (doctype, name) do update
           set docstatus = excluded.docstatus, data = excluded.data, owner = excluded.owner,
               creation = excluded.creation, modified = excluded.modified,
               modified_by = excluded.modified_by, version = document.version + 1,
               remote_site_name = excluded.remote_site_name,
               remote_docname = excluded.remote_docname, origin = excluded.origin
        """);
  }

  private static int insert(
      Connection connection,
      String producerUrl,
      ZoneId zone,
      List<DocumentWrite> writes,
      String onConflict)
      throws SQLException {
    if (writes.isEmpty()) {
      return 0;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            insert into document (doctype, name, docstatus, data, owner, creation, modified,
                                  modified_by, remote_site_name, remote_docname, origin)
            select doctype, name, docstatus::smallint, data::jsonb, owner, creation::timestamptz,
                   modified::timestamptz, modified_by, site, remote_docname, site
              from\s"""
                + WRITTEN
                + onConflict)) {
      written(new Columns(statement), producerUrl, zone, writes);
      return statement.executeUpdate();
    }
  }

  /** Changes documents that are here, where nobody else changed them since they were read. */
  private static void change(
      Connection connection, String producerUrl, ZoneId zone, List<DocumentWrite> writes)
      throws SQLException {
    if (writes.isEmpty()) {
      return;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            update document d
               set docstatus = written.docstatus::smallint, data = written.data::jsonb,
                   owner = written.owner, creation = written.creation::timestamptz,
                   modified = written.modified::timestamptz, modified_by = written.modified_by,
                   version = d.version + 1, remote_site_name = site,
                   remote_docname = written.remote_docname, origin = site
              from\s"""
                + WRITTEN
                + """
                 where d.doctype = written.doctype and d.name = written.name
                   and (written.revision is null or d.xmin = written.revision::xid)
                """)) {
      written(new Columns(statement), producerUrl, zone, writes);
      requireAll(statement.executeUpdate(), writes);
    }
  }

  private static void written(
      Columns columns, String producerUrl, ZoneId zone, List<DocumentWrite> writes)
      throws SQLException {
    columns
        .text(writes, write -> after(write).doctype())
        .text(writes, write -> after(write).name())
        .text(writes, write -> Integer.toString(document(write).path("docstatus").asInt(0)))
        .text(writes, write -> document(write).toString())
        .text(writes, write -> field(write, "owner"))
        .time(writes, write -> time(write, "creation", zone))
        .time(writes, write -> time(write, "modified", zone))
        .text(writes, write -> field(write, "modified_by"))
        .text(writes, write -> write.remote().name())
        .text(writes, write -> write.revision() == null ? null : write.revision().toString())
        .value(producerUrl);
  }

  /**
   * What is not written was changed by somebody since it was read, unless one name is there twice:
   * then the data are refused.
   */
  private static void requireAll(int written, List<DocumentWrite> writes) throws SQLException {
    if (written == writes.size()) {
      return;
    }
    if (writes.stream().map(PostgresDocumentStore::after).distinct().count() < writes.size()) {
      throw new SQLException("two documents under one name", CARDINALITY_VIOLATION);
    }
    throw new SQLException(
        "%d of %d documents were changed by another transaction meanwhile"
            .formatted(writes.size() - written, writes.size()),
        SERIALIZATION_FAILURE);
  }

  /** What a producer took over is no other producer's any more. */
  private static void disown(Connection connection, String producerUrl, List<DocumentKey> adopted)
      throws SQLException {
    if (adopted.isEmpty()) {
      return;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            update document_link l
               set owned = false
              from unnest(?::text[], ?::text[]) as adopted (doctype, name)
             where l.local_doctype = adopted.doctype and l.local_name = adopted.name
               and l.producer_url <> ?
            """)) {
      new Columns(statement)
          .text(adopted, DocumentKey::doctype)
          .text(adopted, DocumentKey::name)
          .value(producerUrl);
      statement.executeUpdate();
    }
  }

  private static void link(Connection connection, String producerUrl, List<DocumentWrite> writes)
      throws SQLException {
    if (writes.isEmpty()) {
      return;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            insert into document_link (producer_url, remote_doctype, remote_name, local_doctype,
                                       local_name, last_creation, remote_modified, read_at,
                                       owned, left_at)
            select ?, remote_doctype, remote_name, local_doctype, local_name,
                   last_creation::timestamptz, remote_modified::timestamptz,
                   case when remote_modified is not null then now() end, owned::boolean,
                   case when has_left::boolean then now() end
              from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                          ?::text[], ?::text[])
                   as written (remote_doctype, remote_name, local_doctype, local_name,
                               last_creation, remote_modified, owned, has_left)
            on conflict (producer_url, remote_doctype, remote_name, local_doctype) do update
               set local_name = excluded.local_name,
                   last_creation = greatest(document_link.last_creation, excluded.last_creation),
                   remote_modified = excluded.remote_modified,
                   read_at = coalesce(excluded.read_at, document_link.read_at),
                   owned = excluded.owned, left_at = excluded.left_at
            """)) {
      new Columns(statement)
          .value(producerUrl)
          .text(writes, write -> write.remote().doctype())
          .text(writes, write -> write.remote().name())
          .text(writes, write -> after(write).doctype())
          .text(writes, write -> after(write).name())
          .time(writes, DocumentWrite::lastCreation)
          .time(writes, DocumentWrite::remoteModified)
          .text(writes, write -> Boolean.toString(write.document() != null))
          .text(writes, write -> Boolean.toString(write.left()));
      statement.executeUpdate();
    }
  }

  /**
   * Two documents under one name, data exceptions, broken constraints and limits lie in what was
   * written, not in the server.
   */
  private static boolean isAboutTheData(SQLException e) {
    String state = Objects.requireNonNullElse(e.getSQLState(), "");
    return state.startsWith("21")
        || state.startsWith("22")
        || state.startsWith("23")
        || state.startsWith("54");
  }

  private static String firstLines(SQLException e) {
    return Objects.requireNonNullElse(e.getMessage(), "refused")
        .lines()
        .limit(2)
        .reduce((a, b) -> a + " " + b.strip())
        .orElse("refused");
  }

  private static DocumentKey after(DocumentWrite write) {
    return Objects.requireNonNull(write.after());
  }

  private static ObjectNode document(DocumentWrite write) {
    return Objects.requireNonNull(write.document());
  }

  private static @Nullable String field(DocumentWrite write, String key) {
    return document(write).hasNonNull(key) ? document(write).get(key).asText() : null;
  }

  private static @Nullable Instant time(DocumentWrite write, String key, ZoneId zone) {
    String text = field(write, key);
    return text == null ? null : FrappeTime.instant(text, zone).orElse(null);
  }

  private static ObjectNode parsed(String json) {
    try {
      return (ObjectNode) DocumentJson.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("document.data holds no JSON object", e);
    }
  }
}
