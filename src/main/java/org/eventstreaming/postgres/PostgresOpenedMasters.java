package org.eventstreaming.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eventstreaming.store.OpenedMaster;
import org.eventstreaming.store.OpenedMasters;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;

/** The rows of {@code opened_master}. */
public final class PostgresOpenedMasters implements OpenedMasters {
  private static final String COLUMNS =
      """
      m.id, m.doctype, m.name, m.fieldname, m.value, m.modified_before, m.modified_open,
      m.modified_after, m.producer_url, m.ending
      """;

  private final Transactions transactions;

  public PostgresOpenedMasters(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<OpenedMaster> opening(
      String siteUrl, OpenedMaster intent, Collection<DocumentKey> documents) {
    return transactions
        .query(
            """
            insert into opened_master as m (target_site, doctype, name, fieldname, value,
                                            modified_before, producer_url, documents)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (target_site, doctype, name) where restored_at is null do nothing
            returning
            """
                + COLUMNS,
            columns ->
                columns
                    .value(siteUrl)
                    .value(intent.master().doctype())
                    .value(intent.master().name())
                    .value(intent.fieldname())
                    .value(intent.value())
                    .value(intent.before())
                    .value(intent.producerUrl())
                    .text(documents, DocumentKey::toString),
            PostgresOpenedMasters::all)
        .stream()
        .findFirst();
  }

  @Override
  public void enabled(OpenedMaster opened, String modified) {
    transactions.update(
        "update opened_master set modified_open = ? where id = ?",
        columns -> columns.value(modified).value(opened.id()));
  }

  @Override
  public void ended(OpenedMaster opened, OpenedMaster.Ending ending, @Nullable String modified) {
    transactions.update(
        """
        update opened_master
           set restored_at = clock_timestamp(), ending = ?, modified_after = ?, error = null
         where id = ? and restored_at is null
        """,
        columns -> columns.value(ending.text()).optional(modified).value(opened.id()));
  }

  @Override
  public void failed(OpenedMaster opened, String error) {
    transactions.update(
        "update opened_master set error = ? where id = ? and restored_at is null",
        columns -> columns.value(error).value(opened.id()));
  }

  @Override
  public List<OpenedMaster> open(String siteUrl) {
    return transactions.query(
        "select "
            + COLUMNS
            + " from opened_master m where m.target_site = ? and m.restored_at is null order by m.id",
        columns -> columns.value(siteUrl),
        PostgresOpenedMasters::all);
  }

  @Override
  public List<OpenedMaster> leftOpen(String siteUrl, @Nullable String ours) {
    return transactions.query(
        "select "
            + COLUMNS
            + """
          from opened_master m
         where m.target_site = ? and m.restored_at is null
           and (m.producer_url = ?
                or not exists (select from event_producer p
                                where p.producer_url = m.producer_url
                                  and p.lease_until >= clock_timestamp()))
         order by m.id
        """,
        columns -> columns.value(siteUrl).optional(ours),
        PostgresOpenedMasters::all);
  }

  @Override
  public List<OpenedMaster> of(String siteUrl, Collection<DocumentKey> documents) {
    if (documents.isEmpty()) {
      return List.of();
    }
    return transactions.query(
        "select "
            + COLUMNS
            + """
          from unnest(?::text[], ?::text[]) as wanted (doctype, name)
          join opened_master m
            on m.target_site = ? and m.doctype = wanted.doctype and m.name = wanted.name
         order by m.id
        """,
        columns ->
            columns
                .text(documents, DocumentKey::doctype)
                .text(documents, DocumentKey::name)
                .value(siteUrl),
        PostgresOpenedMasters::all);
  }

  private static List<OpenedMaster> all(ResultSet rows) throws SQLException {
    List<OpenedMaster> masters = new ArrayList<>();
    while (rows.next()) {
      masters.add(
          new OpenedMaster(
              rows.getLong(1),
              new DocumentKey(rows.getString(2), rows.getString(3)),
              rows.getString(4),
              rows.getInt(5),
              rows.getString(6),
              rows.getString(7),
              rows.getString(8),
              rows.getString(9),
              ending(rows.getString(10))));
    }
    return masters;
  }

  private static OpenedMaster.@Nullable Ending ending(@Nullable String text) {
    return text == null
        ? null
        : Stream.of(OpenedMaster.Ending.values())
            .filter(one -> one.text().equals(text))
            .findFirst()
            .orElseThrow();
  }
}
