package org.eventstreaming.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
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
    return transactions.with(
        connection -> {
          try (PreparedStatement statement =
              connection.prepareStatement(
                  """
                  insert into naming_series as s (prefix, current) values (?, ?)
                  on conflict (prefix) do update set current = s.current + excluded.current
                  returning current
                  """)) {
            new Columns(statement).value(series).value(count);
            try (ResultSet rows = statement.executeQuery()) {
              rows.next();
              return rows.getLong(1) - count + 1;
            }
          }
        });
  }
}
