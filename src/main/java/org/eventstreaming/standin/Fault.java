package org.eventstreaming.standin;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What goes wrong with one call, on demand. */
public sealed interface Fault {
  /** The call is not carried out; this is answered instead. */
  record Instead(int status, Map<String, String> headers, String body) implements Fault {
    public Instead {
      headers = Map.copyOf(headers);
    }
  }

  /** The call is carried out, its answer is lost: the connection closes without a byte. */
  record LostAnswer() implements Fault {}

  /** The connection closes after so many bytes of the body. */
  record CutAfterBytes(int bytes) implements Fault {}

  /** The connection closes in the middle of this entry of the list; the first is 1. */
  record CutInEntry(int entry) implements Fault {}

  /** The call is carried out and never answered; the connection stays open until the site ends. */
  record NoAnswer() implements Fault {}

  /** The body comes in pieces of so many bytes with a pause before each. */
  record Slow(Duration pause, int bytes) implements Fault {}

  /** This happens before the call is answered, as it should be: a clock is turned. */
  record Meanwhile(Runnable happens) implements Fault {}

  /** Every entry of the list comes twice, the second time right after the first. */
  record Doubled() implements Fault {}

  /** The entries of the list come in another order, the same for the same seed. */
  record Shuffled(long seed) implements Fault {}

  /** The JSON ends half-way, the length given is that of what is sent. */
  record HalfTheJson() implements Fault {}

  private static Instead json(int status, Map<String, String> headers, String body) {
    var all = new HashMap<>(headers);
    all.put("Content-Type", "application/json");
    return new Instead(status, all, body);
  }

  private static Instead html(int status, String title) {
    return new Instead(
        status,
        Map.of("Content-Type", "text/html"),
        "<html><head><title>"
            + title
            + "</title></head><body><h1>"
            + title
            + "</h1></body></html>");
  }

  /** An exception on the site: 500 with {@code exc}. */
  static Fault serverError(String exception) {
    var error = FrappeError.python(exception, "Exception");
    return json(500, Map.of(), FrappeJson.compact(error.envelope(Generation.V15_APP)));
  }

  /** What the database of a site refuses: 500 with the class of the driver's error. */
  static Fault databaseError(String excType, String said) {
    var error = FrappeError.python("pymysql.err." + excType + ": " + said, excType);
    return json(500, Map.of(), FrappeJson.compact(error.envelope(Generation.V15_APP)));
  }

  /** What a site says no to: 417 with its words. */
  static Fault rejected(String said) {
    var error = FrappeError.thrown(417, "ValidationError", said);
    return json(417, Map.of(), FrappeJson.compact(error.envelope(Generation.V15_APP)));
  }

  /** The page of a proxy that finds no site behind it: 502. */
  static Fault badGateway() {
    return html(502, "502 Bad Gateway");
  }

  /** The maintenance page: 503, HTML. */
  static Fault maintenance() {
    return html(503, "Updating");
  }

  /** Something answers 200 with a page, such as a log-in portal. */
  static Fault htmlPage() {
    return html(200, "Welcome");
  }

  static Fault tooManyRequests(Duration retryAfter) {
    var error = FrappeError.raised(429, "TooManyRequestsError", "");
    return json(
        429,
        Map.of("Retry-After", String.valueOf(retryAfter.toSeconds())),
        FrappeJson.compact(error.envelope(Generation.V15_APP)));
  }

  static Fault unauthorized() {
    var error = FrappeError.raised(401, "AuthenticationError", "");
    return json(401, Map.of(), FrappeJson.compact(error.envelope(Generation.V15_APP)));
  }

  static Fault forbidden() {
    var error = FrappeError.raised(403, "PermissionError", "");
    return json(403, Map.of(), FrappeJson.compact(error.envelope(Generation.V15_APP)));
  }

  /** 200 with a body that claims to be JSON and is none. */
  static Fault wrongJson() {
    return json(200, Map.of(), "{\"message\": [}");
  }

  static Fault lostAnswer() {
    return new LostAnswer();
  }

  static Fault cutAfter(int bytes) {
    return new CutAfterBytes(bytes);
  }

  static Fault cutInEntry(int entry) {
    return new CutInEntry(entry);
  }

  static Fault noAnswer() {
    return new NoAnswer();
  }

  static Fault slow(Duration pause, int bytes) {
    return new Slow(pause, bytes);
  }

  static Fault meanwhile(Runnable happens) {
    return new Meanwhile(happens);
  }

  static Fault doubledEntries() {
    return new Doubled();
  }

  static Fault shuffledEntries(long seed) {
    return new Shuffled(seed);
  }

  static Fault halfTheJson() {
    return new HalfTheJson();
  }
}
