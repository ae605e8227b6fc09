package org.eventstreaming.site;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.eventstreaming.update.NoJson;

/**
 * A call to a site did not do what it was for. The message says which call, to which site, why, and
 * what a person can do.
 */
public final class SiteFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is: decides who tries again, and when. */
  public enum Kind {
    /** No connection, or one that broke off. */
    UNREACHABLE,
    /** 429, 502, 503, 504: the site has a failure of its own that passes. */
    BUSY,
    /** 500: the site stumbled over this call, which may pass as well. */
    FAULT,
    /** 401: the key, whatever was asked for with it. */
    KEY_REFUSED,
    /** 403: what the key's user may do. */
    REFUSED,
    /** 404: no such thing there. */
    NOT_FOUND,
    /** 417 and the rest: the site understood and said no. */
    REJECTED,
    /** 417: the Workflow of the document's type does not let the key's user do that. */
    WORKFLOW,
    /** The document changed between our reading and our writing. */
    STALE,
    /** The site has no such method. */
    NO_SUCH_METHOD,
    /**
     * 3xx: somebody else is to answer, whatever is asked. It stays so until a person changes it.
     */
    REDIRECTED,
    /** Not an answer of a Frappe site: a page of a proxy, broken JSON. */
    UNREADABLE
  }

  private final Kind kind;
  private final Duration retryAfter;
  private final String said;

  SiteFailure(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = Duration.ZERO;
    this.said = message;
  }

  SiteFailure(Kind kind, String message) {
    this(kind, message, Duration.ZERO, message);
  }

  SiteFailure(Kind kind, String message, Duration retryAfter, String said) {
    super(message);
    this.kind = kind;
    this.retryAfter = retryAfter;
    this.said = said;
  }

  /** Never null: every one is reported. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  public Kind kind() {
    return kind;
  }

  /** How long the site asks to be left alone; zero where it does not. */
  public Duration retryAfter() {
    return retryAfter;
  }

  /** What the site itself said, with its status and nothing around it. */
  public String said() {
    return said;
  }

  /** Whether the same call may well succeed later (protocol: frappe-wire 2.5, retry class). */
  public boolean passes() {
    return kind == Kind.FAULT || isSilent();
  }

  /**
   * Whether the same call may well succeed in a moment: not with a key that the site does not know,
   * not at another's address, not after a silence as long as our time-out, and not where what the
   * site holds is not JSON.
   */
  boolean mayPassSoon() {
    return passes()
        && kind != Kind.KEY_REFUSED
        && kind != Kind.REDIRECTED
        && !(getCause() instanceof InterruptedIOException)
        && !(getCause() instanceof CallSiteFailed failed && failed.getCause() == null)
        && !(getCause() instanceof JsonProcessingException json && NoJson.holdsNoNumber(json));
  }

  /** Whether nobody took the call. */
  boolean isWithoutConnection() {
    Throwable cause = getCause();
    return cause instanceof ConnectException
        || cause instanceof CallSiteFailed
        || cause instanceof NoRouteToHostException
        || cause instanceof UnknownHostException
        || cause instanceof SSLHandshakeException
        || cause instanceof SSLPeerUnverifiedException;
  }

  /** Whether the site answers nothing, whatever it is asked: so it says nothing of a document. */
  public boolean isSilent() {
    return kind == Kind.UNREACHABLE
        || kind == Kind.BUSY
        || kind == Kind.KEY_REFUSED
        || kind == Kind.REDIRECTED
        || kind == Kind.UNREADABLE;
  }

  /** The same for a site that has the method under no prefix: it has no Event Streaming. */
  public SiteFailure noEventStreaming(String producerUrl) {
    return new SiteFailure(
        kind,
        producerUrl
            + " has no Event Streaming: neither Frappe's own (version 13 and 14) nor the app"
            + " event_streaming (from version 15 on) is installed there.",
        this);
  }
}
