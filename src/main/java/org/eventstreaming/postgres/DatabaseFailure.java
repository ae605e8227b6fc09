package org.eventstreaming.postgres;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.eventstreaming.store.StoreFailure;

/** The database did not do what was asked, for a reason that lies with the database. */
public final class DatabaseFailure extends StoreFailure {
  private static final long serialVersionUID = 1L;

  DatabaseFailure(SQLException cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }

  /** Whether two transactions stood in each other's way, so that the loser should just repeat. */
  public boolean collided() {
    return "40001".equals(state()) || "40P01".equals(state());
  }

  /** A full disk has a code of its own; where the server writes its own files it is in the text. */
  @Override
  public boolean isFull() {
    return "53100".equals(state()) || String.valueOf(getMessage()).contains("No space left");
  }

  /** No connection, one that broke off, or a server that starts or shuts down. */
  @Override
  public boolean isAway() {
    return state().startsWith("08")
        || state().startsWith("57P0")
        || getCause() instanceof SQLTransientConnectionException;
  }

  private String state() {
    return getCause() instanceof SQLException cause && cause.getSQLState() != null
        ? cause.getSQLState()
        : "";
  }
}
