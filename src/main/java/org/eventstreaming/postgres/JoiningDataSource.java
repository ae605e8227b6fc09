package org.eventstreaming.postgres;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * The database for the steps of a route. Inside a transaction a step gets the connection of that
 * transaction, and cannot end it: whoever began it commits or rolls back. Outside of one it gets a
 * connection of the pool, as from any other data source.
 */
public final class JoiningDataSource implements DataSource {
  private final DataSource pool;
  private final Transactions transactions;

  public JoiningDataSource(DataSource pool, Transactions transactions) {
    this.pool = pool;
    this.transactions = transactions;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Optional<Connection> open = transactions.open();
    return open.isPresent() ? borrowed(open.get()) : pool.getConnection();
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the user is the one of the settings");
  }

  private static Connection borrowed(Connection lent) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> Borrowed.invoke(lent, method, arguments));
  }

  @Override
  public @Nullable PrintWriter getLogWriter() throws SQLException {
    return pool.getLogWriter();
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
    pool.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    pool.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return pool.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return pool.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> kind) throws SQLException {
    return kind.isInstance(this) ? kind.cast(this) : pool.unwrap(kind);
  }

  @Override
  public boolean isWrapperFor(Class<?> kind) throws SQLException {
    return kind.isInstance(this) || pool.isWrapperFor(kind);
  }

  /** A connection whose transaction is somebody else's. */
  @NullUnmarked
  private static final class Borrowed {
    private static final Set<String> OWNERS =
        Set.of(
            "abort",
            "close",
            "commit",
            "setAutoCommit",
            "setReadOnly",
            "setTransactionIsolation",
            "setHoldability");

    static Object invoke(Connection lent, Method method, Object[] arguments) throws Throwable {
      // back to a savepoint is the borrower's own affair
      boolean isWhole = method.getName().equals("rollback") && method.getParameterCount() == 0;
      if (isWhole || OWNERS.contains(method.getName())) {
        return null;
      }
      try {
        return method.invoke(lent, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause() == null ? e : e.getCause();
      }
    }
  }
}
