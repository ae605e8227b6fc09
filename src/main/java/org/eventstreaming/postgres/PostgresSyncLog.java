package org.eventstreaming.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.settings.RetrySettings;
import org.eventstreaming.settings.SyncLogSettings;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.update.Backlog;
import org.eventstreaming.update.Cause;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FailedEntry;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.KnownDocument;
import org.eventstreaming.update.ResyncCommand;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.SyncStatus;
import org.eventstreaming.update.UpdateLogEntry;
import org.jspecify.annotations.Nullable;

/** The Event Sync Log in PostgreSQL: table {@code event_sync_log}. */
public final class PostgresSyncLog implements SyncLog {
  private static final ObjectMapper JSON = DocumentJson.MAPPER;

  private final Transactions transactions;
  private final RetrySettings retry;
  private final SyncLogSettings settings;
  private final Clock clock;

  public PostgresSyncLog(
      Transactions transactions, RetrySettings retry, SyncLogSettings settings, Clock clock) {
    this.transactions = transactions;
    this.retry = retry;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public Set<String> known(String producerUrl, Collection<String> entries) {
    if (entries.isEmpty()) {
      return Set.of();
    }
    return transactions.query(
        """
        with wanted as (
          select * from unnest(?::text[], ?::text[]) as wanted (name, original))
        select wanted.original
          from wanted
          join event_sync_log l on l.event_producer = ? and l.update_log = wanted.name
         union all
        select wanted.original
          from wanted
          join event_passed_over p on p.event_producer = ? and p.update_log = wanted.name
        """,
        columns ->
            columns
                .text(entries, entry -> entry)
                .text(entries, entry -> entry)
                .value(producerUrl)
                .value(producerUrl),
        rows -> {
          Set<String> stored = new HashSet<>();
          while (rows.next()) {
            stored.add(rows.getString(1));
          }
          Set<String> known = new HashSet<>();
          for (String entry : entries) {
            if (stored.contains(Columns.storable(entry))) {
              known.add(entry);
            }
          }
          return known;
        });
  }

  @Override
  public Map<DocumentKey, KnownDocument> knownDocuments(
      String producerUrl, Collection<IdentityKey> documents) {
    return transactions.query(
        """
        select wanted.doctype, wanted.name, k.local_name is not null,
               coalesce(k.last_creation, over.creation), k.remote_modified,
               line.waiting, line.gone, k.left_at is not null
          from unnest(?::text[], ?::text[], ?::text[])
                 as wanted (doctype, name, local_doctype)
          -- what the map knows and somebody deleted here is not here; the limit keeps the
          -- planner from joining both tables as wholes, page after page
          left join lateral (
            select k.local_name, k.last_creation, k.remote_modified, k.left_at
              from document_link k
              left join document d on d.doctype = k.local_doctype and d.name = k.local_name
             where (d.name is not null or k.target_site is not null)
               and k.producer_url = ? and k.remote_doctype = wanted.doctype
               and k.remote_name = wanted.name and k.local_doctype = wanted.local_doctype
               and k.owned
             limit 1) k on true
          left join lateral (
            select count(*) as waiting,
                   bool_and(w.status = 'Waiting' and (w.next_attempt_at is null
                     or coalesce(w.waits_for = array[wanted.local_doctype, w.producer_doc], false))) as gone
              from event_sync_log w
             where w.event_producer = ? and w.producer_doctype = wanted.doctype
               and w.producer_doc = wanted.name and w.status <> 'Synced') line on true
          left join lateral (
            select max(o.creation) as creation
              from event_sync_log o
             where k.local_name is null and o.event_producer = ?
               and o.producer_doctype = wanted.doctype and o.producer_doc = wanted.name
               and o.update_type = 'Delete' and o.status = 'Synced') over on true
         where k.local_name is not null or line.waiting > 0 or over.creation is not null
        """,
        columns ->
            columns
                .text(documents, one -> one.remote().doctype())
                .text(documents, one -> one.remote().name())
                .text(documents, IdentityKey::localDoctype)
                .value(producerUrl)
                .value(producerUrl)
                .value(producerUrl),
        rows -> {
          Map<DocumentKey, KnownDocument> knownDocuments = new HashMap<>();
          while (rows.next()) {
            Backlog line =
                rows.getLong(6) == 0
                    ? Backlog.NONE
                    : rows.getBoolean(7) ? Backlog.GONE : Backlog.WAITING;
            knownDocuments.put(
                new DocumentKey(rows.getString(1), rows.getString(2)),
                new KnownDocument(
                    rows.getBoolean(3),
                    rows.getBoolean(8),
                    Columns.instant(rows.getTimestamp(4)),
                    Columns.instant(rows.getTimestamp(5)),
                    line));
          }
          return knownDocuments;
        });
  }

  @Override
  public Map<DocumentKey, Instant> deletions(String producerUrl, Collection<DocumentKey> remotes) {
    return latest(
        producerUrl, remotes, "l.creation", "l.update_type = 'Delete' and l.creation is not null");
  }

  /** The latest of these moments in the rows about each document that meet a condition. */
  private Map<DocumentKey, Instant> latest(
      String producerUrl, Collection<DocumentKey> remotes, String moment, String condition) {
    if (remotes.isEmpty()) {
      return Map.of();
    }
    return about(
        producerUrl,
        remotes,
        "l.producer_doctype, l.producer_doc, max(" + moment + ")",
        condition + " group by 1, 2",
        rows -> {
          Map<DocumentKey, Instant> latest = new HashMap<>();
          while (rows.next()) {
            latest.put(
                new DocumentKey(rows.getString(1), rows.getString(2)),
                rows.getTimestamp(3).toInstant());
          }
          return latest;
        });
  }

  @Override
  public Map<DocumentKey, Set<String>> waitingDeletes(
      String producerUrl, Collection<DocumentKey> remotes) {
    if (remotes.isEmpty()) {
      return Map.of();
    }
    return about(
        producerUrl,
        remotes,
        "l.producer_doctype, l.producer_doc, l.update_log",
        "l.update_type = 'Delete' and l.status <> 'Synced'",
        rows -> {
          Map<DocumentKey, Set<String>> deletes = new HashMap<>();
          while (rows.next()) {
            deletes
                .computeIfAbsent(
                    new DocumentKey(rows.getString(1), rows.getString(2)), key -> new HashSet<>())
                .add(rows.getString(3));
          }
          return deletes;
        });
  }

  @Override
  public Map<DocumentKey, Instant> unfinishedReads(
      String producerUrl, Collection<DocumentKey> remotes) {
    return latest(
        producerUrl,
        remotes,
        "l.received_at",
        "l.update_type = 'Update' and l.cause <> 'log' and l.status <> 'Synced'");
  }

  @Override
  public Map<DocumentKey, Long> firstRows(String producerUrl, Collection<DocumentKey> remotes) {
    return about(
        producerUrl,
        remotes,
        "l.producer_doctype, l.producer_doc, min(l.seq)",
        "l.status <> 'Synced' group by 1, 2",
        rows -> {
          Map<DocumentKey, Long> first = new HashMap<>();
          while (rows.next()) {
            first.put(new DocumentKey(rows.getString(1), rows.getString(2)), rows.getLong(3));
          }
          return first;
        });
  }

  @Override
  public Map<DocumentKey, Set<DocumentKey>> localNames(
      String producerUrl, Collection<DocumentKey> remotes) {
    return about(
        producerUrl,
        remotes,
        "distinct l.producer_doctype, l.producer_doc, l.ref_doctype, l.docname",
        "l.ref_doctype is not null and l.docname is not null",
        rows -> {
          Map<DocumentKey, Set<DocumentKey>> names = new HashMap<>();
          while (rows.next()) {
            names
                .computeIfAbsent(
                    new DocumentKey(rows.getString(1), rows.getString(2)), key -> new HashSet<>())
                .add(new DocumentKey(rows.getString(3), rows.getString(4)));
          }
          return names;
        });
  }

  /** Reads columns of those rows, called l, that are about these documents of a producer. */
  private <T> T about(
      String producerUrl,
      Collection<DocumentKey> remotes,
      String columns,
      String condition,
      Transactions.Reading<T> reading) {
    return transactions.query(
        """
        select %s
          from unnest(?::text[], ?::text[]) as wanted (doctype, name)
          join event_sync_log l
            on l.event_producer = ? and l.producer_doctype = wanted.doctype
           and l.producer_doc = wanted.name
         where %s
        """
            .formatted(columns, condition),
        values ->
            values
                .text(remotes, DocumentKey::doctype)
                .text(remotes, DocumentKey::name)
                .value(producerUrl),
        reading);
  }

  @Override
  public Set<String> write(SyncRun run, List<SyncOutcome> outcomes) {
    if (outcomes.isEmpty()) {
      return Set.of();
    }
    Instant now = clock.instant();
    return transactions.query(
        """
        with given as (
          select *
            from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                        ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                        ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                        ?::text[])
                 with ordinality
                 as given (update_log, producer_doctype, producer_doc, creation,
                           update_type, ref_doctype, docname, use_same_name, status, kind,
                           error, note, data, waits_for_doctype, waits_for_name, entry,
                           mapping, cause, not_readable, place)),
        tried as (
          select given.*, l.status as before, l.seq as row,
                 coalesce(l.attempts, 0) + case kind when 'behind' then 0 else 1 end
                   as attempts
            from given
            -- only what is tried again has a row
            left join event_sync_log l
              on ? and l.event_producer = ? and l.update_log = given.update_log),
        timed as (
          select tried.*,
                 least(interval '1 hour',
                       ? * interval '1 millisecond' * power(2, least(attempts, 24) - 1))
                   * (0.5 + random() / 2) as pause
            from tried),
        -- messages name the row, so its number is taken before it is written
        numbered as (
          select timed.*,
                 coalesce(timed.row, nextval(
                   (select pg_get_serial_sequence('event_sync_log', 'seq')::regclass))) as seq
            from (select * from timed order by place) timed),
        written as (
        insert into event_sync_log
               (seq, update_log, event_producer, producer_doctype, producer_doc, creation,
                update_type, ref_doctype, docname, use_same_name, status, error, note,
                data, waits_for, attempts, next_attempt_at, received_at, synced_at, entry,
                mapping, cause, not_readable)
        overriding system value
        select seq, update_log, ?, producer_doctype, producer_doc, creation::timestamptz,
               update_type, ref_doctype, docname, use_same_name::boolean, status,
               replace(error, ?, ? || seq), note, data,
               case when waits_for_name is not null
                    then array[waits_for_doctype, waits_for_name] end,
               attempts,
               case kind
                 when 'failed' then case when attempts < ? then ?::timestamptz + pause end
                 when 'again' then ?::timestamptz + pause
                 when 'waits' then ?::timestamptz + interval '1 hour'
               end,
               ?, case status when 'Synced' then ?::timestamptz end, entry,
               mapping, cause, not_readable::boolean
          from numbered
         order by place
        on conflict (event_producer, update_log) do update
           set ref_doctype = excluded.ref_doctype, docname = excluded.docname,
               use_same_name = excluded.use_same_name, status = excluded.status,
               error = excluded.error, note = excluded.note, data = excluded.data,
               waits_for = excluded.waits_for, attempts = excluded.attempts,
               next_attempt_at = excluded.next_attempt_at,
               synced_at = excluded.synced_at, entry = excluded.entry,
               mapping = excluded.mapping, not_readable = excluded.not_readable)
        select update_log from tried where status = 'Failed' and before is distinct from 'Failed'
        """,
        columns ->
            columns
                .text(outcomes, outcome -> outcome.entry().name())
                .text(outcomes, outcome -> outcome.entry().refDoctype())
                .text(outcomes, outcome -> indexable(outcome.entry().docname()))
                .time(
                    outcomes,
                    outcome ->
                        FrappeTime.instant(outcome.entry().creation(), run.zone()).orElse(null))
                .text(outcomes, outcome -> outcome.entry().updateType())
                .text(outcomes, outcome -> part(outcome.local(), true))
                .text(outcomes, outcome -> part(outcome.local(), false))
                .text(outcomes, outcome -> Boolean.toString(sameName(run, outcome)))
                .text(outcomes, outcome -> outcome.status().text())
                .text(outcomes, PostgresSyncLog::kind)
                .text(
                    outcomes,
                    outcome -> outcome.status() == SyncStatus.SYNCED ? null : outcome.message())
                .text(
                    outcomes,
                    outcome -> outcome.status() == SyncStatus.SYNCED ? outcome.message() : null)
                .text(outcomes, this::data)
                .text(outcomes, outcome -> part(waitsFor(outcome), true))
                .text(
                    outcomes,
                    outcome -> {
                      // filters stand for a document that was not found
                      String name = part(waitsFor(outcome), false);
                      return name == null ? null : indexable(name);
                    })
                .text(outcomes, PostgresSyncLog::original)
                .text(outcomes, outcome -> mapping(run, outcome))
                .text(outcomes, outcome -> outcome.entry().cause().text())
                .text(
                    outcomes,
                    outcome ->
                        Boolean.toString(
                            outcome instanceof SyncOutcome.WaitsFor waits && waits.isUnreadable()))
                .value(run.retry())
                .value(run.producer().producerUrl())
                .value(retry.first().toMillis())
                .value(run.producer().producerUrl())
                .value(ResyncCommand.WITHOUT_NUMBER)
                .value(ResyncCommand.START)
                .value(retry.attempts())
                .value(now)
                .value(now)
                .value(now)
                .value(now)
                .value(now),
        rows -> {
          Set<String> failed = new HashSet<>();
          while (rows.next()) {
            failed.add(rows.getString(1));
          }
          return failed;
        });
  }

  @Override
  public List<FailedEntry> failed(String producerUrl, Collection<String> entries) {
    Instant now = clock.instant();
    return transactions.query(
        """
        select seq, producer_doctype, producer_doc, update_type, update_log, cause, error, attempts
          from event_sync_log
         where event_producer = ? and update_log in (select unnest(?::text[]))
         order by seq
        """,
        columns -> columns.value(producerUrl).text(entries, entry -> entry),
        rows -> {
          List<FailedEntry> failed = new ArrayList<>();
          while (rows.next()) {
            failed.add(
                new FailedEntry(
                    rows.getLong(1),
                    producerUrl,
                    rows.getString(2),
                    rows.getString(3),
                    rows.getString(4),
                    rows.getString(5),
                    rows.getString(6),
                    rows.getString(7),
                    rows.getInt(8),
                    now));
          }
          return failed;
        });
  }

  @Override
  public void passOver(String producerUrl, Collection<String> entries) {
    if (entries.isEmpty()) {
      return;
    }
    transactions.update(
        """
        insert into event_passed_over (event_producer, update_log, passed_at)
        select ?, name, ? from unnest(?::text[]) as passed (name)
        on conflict do nothing
        """,
        columns -> columns.value(producerUrl).value(clock.instant()).text(entries, entry -> entry));
  }

  @Override
  public void release(String producerUrl, Collection<DocumentKey> remotes, String note) {
    if (remotes.isEmpty()) {
      return;
    }
    transactions.update(
        """
        update event_sync_log l
           set status = 'Synced', note = ?, error = null, waits_for = null,
               next_attempt_at = null, synced_at = ?, entry = null
          from unnest(?::text[], ?::text[]) as freed (doctype, name)
         where l.event_producer = ? and l.producer_doctype = freed.doctype
           and l.producer_doc = freed.name and l.status <> 'Synced'
        """,
        columns ->
            columns
                .value(note)
                .value(clock.instant())
                .text(remotes, DocumentKey::doctype)
                .text(remotes, DocumentKey::name)
                .value(producerUrl));
  }

  @Override
  public void wake(Collection<DocumentKey> written) {
    if (written.isEmpty()) {
      return;
    }
    transactions.update(
        """
        update event_sync_log l
           set next_attempt_at = ?
          from unnest(?::text[], ?::text[]) as written (doctype, name)
         where l.waits_for is not null
           and l.waits_for = array[written.doctype, written.name]
        """,
        columns ->
            columns
                .value(clock.instant())
                .text(written, DocumentKey::doctype)
                .text(written, DocumentKey::name));
  }

  @Override
  public void wakeUnreadable(String producerUrl, Set<String> doctypes) {
    if (doctypes.isEmpty()) {
      return;
    }
    transactions.update(
        """
        update event_sync_log
           set next_attempt_at = ?
         where event_producer = ? and not_readable and status = 'Waiting'
           and waits_for[1] = any (?::text[])
        """,
        columns ->
            columns.value(clock.instant()).value(producerUrl).text(doctypes, doctype -> doctype));
  }

  @Override
  public List<UpdateLogEntry> due(String producerUrl, Set<String> doctypes, int limit) {
    return transactions.query(
        """
        with heads as (
          select distinct on (producer_doctype, producer_doc)
                 producer_doctype, producer_doc, status, next_attempt_at, seq, not_readable,
                 waits_for[1] as waits_for_type
            from event_sync_log
           where event_producer = ? and status <> 'Synced'
             and producer_doctype = any (?::text[])
           order by producer_doctype, producer_doc, seq),
        -- of what waits for documents that cannot be read, one of each type asks every minute
        asks as (
          select seq
            from (select distinct on (waits_for_type) seq,
                         max(next_attempt_at) over (partition by waits_for_type) as latest
                    from heads where not_readable and status = 'Waiting'
                   order by waits_for_type, next_attempt_at) first
           where latest <= ?::timestamptz + interval '59 minutes'),
        due as (
          select l.entry,
                 row_number() over (order by h.seq, l.seq) as place,
                 count(*) over (order by h.seq) as line_end,
                 h.seq = min(h.seq) over () as is_first
            from heads h
            join event_sync_log l
              on l.event_producer = ? and l.producer_doctype = h.producer_doctype
             and l.producer_doc = h.producer_doc and l.status <> 'Synced'
           where h.next_attempt_at <= ?
              or (h.next_attempt_at is null and h.status = 'Waiting')
              or h.seq in (select seq from asks))
        -- no line is cut that fits into a page: a Delete at its end is the end of it all
        select entry
          from due, (values (?)) as page (size)
         where place <= page.size and (line_end <= page.size or is_first)
         order by place
        """,
        columns ->
            columns
                .value(producerUrl)
                .text(doctypes, doctype -> doctype)
                .value(clock.instant())
                .value(producerUrl)
                .value(clock.instant())
                .value(limit),
        rows -> {
          List<UpdateLogEntry> due = new ArrayList<>();
          while (rows.next()) {
            due.add(entry(rows.getString(1)));
          }
          return due;
        });
  }

  private @Nullable String data(SyncOutcome outcome) {
    if (outcome instanceof SyncOutcome.Synced synced) {
      return settings.dataOfAll() ? synced.data() : null;
    }
    return outcome.entry().data();
  }

  private static boolean sameName(SyncRun run, SyncOutcome outcome) {
    return run.producer()
        .following(outcome.entry().refDoctype())
        .map(ProducerDoctype::useSameName)
        .orElse(false);
  }

  private static @Nullable String mapping(SyncRun run, SyncOutcome outcome) {
    return run.producer()
        .following(outcome.entry().refDoctype())
        .map(ProducerDoctype::mapping)
        .orElse(null);
  }

  private static String kind(SyncOutcome outcome) {
    if (outcome instanceof SyncOutcome.Behind) {
      return "behind";
    }
    if (outcome instanceof SyncOutcome.TryAgain) {
      return "again";
    }
    if (outcome instanceof SyncOutcome.WaitsFor) {
      return "waits";
    }
    return outcome.status() == SyncStatus.FAILED ? "failed" : "synced";
  }

  /**
   * A name that is too long to be a document's fails, and its row must fit the index all the same.
   */
  private static String indexable(String name) {
    return name.codePointCount(0, name.length()) <= DocumentKey.LONGEST_NAME
        ? name
        : name.substring(0, name.offsetByCodePoints(0, DocumentKey.LONGEST_NAME));
  }

  private static @Nullable DocumentKey waitsFor(SyncOutcome outcome) {
    return outcome instanceof SyncOutcome.WaitsFor waits ? waits.waitsFor() : null;
  }

  private static @Nullable String part(@Nullable DocumentKey key, boolean doctype) {
    if (key == null) {
      return null;
    }
    return doctype ? key.doctype() : key.name();
  }

  /** The entry as JSON text, until it is Synced: what a retry and a Resync start from. */
  private static @Nullable String original(SyncOutcome outcome) {
    if (outcome.status() == SyncStatus.SYNCED) {
      return null;
    }
    UpdateLogEntry entry = outcome.entry();
    return JSON.createObjectNode()
        .put("name", entry.name())
        .put("update_type", entry.updateType())
        .put("ref_doctype", entry.refDoctype())
        .put("docname", entry.docname())
        .put("data", entry.data())
        .put("creation", entry.creation())
        .put("cause", entry.isOurs() ? entry.cause().name() : null)
        .toString();
  }

  private static UpdateLogEntry entry(String json) {
    try {
      JsonNode entry = JSON.readTree(json);
      return new UpdateLogEntry(
          entry.path("name").asText(),
          entry.path("update_type").asText(),
          entry.path("ref_doctype").asText(),
          entry.path("docname").asText(),
          entry.hasNonNull("data") ? entry.get("data").asText() : null,
          entry.path("creation").asText(),
          Cause.valueOf(entry.path("cause").asText(Cause.LOG.name())));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("event_sync_log.entry holds no JSON", e);
    }
  }
}
