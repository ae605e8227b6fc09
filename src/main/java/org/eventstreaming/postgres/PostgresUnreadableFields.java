package org.eventstreaming.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.eventstreaming.document.Unread;
import org.eventstreaming.store.UnreadableFields;

/** Unreadable fields in PostgreSQL: table {@code unreadable_field}, read once for each site. */
public final class PostgresUnreadableFields implements UnreadableFields {
  private final Transactions transactions;
  private final Map<String, Map<String, Unread>> known = new ConcurrentHashMap<>();

  public PostgresUnreadableFields(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Unread of(String siteUrl, String doctype) {
    return site(siteUrl).getOrDefault(doctype, Unread.NONE);
  }

  @Override
  public Map<String, Unread> all(String siteUrl) {
    return new TreeMap<>(site(siteUrl));
  }

  @Override
  public void saw(String siteUrl, String doctype, Unread unread) {
    if (of(siteUrl, doctype).equals(unread)) {
      return;
    }
    List<Field> fields = new ArrayList<>();
    unread
        .fields()
        .forEach(
            (rowType, some) ->
                some.forEach(fieldname -> fields.add(new Field(rowType, fieldname))));
    transactions.update(
        """
        with seen as (
          insert into unreadable_field (site_url, doctype, row_type, fieldname)
          select ?, ?, row_type, fieldname
            from unnest(?::text[], ?::text[]) as field (row_type, fieldname)
           order by row_type, fieldname
          on conflict do nothing)
        delete from unreadable_field f
         where f.site_url = ? and f.doctype = ?
           and (f.row_type, f.fieldname) not in (
                 select * from unnest(?::text[], ?::text[]))
        """,
        columns ->
            columns
                .value(siteUrl)
                .value(doctype)
                .text(fields, Field::rowType)
                .text(fields, Field::fieldname)
                .value(siteUrl)
                .value(doctype)
                .text(fields, Field::rowType)
                .text(fields, Field::fieldname));
    if (unread.isEmpty()) {
      site(siteUrl).remove(doctype);
    } else {
      site(siteUrl).put(doctype, unread);
    }
  }

  private Map<String, Unread> site(String siteUrl) {
    return known.computeIfAbsent(siteUrl, this::read);
  }

  private Map<String, Unread> read(String siteUrl) {
    return transactions.query(
        "select doctype, row_type, fieldname from unreadable_field where site_url = ?",
        columns -> columns.value(siteUrl),
        rows -> {
          Map<String, Map<String, Set<String>>> fields = new HashMap<>();
          while (rows.next()) {
            fields
                .computeIfAbsent(rows.getString(1), doctype -> new HashMap<>())
                .computeIfAbsent(rows.getString(2), rowType -> new HashSet<>())
                .add(rows.getString(3));
          }
          Map<String, Unread> unread = new ConcurrentHashMap<>();
          fields.forEach((doctype, some) -> unread.put(doctype, new Unread(some)));
          return unread;
        });
  }

  private record Field(String rowType, String fieldname) {}
}
