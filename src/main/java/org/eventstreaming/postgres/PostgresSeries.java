package org.eventstreaming.postgres;

import org.eventstreaming.naming.SeriesCounter;

/**
 * Naming series in PostgreSQL: table {@code naming_series}. Numbers are given inside the open
 * transaction, whose row lock keeps others waiting: none is given twice, none is lost.
 */
public final class PostgresSeries implements SeriesCounter {
  private final Transactions transactions;

  public PostgresSeries(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public long next(String series, int count) {
    return transactions.query(
        """
        insert into naming_series as s (prefix, current) values (?, ?)
        on conflict (prefix) do update set current = s.current + excluded.current
        returning current
        """,
        columns -> columns.value(series).value(count),
        rows -> {
          rows.next();
          return rows.getLong(1) - count + 1;
        });
  }
}
