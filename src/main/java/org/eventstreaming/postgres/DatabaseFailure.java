package org.eventstreaming.postgres;

import java.sql.SQLException;

/** The database did not do what was asked, for a reason that lies with the database. */
public final class DatabaseFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseFailure(SQLException cause) {
    super(cause.getMessage(), cause);
  }

  /** Whether two transactions stood in each other's way, so that the loser should just repeat. */
  public boolean collided() {
    return getCause() instanceof SQLException cause
        && ("40001".equals(cause.getSQLState()) || "40P01".equals(cause.getSQLState()));
  }
}
