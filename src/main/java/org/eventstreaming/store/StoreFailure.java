package org.eventstreaming.store;

/** The store did not do what was asked, for a reason that lies with the store. */
public abstract class StoreFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  protected StoreFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether nothing can be written because its disk is full. */
  public abstract boolean isFull();

  /** Whether it does not answer. */
  public abstract boolean isAway();
}
