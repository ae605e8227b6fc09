package org.eventstreaming.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.eventstreaming.store.Attachment;
import org.eventstreaming.store.AttachmentStore;
import org.eventstreaming.update.AttachedFile;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;

/** Attached files in PostgreSQL: table {@code attachment}. */
public final class PostgresAttachments implements AttachmentStore {
  /**
   * Who puts a content into our directory or takes one out holds this lock: else one could remove
   * what the other just found to be there.
   */
  private static final String LOCK =
      "select pg_advisory_xact_lock(hashtextextended('event_streaming.attachment', 0))";

  /** Whether a file that is seen is another one than was known, or is back. */
  private static final String CHANGED =
      """
      (a.state = 'Gone' or (a.remote_doctype, a.remote_name, a.local_doctype, a.file_url,
                            a.is_private, a.file_size, a.content_hash)
         is distinct from (excluded.remote_doctype, excluded.remote_name, excluded.local_doctype,
                           excluded.file_url, excluded.is_private, excluded.file_size,
                           excluded.content_hash))
      """;

  private static final String COLUMNS =
      """
      a.producer_url, a.file, a.remote_doctype, a.remote_name, a.field, a.file_name, a.file_url,
      a.is_private, a.file_size, a.content_hash, a.remote_modified, l.local_doctype, l.local_name,
      a.attempts, a.sha256, a.target_file, a.target_begun
      """;

  private static final String LINK =
      """
      document_link l
        on l.producer_url = a.producer_url and l.remote_doctype = a.remote_doctype
       and l.remote_name = a.remote_name and l.local_doctype = a.local_doctype
      """;

  private final Transactions transactions;

  public PostgresAttachments(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public boolean take(String producerUrl, String owner, Instant now, Duration turn) {
    return transactions.update(
            """
            update event_producer
               set attachments_owner = ?, attachments_until = ?
             where producer_url = ?
               and (attachments_until is null or attachments_until < ? or attachments_owner = ?)
            """,
            columns ->
                columns
                    .value(owner)
                    .value(now.plus(turn))
                    .value(producerUrl)
                    .value(now)
                    .value(owner))
        == 1;
  }

  @Override
  public void release(String producerUrl, String owner) {
    transactions.update(
        """
        update event_producer set attachments_owner = null, attachments_until = null
         where producer_url = ? and attachments_owner = ?
        """,
        columns -> columns.value(producerUrl).value(owner));
  }

  @Override
  public void seen(
      String producerUrl,
      Collection<AttachedFile> files,
      Map<String, String> localDoctypes,
      Instant now) {
    if (files.isEmpty()) {
      return;
    }
    transactions.update(
        """
        insert into attachment as a
               (producer_url, seen_at, file, remote_doctype, remote_name, local_doctype, field,
                file_name, file_url, is_private, file_size, content_hash, remote_modified)
        select ?, ?, file, remote_doctype, remote_name, local_doctype, field, file_name, file_url,
               is_private::boolean, file_size::bigint, content_hash, remote_modified
          from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                      ?::text[], ?::text[], ?::text[], ?::text[])
               as seen (file, remote_doctype, remote_name, local_doctype, field, file_name,
                        file_url, is_private, file_size, content_hash, remote_modified)
        on conflict (producer_url, file) do update
           set seen_at = excluded.seen_at, remote_doctype = excluded.remote_doctype,
               remote_name = excluded.remote_name, local_doctype = excluded.local_doctype,
               field = excluded.field, file_name = excluded.file_name,
               file_url = excluded.file_url, is_private = excluded.is_private,
               file_size = excluded.file_size, content_hash = excluded.content_hash,
               remote_modified = excluded.remote_modified,
               state = case when %s then 'Waiting' else a.state end,
               note = case when %s then null else a.note end,
               attempts = case when %s then 0 else a.attempts end,
               next_attempt_at = case when %s then null else a.next_attempt_at end
        """
            .formatted(CHANGED, CHANGED, CHANGED, CHANGED),
        columns ->
            columns
                .value(producerUrl)
                .value(now)
                .text(files, AttachedFile::name)
                .text(files, file -> file.document().doctype())
                .text(files, file -> file.document().name())
                .text(files, file -> localDoctypes.get(file.document().doctype()))
                .text(files, AttachedFile::field)
                .text(files, AttachedFile::fileName)
                .text(files, AttachedFile::url)
                .text(files, file -> Boolean.toString(file.isPrivate()))
                .text(files, file -> Long.toString(file.size()))
                .text(files, AttachedFile::md5)
                .text(files, AttachedFile::modified));
  }

  @Override
  public void gone(String producerUrl, Collection<String> files) {
    transactions.update(
        """
        update attachment set state = 'Gone'
         where producer_url = ? and file = any(?::text[])
        """,
        columns -> columns.value(producerUrl).text(files, file -> file));
  }

  @Override
  public List<Attachment> due(
      String producerUrl,
      @Nullable String targetUrl,
      Set<String> doctypes,
      long limit,
      Instant now,
      int most) {
    return transactions.query(
        """
        select %s
          from attachment a
          join %s
         where a.producer_url = ? and a.remote_doctype = any(?::text[])
           and (a.state = 'Waiting' or a.state = 'Left' and a.left_at_limit < ?)
           and (a.next_attempt_at is null or a.next_attempt_at <= ?)
           and l.owned and l.left_at is null and l.target_site is not distinct from ?::text
           and not exists (select from attachment o
                            where o.target_site = a.producer_url and o.target_file = a.file)
         order by a.remote_modified, a.file
         limit ?
        """
            .formatted(COLUMNS, LINK),
        columns ->
            columns
                .value(producerUrl)
                .text(doctypes, doctype -> doctype)
                .value(limit)
                .value(now)
                .optional(targetUrl)
                .value(most),
        PostgresAttachments::attachments);
  }

  @Override
  public List<Attachment> unwanted(String producerUrl, int most) {
    return transactions.query(
        """
        select %s
          from attachment a
          left join %s
         where a.producer_url = ?
           and (a.state = 'Gone' or a.state = 'Copied' and l.producer_url is null)
         limit ?
        """
            .formatted(COLUMNS, LINK),
        columns -> columns.value(producerUrl).value(most),
        PostgresAttachments::attachments);
  }

  private static List<Attachment> attachments(ResultSet rows) throws SQLException {
    List<Attachment> found = new ArrayList<>();
    while (rows.next()) {
      String localDoctype = rows.getString(12);
      found.add(
          new Attachment(
              rows.getString(1),
              new AttachedFile(
                  rows.getString(2),
                  new DocumentKey(rows.getString(3), rows.getString(4)),
                  rows.getString(5),
                  rows.getString(6),
                  rows.getString(7),
                  rows.getBoolean(8),
                  rows.getLong(9),
                  rows.getString(10),
                  rows.getString(11)),
              localDoctype == null ? null : new DocumentKey(localDoctype, rows.getString(13)),
              rows.getInt(14),
              rows.getString(15),
              rows.getString(16),
              rows.getBoolean(17)));
    }
    return found;
  }

  @Override
  public List<String> notSeenSince(
      String producerUrl, Set<String> doctypes, Instant moment, int most) {
    return transactions.query(
        """
        select file from attachment
         where producer_url = ? and remote_doctype = any(?::text[]) and state = 'Copied'
           and seen_at < ?
         order by seen_at
         limit ?
        """,
        columns ->
            columns.value(producerUrl).text(doctypes, doctype -> doctype).value(moment).value(most),
        rows -> {
          List<String> files = new ArrayList<>();
          while (rows.next()) {
            files.add(rows.getString(1));
          }
          return files;
        });
  }

  @Override
  public void copied(
      Attachment attachment,
      String sha256,
      long size,
      Instant now,
      Runnable place,
      Consumer<String> remove) {
    alone(
        () -> {
          place.run();
          done(attachment, null, sha256, size, now);
          removeUnneeded(attachment, sha256, remove);
        });
  }

  @Override
  public void sending(Attachment attachment) {
    transactions.update(
        "update attachment set target_begun = true where producer_url = ? and file = ?",
        columns -> columns.value(attachment.producerUrl()).value(attachment.file().name()));
  }

  @Override
  public void sent(Attachment attachment, Copy copy, String sha256, long size, Instant now) {
    done(attachment, copy, sha256, size, now);
  }

  private void done(
      Attachment attachment, @Nullable Copy copy, String sha256, long size, Instant now) {
    transactions.update(
        """
        update attachment
           set state = 'Copied', note = null, left_at_limit = null, attempts = 0,
               next_attempt_at = null, sha256 = ?, size = ?, copied_at = ?, target_begun = false,
               target_site = ?, target_file = ?, target_url = ?
         where producer_url = ? and file = ?
        """,
        columns ->
            columns
                .value(sha256)
                .value(size)
                .value(now)
                .optional(copy == null ? null : copy.targetUrl())
                .optional(copy == null ? null : copy.file())
                .optional(copy == null ? null : copy.url())
                .value(attachment.producerUrl())
                .value(attachment.file().name()));
  }

  @Override
  public void left(Attachment attachment, String why) {
    transactions.update(
        """
        update attachment set state = 'Left', note = ?, left_at_limit = null
         where producer_url = ? and file = ?
        """,
        columns ->
            columns.value(why).value(attachment.producerUrl()).value(attachment.file().name()));
  }

  @Override
  public void tooLarge(Attachment attachment, long limit, String why) {
    transactions.update(
        """
        update attachment set state = 'Left', note = ?, left_at_limit = ?
         where producer_url = ? and file = ?
        """,
        columns ->
            columns
                .value(why)
                .value(limit)
                .value(attachment.producerUrl())
                .value(attachment.file().name()));
  }

  @Override
  public void failed(Attachment attachment, String why, Instant next) {
    transactions.update(
        """
        update attachment set note = ?, attempts = attempts + 1, next_attempt_at = ?
         where producer_url = ? and file = ?
        """,
        columns ->
            columns
                .value(why)
                .value(next)
                .value(attachment.producerUrl())
                .value(attachment.file().name()));
  }

  @Override
  public void dropped(Attachment attachment, Consumer<String> remove) {
    alone(
        () -> {
          removeUnneeded(attachment, null, remove);
          transactions.update(
              "delete from attachment where producer_url = ? and file = ? and state = 'Gone'",
              columns -> columns.value(attachment.producerUrl()).value(attachment.file().name()));
          transactions.update(
              """
              update attachment
                 set state = 'Waiting', sha256 = null, size = null, copied_at = null,
                     target_begun = false, target_site = null, target_file = null,
                     target_url = null
               where producer_url = ? and file = ?
              """,
              columns -> columns.value(attachment.producerUrl()).value(attachment.file().name()));
        });
  }

  @Override
  public boolean isShared(Attachment attachment, String targetUrl) {
    return transactions.query(
        """
        select 1 from attachment
         where target_site = ? and target_file = ? and (producer_url, file) <> (?, ?)
        """,
        columns ->
            columns
                .value(targetUrl)
                .optional(attachment.targetFile())
                .value(attachment.producerUrl())
                .value(attachment.file().name()),
        ResultSet::next);
  }

  /** The content that this one had, unless it still has it or another has the same. */
  private void removeUnneeded(
      Attachment attachment, @Nullable String kept, Consumer<String> remove) {
    String content = attachment.sha256();
    if (content == null || content.equals(kept)) {
      return;
    }
    boolean needed =
        transactions.query(
            """
            select 1 from attachment
             where sha256 = ? and target_file is null and (producer_url, file) <> (?, ?)
            """,
            columns ->
                columns
                    .value(content)
                    .value(attachment.producerUrl())
                    .value(attachment.file().name()),
            ResultSet::next);
    if (!needed) {
      remove.accept(content);
    }
  }

  private void alone(Runnable work) {
    try {
      transactions.run(
          connection -> {
            transactions.query(LOCK, columns -> {}, ResultSet::next);
            work.run();
            return true;
          });
    } catch (SQLException e) {
      throw new DatabaseFailure(e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
