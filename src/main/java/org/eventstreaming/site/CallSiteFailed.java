package org.eventstreaming.site;

import java.io.IOException;

/** The route call-site did not send a request, or not as it has to. */
public final class CallSiteFailed extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * A request that was not sent.
   *
   * @param why a clause without a full stop
   */
  public CallSiteFailed(String why) {
    super(why);
  }

  /** The same, with what the route threw. */
  public CallSiteFailed(String why, Throwable cause) {
    super(why, cause);
  }
}
