package org.eventstreaming.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The transaction that is open on this thread, and connections for what needs none. Every adapter
 * asks here, so that all of them join the same transaction.
 */
public final class Transactions {
  private static final int PORTION = 200;

  /**
   * Transactions at once. A page may take longer than anybody waits for a connection; the rest of
   * the pool is for leases and other short statements.
   */
  private static final int AT_ONCE = Database.CONNECTIONS * 2 / 3;

  private final DataSource pool;
  private final Semaphore turns = new Semaphore(AT_ONCE, true);

  // one per pool: a static one would let the transactions of two databases meet
  @SuppressWarnings("ThreadLocalUsage")
  private final ThreadLocal<@Nullable Connection> open = new ThreadLocal<>();

  public Transactions(DataSource pool) {
    this.pool = pool;
  }

  /**
   * Runs work in one transaction: committed when it returns, undone when it throws. Waits for its
   * turn where many transactions are open.
   */
  public void run(Work<?> work) throws Exception {
    if (open.get() != null) {
      work.on(current());
      return;
    }
    turns.acquire();
    try {
      begin(work);
    } finally {
      turns.release();
    }
  }

  private void begin(Work<?> work) throws Exception {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      open.set(connection);
      try {
        work.on(connection);
        connection.commit();
      } catch (Throwable e) {
        undo(connection, e);
        throw e;
      } finally {
        open.remove();
        restore(connection);
      }
    } catch (SQLException e) {
      throw new DatabaseFailure(e);
    }
  }

  /** Runs work in the open transaction, or on a connection of its own where there is none. */
  <T> T with(Work<T> work) {
    try {
      Connection connection = open.get();
      if (connection != null) {
        return work.on(connection);
      }
      try (Connection own = pool.getConnection()) {
        return work.on(own);
      }
    } catch (SQLException e) {
      throw new DatabaseFailure(e);
    }
  }

  /** Runs a statement that changes rows, as {@link #with} does; says how many it changed. */
  int update(String sql, Parameters parameters) {
    return with(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            parameters.set(new Columns(statement));
            return statement.executeUpdate();
          }
        });
  }

  /** Runs a query, as {@link #with} does, and makes something of its rows. */
  <T> T query(String sql, Parameters parameters, Reading<T> reading) {
    return with(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            parameters.set(new Columns(statement));
            try (ResultSet rows = statement.executeQuery()) {
              return reading.of(rows);
            }
          }
        });
  }

  /** As {@link #query}, for many rows: they come in portions, whatever their number. */
  <T> T cursor(String sql, Parameters parameters, Reading<T> reading) {
    return with(
        connection -> {
          boolean alone = connection.getAutoCommit();
          // the driver reads in portions only inside a transaction
          connection.setAutoCommit(false);
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(PORTION);
            parameters.set(new Columns(statement));
            try (ResultSet rows = statement.executeQuery()) {
              return reading.of(rows);
            }
          } finally {
            if (alone) {
              connection.rollback();
              connection.setAutoCommit(true);
            }
          }
        });
  }

  /** The connection of the transaction that is open on this thread. */
  Optional<Connection> open() {
    return Optional.ofNullable(open.get());
  }

  private Connection current() {
    Connection connection = open.get();
    if (connection == null) {
      throw new IllegalStateException("no transaction is open on this thread");
    }
    return connection;
  }

  private static void undo(Connection connection, Throwable because) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      because.addSuppressed(e);
    }
  }

  private static void restore(Connection connection) {
    try {
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      // the connection is broken: the pool throws it away when it comes back
    }
  }

  /** What stands for the question marks of a statement. */
  @FunctionalInterface
  interface Parameters {
    void set(Columns columns) throws SQLException;
  }

  /** What is made of the rows of a query. */
  @FunctionalInterface
  interface Reading<T> {
    T of(ResultSet rows) throws SQLException;
  }

  /** What is done on a connection. */
  @FunctionalInterface
  public interface Work<T> {
    T on(Connection connection) throws SQLException;
  }
}
