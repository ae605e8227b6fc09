package org.eventstreaming.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.store.ProducerState;
import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.update.CursorMove;
import org.eventstreaming.update.Hindrance;
import org.eventstreaming.update.LeaseHolder;
import org.eventstreaming.update.Released;
import org.eventstreaming.update.Watermark;
import org.eventstreaming.update.Work;
import org.jspecify.annotations.Nullable;

/**
 * What was learnt of each producer, in PostgreSQL: tables {@code event_producer} and {@code
 * event_producer_document_type}. The lease goes by the clock of the database, which all processes
 * share.
 */
public final class PostgresProducerStates implements ProducerStates {
  /**
   * Types are read together from the cursor of the one furthest behind: the others stay. Dates in
   * Frappe's form sort as text; of cursors that are none the last one counts.
   */
  private static final String FORWARD =
      """
      (last_update is null or last_update !~ '^\\d{4}-\\d\\d-\\d\\d \\d\\d:'
       or ? !~ '^\\d{4}-\\d\\d-\\d\\d \\d\\d:' or last_update collate "C" < ?)
      """;

  private final Transactions transactions;
  private final Duration lease;

  public PostgresProducerStates(Transactions transactions, Duration lease) {
    this.transactions = transactions;
    this.lease = lease;
  }

  @Override
  public void ensure(EventProducer producer) {
    transactions.update(
        "insert into event_producer (producer_url) values (?) on conflict do nothing",
        columns -> columns.value(producer.producerUrl()));
    transactions.update(
        """
        insert into event_producer_document_type (producer_url, ref_doctype)
        select ?, asked from unnest(?::text[]) as asked
        on conflict (producer_url, ref_doctype) do update set status = 'Pending'
         where event_producer_document_type.status = 'Not asked for'
        """,
        columns ->
            columns
                .value(producer.producerUrl())
                .text(producer.producerDoctypes(), ProducerDoctype::remoteDoctype));
    transactions.update(
        """
        update event_producer_document_type set status = 'Not asked for'
         where producer_url = ? and not ref_doctype = any (?::text[])
        """,
        columns ->
            columns
                .value(producer.producerUrl())
                .text(producer.producerDoctypes(), ProducerDoctype::remoteDoctype));
  }

  @Override
  public boolean take(String producerUrl, String owner, Work work, boolean looks) {
    return transactions.update(
            """
            with taken as (
            update event_producer p
               set lease_owner = ?, lease_until = clock_timestamp() + ? * interval '1 millisecond',
                   notified = notified and not ?::boolean,
                   last_poll = case when ?::boolean then now() else last_poll end
             where producer_url = ? and coalesce(paused_until, now()) <= now()
               and (lease_owner is null or lease_owner = ? or lease_until < clock_timestamp())
               and not exists (
                     select from event_producer_work other
                       left join event_producer_work own
                         on own.producer_url = other.producer_url and own.work = ?
                      where other.producer_url = p.producer_url and other.work <> ?
                        and other.requested_until > clock_timestamp()
                        and other.requested_at < coalesce(own.requested_at, clock_timestamp()))
            returning producer_url)
            insert into event_producer_work as w (producer_url, work, began_at)
            select producer_url, ?, clock_timestamp() from taken
            on conflict (producer_url, work) do update
               set began_at = excluded.began_at, requested_at = null, requested_until = null
            """,
            columns ->
                columns
                    .value(owner)
                    .value(lease.toMillis())
                    .value(Boolean.toString(looks))
                    .value(Boolean.toString(looks))
                    .value(producerUrl)
                    .value(owner)
                    .value(work.text())
                    .value(work.text())
                    .value(work.text()))
        == 1;
  }

  @Override
  public void request(String producerUrl, Work work) {
    transactions.update(
        """
        insert into event_producer_work as w (producer_url, work, requested_at, requested_until)
        select producer_url, ?, clock_timestamp(),
               clock_timestamp() + ? * interval '1 millisecond'
          from event_producer
         where producer_url = ? and coalesce(paused_until, now()) <= now()
        on conflict (producer_url, work) do update
           set requested_at = coalesce(w.requested_at, excluded.requested_at),
               requested_until = excluded.requested_until
        """,
        columns -> columns.value(work.text()).value(lease.toMillis()).value(producerUrl));
  }

  @Override
  public Hindrance hindrance(String producerUrl) {
    return transactions.query(
        """
        select case when p.lease_until >= clock_timestamp() then p.lease_owner end, p.lease_until,
               case when p.paused_until > now() then p.paused_until end, w.work, w.began_at
          from event_producer p
          left join lateral (
            select work, began_at from event_producer_work w
             where w.producer_url = p.producer_url and began_at is not null
             order by began_at desc limit 1) w on true
         where p.producer_url = ?
        """,
        columns -> columns.value(producerUrl),
        rows -> {
          if (!rows.next()) {
            return new Hindrance(null, null);
          }
          String owner = rows.getString(1);
          String work = rows.getString(4);
          return new Hindrance(
              owner == null
                  ? null
                  : new LeaseHolder(
                      owner,
                      work == null ? null : Work.of(work),
                      Columns.instant(rows.getTimestamp(5)),
                      rows.getTimestamp(2).toInstant()),
              Columns.instant(rows.getTimestamp(3)));
        });
  }

  @Override
  public boolean renew(String producerUrl, String owner) {
    // a process that stops inside its page must not hold the row for longer than its lease;
    // and all of a page goes by keys: young tables have no statistics that would say so
    return transactions.query(
        """
        update event_producer
           set lease_until = clock_timestamp() + ? * interval '1 millisecond'
         where producer_url = ? and lease_owner = ?
        returning set_config('idle_in_transaction_session_timeout', ?, true),
                  set_config('enable_seqscan', 'off', true)
        """,
        columns ->
            columns
                .value(lease.toMillis())
                .value(producerUrl)
                .value(owner)
                .value(Long.toString(lease.toMillis())),
        ResultSet::next);
  }

  @Override
  public void keepAlive(String producerUrl, String owner) {
    transactions.update(
        """
        update event_producer
           set lease_until = clock_timestamp() + ? * interval '1 millisecond'
         where producer_url = (select producer_url
                                 from event_producer
                                where producer_url = ? and lease_owner = ?
                                  for update skip locked)
        """,
        columns -> columns.value(lease.toMillis()).value(producerUrl).value(owner));
  }

  @Override
  public Released release(String producerUrl, String owner) {
    return transactions.query(
        """
        with released as (
          update event_producer set lease_owner = null, lease_until = null
           where producer_url = ? and lease_owner = ?
          returning producer_url, notified),
        next as (
          select w.producer_url, w.work
            from released join event_producer_work w using (producer_url)
           where w.requested_until is not null
             -- who waited for these itself may have died
             and (w.work not in ('load', 'compare') or w.requested_until > clock_timestamp())
           order by w.requested_at limit 1),
        started as (
          -- it keeps its place, and holds up nobody where it is no longer due
          update event_producer_work w set requested_until = null
            from next
           where w.producer_url = next.producer_url and w.work = next.work
             and w.work not in ('load', 'compare'))
        select next.work, released.notified from released left join next using (producer_url)
        """,
        columns -> columns.value(producerUrl).value(owner),
        rows -> {
          if (!rows.next()) {
            return Released.LOST;
          }
          String next = rows.getString(1);
          return new Released(next == null ? null : Work.of(next), rows.getBoolean(2));
        });
  }

  @Override
  public void notified(String producerUrl) {
    transactions.update(
        "update event_producer set notified = true where producer_url = ?",
        columns -> columns.value(producerUrl));
  }

  @Override
  public ProducerState state(String producerUrl) {
    Map<String, ProducerState.TypeState> types =
        transactions.query(
            """
            select ref_doctype, status, start_update, last_update,
                   load_since, load_wished_at, load_reached, load_total is not null,
                   loaded_at is not null
              from event_producer_document_type where producer_url = ?
            """,
            columns -> columns.value(producerUrl),
            rows -> {
              Map<String, ProducerState.TypeState> found = new HashMap<>();
              while (rows.next()) {
                found.put(
                    rows.getString(1),
                    new ProducerState.TypeState(
                        rows.getString(2), rows.getString(3), rows.getString(4), load(rows)));
              }
              return found;
            });
    return transactions.query(
        """
        select method_prefix, read, time_zone, source, callback_url, swept_at, rows_swept_at,
               exists (select from event_producer_work w
                        where w.producer_url = p.producer_url and w.work <> 'compare'
                          and w.ended_early)
          from event_producer p where producer_url = ?
        """,
        columns -> columns.value(producerUrl),
        rows ->
            rows.next()
                ? new ProducerState(
                    rows.getString(1),
                    rows.getString(2),
                    rows.getString(3),
                    rows.getString(4),
                    rows.getString(5),
                    Columns.instant(rows.getTimestamp(6)),
                    Columns.instant(rows.getTimestamp(7)),
                    rows.getBoolean(8),
                    types)
                : new ProducerState(null, null, null, null, null, null, null, false, types));
  }

  private static ProducerState.@Nullable Load load(ResultSet rows) throws SQLException {
    String since = rows.getString(5);
    return since == null
        ? null
        : new ProducerState.Load(
            since,
            rows.getTimestamp(6).toInstant(),
            rows.getString(7),
            rows.getBoolean(8),
            rows.getBoolean(9));
  }

  @Override
  public void learntPrefix(String producerUrl, String methodPrefix) {
    transactions.update(
        "update event_producer set method_prefix = ? where producer_url = ?",
        columns -> columns.value(methodPrefix).value(producerUrl));
  }

  @Override
  public void learntTimeZone(String producerUrl, String timeZone) {
    transactions.update(
        """
        update event_producer
           set time_zone = ?,
               sql_time_zone = (select name from pg_timezone_names where name = ?)
         where producer_url = ?
        """,
        columns -> columns.value(timeZone).value(timeZone).value(producerUrl));
  }

  @Override
  public void learntReading(String producerUrl, String read) {
    transactions.update(
        "update event_producer set read = ? where producer_url = ?",
        columns -> columns.value(read).value(producerUrl));
  }

  @Override
  public void learntSource(String producerUrl, String source) {
    transactions.update(
        "update event_producer set source = ? where producer_url = ?",
        columns -> columns.value(source).value(producerUrl));
  }

  @Override
  public void registered(String producerUrl, String callbackUrl) {
    transactions.update(
        "update event_producer set callback_url = ? where producer_url = ?",
        columns -> columns.value(callbackUrl).value(producerUrl));
  }

  @Override
  public Set<String> approvals(String producerUrl, Map<String, String> statuses) {
    Collection<Map.Entry<String, String>> rows = statuses.entrySet();
    return transactions.query(
        """
        update event_producer_document_type t
           set status = learnt.status
          from unnest(?::text[], ?::text[]) as learnt (doctype, status)
         where t.producer_url = ? and t.ref_doctype = learnt.doctype
           and t.status not in ('Not asked for', learnt.status)
        returning t.ref_doctype
        """,
        columns ->
            columns
                .text(rows, Map.Entry::getKey)
                .text(rows, Map.Entry::getValue)
                .value(producerUrl),
        changed -> {
          Set<String> doctypes = new TreeSet<>();
          while (changed.next()) {
            doctypes.add(changed.getString(1));
          }
          return doctypes;
        });
  }

  @Override
  public void begin(String producerUrl, Set<String> doctypes, String start) {
    transactions.update(
        """
        update event_producer_document_type
           set start_update = ?, last_update = ?
         where producer_url = ? and ref_doctype = any (?::text[]) and start_update is null
        """,
        columns ->
            columns
                .value(start)
                .value(start)
                .value(producerUrl)
                .text(doctypes, doctype -> doctype));
  }

  @Override
  public void load(String producerUrl, Map<String, String> since, Instant now, boolean again) {
    if (since.isEmpty()) {
      return;
    }
    Collection<Map.Entry<String, String>> requests = since.entrySet();
    transactions.update(
        """
        update event_producer_document_type t
           set load_since = request.since, load_wished_at = ?, load_reached = null,
               load_total = null, load_done = 0, loaded_at = null
          from unnest(?::text[], ?::text[]) as request (doctype, since)
         where t.producer_url = ? and t.ref_doctype = request.doctype
           and (?::boolean or coalesce(t.load_since > request.since, true))
        """,
        columns ->
            columns
                .value(now)
                .text(requests, Map.Entry::getKey)
                .text(requests, Map.Entry::getValue)
                .value(producerUrl)
                .value(Boolean.toString(again)));
  }

  @Override
  public void counted(String producerUrl, String doctype, long total) {
    transactions.update(
        """
        update event_producer_document_type set load_total = ?::bigint
         where producer_url = ? and ref_doctype = ? and load_since is not null
        """,
        columns -> columns.value(Long.toString(total)).value(producerUrl).value(doctype));
  }

  @Override
  public void cancelLoads(String producerUrl, Collection<String> doctypes) {
    transactions.update(
        """
        update event_producer_document_type set loaded_at = now()
         where producer_url = ? and ref_doctype = any (?::text[])
           and load_since is not null and loaded_at is null
        """,
        columns -> columns.value(producerUrl).text(doctypes, doctype -> doctype));
  }

  @Override
  public boolean isAwaited(String producerUrl, Duration period) {
    return transactions.query(
        """
        select from event_producer
         where producer_url = ?
           and (notified or coalesce(last_poll < now() - ? * interval '1 millisecond', true))
        """,
        columns -> columns.value(producerUrl).value(period.toMillis()),
        ResultSet::next);
  }

  @Override
  public void advance(String producerUrl, CursorMove move) {
    if (move instanceof CursorMove.InLog inLog) {
      advance(producerUrl, inLog);
    } else if (move instanceof CursorMove.InList inList) {
      advance(producerUrl, inList.reached());
    } else if (move instanceof CursorMove.InLoad inLoad) {
      advance(producerUrl, inLoad);
    }
  }

  private void advance(String producerUrl, CursorMove.InLog move) {
    transactions.update(
        """
        update event_producer_document_type
           set last_update = ?
         where producer_url = ? and ref_doctype = any (?::text[]) and %s
        """
            .formatted(FORWARD),
        columns ->
            columns
                .value(move.lastUpdate())
                .value(producerUrl)
                .text(List.copyOf(move.doctypes()), doctype -> doctype)
                .value(move.lastUpdate())
                .value(move.lastUpdate()));
    transactions.update(
        "update event_producer set last_update = ? where producer_url = ? and " + FORWARD,
        columns ->
            columns
                .value(move.lastUpdate())
                .value(producerUrl)
                .value(move.lastUpdate())
                .value(move.lastUpdate()));
  }

  private void advance(String producerUrl, CursorMove.InLoad move) {
    transactions.update(
        """
        update event_producer_document_type
           set load_reached = ?, load_done = load_done + ?::bigint,
               loaded_at = case when ?::boolean then now() end
         where producer_url = ? and ref_doctype = ? and load_wished_at = ? and loaded_at is null
        """,
        columns ->
            columns
                .value(move.reached())
                .value(Long.toString(move.passed()))
                .value(Boolean.toString(move.ended()))
                .value(producerUrl)
                .value(move.doctype())
                .value(move.requested()));
  }

  private void advance(String producerUrl, Watermark reached) {
    transactions.update(
        """
        insert into event_producer_watermark
               (producer_url, ref_doctype, parent_doctype, modified, moved_at, settled)
        values (?, ?, ?, ?, ?, ?::boolean)
        on conflict (producer_url, ref_doctype, parent_doctype) do update
           set modified = excluded.modified, moved_at = excluded.moved_at,
               settled = excluded.settled
        """,
        columns ->
            columns
                .value(producerUrl)
                .value(reached.doctype())
                .value(reached.parent())
                .value(reached.modified())
                .value(Objects.requireNonNull(reached.movedAt()))
                .value(Boolean.toString(reached.settled())));
  }

  @Override
  public Watermark watermark(String producerUrl, String doctype, String parent, String start) {
    return transactions.query(
        """
        select modified, moved_at, settled
          from event_producer_watermark
         where producer_url = ? and ref_doctype = ? and parent_doctype = ?
        """,
        columns -> columns.value(producerUrl).value(doctype).value(parent),
        rows ->
            rows.next()
                ? new Watermark(
                    doctype,
                    parent,
                    rows.getString(1),
                    Columns.instant(rows.getTimestamp(2)),
                    rows.getBoolean(3))
                : new Watermark(doctype, parent, start, null, false));
  }

  @Override
  public void reconciles(String producerUrl, Instant now, boolean rows) {
    transactions.update(
        """
        update event_producer
           set swept_at = ?, rows_swept_at = case when ?::boolean then ? else rows_swept_at end
         where producer_url = ?
        """,
        columns -> columns.value(now).value(Boolean.toString(rows)).value(now).value(producerUrl));
  }

  @Override
  public boolean compares(String producerUrl, Instant now, Instant before) {
    return transactions.update(
            """
            update event_producer set compared_at = ?
             where producer_url = ? and coalesce(compared_at <= ?, true)
            """,
            columns -> columns.value(now).value(producerUrl).value(before))
        == 1;
  }

  @Override
  public void compared(String producerUrl, Instant as) {
    transactions.update(
        "update event_producer set compared_at = ? where producer_url = ?",
        columns -> columns.value(as).value(producerUrl));
  }

  @Override
  public void passedOver(String producerUrl, Map<String, Integer> counts) {
    if (counts.isEmpty()) {
      return;
    }
    Collection<Map.Entry<String, Integer>> rows = counts.entrySet();
    transactions.update(
        """
        insert into event_producer_document_type as t (producer_url, ref_doctype, status, passed_over)
        select ?, doctype, 'Not asked for', times::bigint
          from unnest(?::text[], ?::text[]) as counted (doctype, times)
        on conflict (producer_url, ref_doctype) do update
           set passed_over = t.passed_over + excluded.passed_over
        """,
        columns ->
            columns
                .value(producerUrl)
                .text(rows, Map.Entry::getKey)
                .text(rows, row -> row.getValue().toString()));
  }

  @Override
  public boolean succeeded(String producerUrl, Work work) {
    return transactions.query(
        """
        with before as (
          select error from event_producer_work where producer_url = ? and work = ?),
        noted as (
          insert into event_producer_work (producer_url, work, succeeded_at) values (?, ?, now())
          on conflict (producer_url, work) do update
             set succeeded_at = excluded.succeeded_at, error = null, failed_at = null,
                 failing_since = null, failures = 0, ended_early = false),
        -- the site answers: what ended because it did not may begin again
        answers as (
          update event_producer_work w
             set ended_early = false,
                 error = case when closed.is_closed then null else error end,
                 failing_since = case when closed.is_closed then null else failing_since end,
                 failures = case when closed.is_closed then 0 else failures end
            from (select other.work,
                         other.work = 'retry'
                         or (other.work = 'load' and not exists (
                               select from event_producer_document_type t
                                where t.producer_url = other.producer_url
                                  and t.status = 'Approved' and t.load_since is not null
                                  and t.loaded_at is null)) as is_closed
                    from event_producer_work other
                   where other.producer_url = ? and other.work not in (?, 'compare')
                     and other.error is not null) closed
           where ? = 'poll' and w.producer_url = ? and w.work = closed.work
          returning w.work, w.error, w.failed_at),
        errors as (
          select error, failed_at from event_producer_work
           where producer_url = ? and work not in (?, 'compare') and error is not null
             and work not in (select work from answers)
           union all
          select error, failed_at from answers where error is not null)
        update event_producer
           set last_success = case when ? = 'poll' then now() else last_success end,
               last_error = (select error from errors order by failed_at desc limit 1)
         where producer_url = ?
        returning exists (select from before where error is not null)
        """,
        columns ->
            columns
                .value(producerUrl)
                .value(work.text())
                .value(producerUrl)
                .value(work.text())
                .value(producerUrl)
                .value(work.text())
                .value(work.text())
                .value(producerUrl)
                .value(producerUrl)
                .value(work.text())
                .value(work.text())
                .value(producerUrl),
        rows -> rows.next() && rows.getBoolean(1));
  }

  @Override
  public boolean failed(
      String producerUrl, Work work, String error, boolean endedEarly, Duration pause) {
    return transactions.query(
        """
        with before as (
          select from event_producer_work
           where producer_url = ? and work = ? and error is not null),
        noted as (
          insert into event_producer_work as w
                 (producer_url, work, failed_at, failing_since, failures, ended_early, error)
          values (?, ?, now(), now(), 1, ?::boolean, ?)
          on conflict (producer_url, work) do update
             set failed_at = excluded.failed_at, error = excluded.error,
                 failing_since = coalesce(w.failing_since, excluded.failing_since),
                 failures = w.failures + 1,
                 ended_early = excluded.ended_early),
        answers as (
          update event_producer_work set ended_early = false
           where ? = 'poll' and not ?::boolean and producer_url = ? and work not in (?, 'compare')
             and ended_early)
        update event_producer
           set last_error = case when ? = 'compare' then last_error else ? end,
               paused_until = now() + least(? * interval '1 second', interval '1 hour')
         where producer_url = ?
        returning not exists (select from before)
        """,
        columns ->
            columns
                .value(producerUrl)
                .value(work.text())
                .value(producerUrl)
                .value(work.text())
                .value(Boolean.toString(endedEarly))
                .value(error)
                .value(work.text())
                .value(Boolean.toString(endedEarly))
                .value(producerUrl)
                .value(work.text())
                .value(work.text())
                .value(error)
                .value(pause.toSeconds())
                .value(producerUrl),
        rows -> rows.next() && rows.getBoolean(1));
  }

  @Override
  public Map<String, String> failures(Collection<String> producerUrls) {
    return transactions.query(
        """
        select producer_url, last_error from event_producer
         where producer_url = any (?::text[]) and last_error is not null
        """,
        columns -> columns.text(producerUrls, url -> url),
        rows -> {
          Map<String, String> failures = new HashMap<>();
          while (rows.next()) {
            failures.put(rows.getString(1), rows.getString(2));
          }
          return failures;
        });
  }

  @Override
  public boolean arrived(String producerUrl) {
    return transactions.update(
            """
            update event_producer set first_document_at = now()
             where producer_url = ? and first_document_at is null
            """,
            columns -> columns.value(producerUrl))
        == 1;
  }
}
