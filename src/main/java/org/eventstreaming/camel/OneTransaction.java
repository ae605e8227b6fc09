package org.eventstreaming.camel;

import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.eventstreaming.postgres.DatabaseFailure;
import org.eventstreaming.postgres.Transactions;
import org.eventstreaming.update.UpdatePage;

/**
 * Runs the steps of a route in one transaction: all of them, or none. Where two transactions stood
 * in each other's way the steps are repeated from the body they began with; a page reads its
 * documents again then.
 */
public final class OneTransaction implements Policy {
  private static final int TRIES = 5;

  private final Transactions transactions;

  public OneTransaction(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public void beforeWrap(Route route, NamedNode definition) {}

  @Override
  public Processor wrap(Route route, Processor steps) {
    return exchange -> {
      Object body = exchange.getIn().getBody();
      for (int tries = 1; ; tries++) {
        try {
          transactions.run(connection -> attempt(exchange, steps));
          return;
        } catch (Exception e) {
          if (tries >= TRIES || !collided(e)) {
            exchange.setException(e instanceof StepFailed ? e.getCause() : e);
            return;
          }
          Thread.sleep(ThreadLocalRandom.current().nextLong(10, 100) * tries);
          exchange.setException(null);
          exchange.getIn().setBody(body instanceof UpdatePage page ? page.again() : body);
        }
      }
    };
  }

  private Object attempt(Exchange exchange, Processor steps) {
    exchange.getUnitOfWork().beginTransactedBy(this);
    try {
      steps.process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    } finally {
      exchange.getUnitOfWork().endTransactedBy(this);
    }
    // a failure that was handled inside would commit half of the steps
    if (exchange.getException() != null) {
      throw new StepFailed(exchange.getException());
    }
    if (exchange.isRollbackOnly() || exchange.getExchangeExtension().isFailureHandled()) {
      throw new StepFailed(new IllegalStateException("a step failed and its failure was handled"));
    }
    return exchange;
  }

  private static boolean collided(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof DatabaseFailure failure && failure.collided()) {
        return true;
      }
    }
    return false;
  }

  private static final class StepFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StepFailed(Throwable cause) {
      super(cause);
    }
  }
}
