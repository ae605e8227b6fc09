package org.eventstreaming.site;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.producer.SiteAccess;
import org.eventstreaming.settings.LengthOfTime;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.NoJson;
import org.jspecify.annotations.Nullable;

/**
 * Speaks with one site under its key: makes the calls, separates answers from failures, and words
 * those (protocol: frappe-wire 2). What is asked is for others to say.
 */
final class SiteWire {
  static final String NO_FRAPPE_SITE =
      " Is that the address of a Frappe site, or is a proxy or a login page in front of" + " it?";

  private static final String NO_NUMBER =
      " Set the field to a number or to 0 on the site; it is read again.";

  private static final int LONGEST_ERROR = 1024 * 1024;
  // gunicorn takes request lines of 4094 bytes, method and protocol included
  private static final int LONGEST_REQUEST_LINE = 4000;
  private static final ObjectMapper JSON = DocumentJson.MAPPER;

  private final SiteCalls calls;
  private final SiteAccess access;
  private final Pace pace;
  private final RepeatReads repeat;
  private final Authorization authorization;

  SiteWire(SiteCalls calls, SiteAccess access, Pace pace, RepeatReads repeat) {
    this.calls = calls;
    this.access = access;
    this.pace = pace;
    this.repeat = repeat;
    this.authorization = authorization(access);
  }

  private static Authorization authorization(SiteAccess access) {
    if (access.apiKey() == null || access.apiSecret() == null) {
      return Authorization.BY_ROUTE;
    }
    String pair = access.apiKey().reveal() + ":" + access.apiSecret().reveal();
    return new Authorization.Key(
        new Secret(
            "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))));
  }

  SiteAccess access() {
    return access;
  }

  Pace pace() {
    return pace;
  }

  RepeatReads repeat() {
    return repeat;
  }

  List<ObjectNode> rows(SiteCall call, String purpose) {
    JsonNode answer = timed(call, purpose);
    JsonNode list = answer.has("data") ? answer.path("data") : answer.path("message");
    List<ObjectNode> rows = new ArrayList<>();
    for (JsonNode row : list) {
      if (!(row instanceof ObjectNode document)) {
        throw new SiteFailure(
            SiteFailure.Kind.UNREADABLE,
            what(purpose) + ": the answer is not a list of documents.");
      }
      rows.add(document);
    }
    return rows;
  }

  /** What is answered; how long it takes is taken note of. */
  JsonNode timed(SiteCall call, String purpose) {
    return repeated(call, () -> pace.timed(() -> once(call, purpose)));
  }

  /** The arguments of one page of a list by (modified, name). */
  static Map<String, String> inOrder(String fields, ArrayNode filters, int start, int limit) {
    Map<String, String> arguments = new LinkedHashMap<>();
    arguments.put("fields", fields);
    arguments.put("filters", filters.toString());
    arguments.put("order_by", "modified asc, name asc");
    arguments.put("limit_start", Integer.toString(start));
    arguments.put("limit_page_length", Integer.toString(limit));
    return arguments;
  }

  static ArrayNode in(String field, Collection<String> values) {
    ArrayNode filters = JSON.createArrayNode();
    ArrayNode list = filters.addArray().add(field).add("in").addArray();
    values.forEach(list::add);
    return filters;
  }

  /** A list call; with its arguments in the body where the request line would be too long. */
  SiteCall list(String doctype, Map<String, String> arguments) {
    SiteCall call = get("/api/resource/" + SiteCall.segment(doctype), arguments);
    if (call.path().length() + call.rawQuery().length() <= LONGEST_REQUEST_LINE) {
      return call;
    }
    Map<String, String> form = new LinkedHashMap<>(arguments);
    form.put("doctype", doctype);
    return ask("/api/method/frappe.client.get_list", form);
  }

  SiteCall get(String path, Map<String, String> query) {
    return new SiteCall("GET", access.url(), path, query, null, null, authorization, true);
  }

  /** A read that needs no key. What a route of the project adds to each call is added to it too. */
  SiteCall open(String path, Map<String, String> query) {
    return new SiteCall("GET", access.url(), path, query, null, null, asNobody(), true);
  }

  private Authorization asNobody() {
    return authorization instanceof Authorization.ByRoute ? authorization : Authorization.NOBODY;
  }

  /** A read whose arguments are a form. */
  SiteCall ask(String path, Map<String, String> form) {
    return new SiteCall("POST", access.url(), path, Map.of(), form, null, authorization, true);
  }

  /** Sends a form that lies in a file. */
  SiteCall upload(String path, SiteCall.Upload upload) {
    return new SiteCall("POST", access.url(), path, Map.of(), null, upload, authorization, false);
  }

  /** A call that changes something there. */
  SiteCall call(String method, String path, @Nullable Map<String, String> form) {
    return new SiteCall(method, access.url(), path, Map.of(), form, null, authorization, false);
  }

  /** Not repeated here: an answer that breaks off is for those to go on with who read it. */
  EntryReader entries(SiteCall call, String purpose) {
    return new EntryReader(pace.timed(() -> answered(call, purpose)), what(purpose));
  }

  JsonNode json(SiteCall call, String purpose) {
    return repeated(call, () -> once(call, purpose));
  }

  /** Makes a call, several times where it is a read and fails in passing. */
  <T> T repeated(SiteCall call, Supplier<T> attempt) {
    return call.isRead() ? repeat.of(attempt) : attempt.get();
  }

  private JsonNode once(SiteCall call, String purpose) {
    try (SiteAnswer answer = answered(call, purpose)) {
      JsonNode body = JSON.readTree(answer.body());
      if (body == null || !body.isObject()) {
        throw new SiteFailure(
            SiteFailure.Kind.UNREADABLE,
            what(purpose) + ": the answer is not a JSON object." + NO_FRAPPE_SITE);
      }
      String error = body.path("exc").asText("");
      if (!error.isEmpty() && !error.equals("[]")) {
        throw refused(
            FrappeError.of(answer.status(), body.toString()), call, purpose, answer.retryAfter());
      }
      return body;
    } catch (JsonProcessingException e) {
      throw new SiteFailure(
          SiteFailure.Kind.UNREADABLE,
          what(purpose)
              + ": the answer is not JSON: "
              + NoJson.why(e)
              + "."
              + (NoJson.holdsNoNumber(e) ? NO_NUMBER : NO_FRAPPE_SITE),
          e);
    } catch (IOException e) {
      throw unreachable(purpose, e);
    }
  }

  SiteAnswer answered(SiteCall call, String purpose) {
    SiteAnswer answer = sent(call, purpose);
    if (answer.status() == 200 || answer.status() == 202) {
      if (answer.contentType().startsWith("text/html")) {
        answer.close();
        throw new SiteFailure(
            SiteFailure.Kind.UNREADABLE,
            what(purpose) + ": a page came instead of JSON." + NO_FRAPPE_SITE);
      }
      return answer;
    }
    try (answer) {
      if (Redirect.is(answer)) {
        // whatever is asked, somebody else answers: it says nothing of this call
        throw new SiteFailure(
            SiteFailure.Kind.REDIRECTED, what(purpose) + ": " + Redirect.text(answer, call));
      }
      String body = new String(answer.body().readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
      throw refused(FrappeError.of(answer.status(), body), call, purpose, answer.retryAfter());
    } catch (IOException e) {
      throw unreachable(purpose, e);
    }
  }

  /**
   * The content of a file.
   *
   * @param asNobody whether our key stays out of it: what everybody may read needs none
   */
  SiteAnswer content(String path, Map<String, String> query, boolean asNobody, String purpose) {
    SiteCall call = asNobody ? open(path, query) : get(path, query);
    return repeated(call, () -> content(call, purpose));
  }

  private SiteAnswer content(SiteCall call, String purpose) {
    SiteAnswer answer = sent(call, purpose);
    if (answer.status() == 200) {
      return answer;
    }
    try (answer) {
      if (Redirect.is(answer)) {
        // a file may lie elsewhere: the site itself answers
        throw new SiteFailure(
            SiteFailure.Kind.REJECTED, what(purpose) + ": " + Redirect.text(answer, call));
      }
      // the page that a web server shows for a missing file says what its status says
      String body =
          answer.contentType().startsWith("text/html")
              ? ""
              : new String(answer.body().readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
      throw refused(FrappeError.of(answer.status(), body), call, purpose, answer.retryAfter());
    } catch (IOException e) {
      throw unreachable(purpose, e);
    }
  }

  private SiteAnswer sent(SiteCall call, String purpose) {
    try {
      return calls.send(call);
    } catch (LeaveAlone.Paused e) {
      throw new SiteFailure(
          SiteFailure.Kind.BUSY,
          "%s: not called, %s. It is called again in %s."
              .formatted(
                  what(purpose),
                  e.getMessage(),
                  LengthOfTime.text(Duration.ofSeconds(Math.max(1, e.left().toSeconds())))),
          e.left(),
          String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw unreachable(purpose, e);
    }
  }

  private SiteFailure refused(
      FrappeError error, SiteCall call, String purpose, Duration retryAfter) {
    SiteFailure.Kind kind = error.kind(call.path());
    StringBuilder text = new StringBuilder(what(purpose)).append(": ").append(error.status());
    if (error.status() >= 500 && !error.message().contains(error.excType())) {
      // of a KeyError the text alone says nothing
      text.append(' ').append(error.excType()).append(':');
    }
    if (!error.message().startsWith("HTTP ")) {
      text.append(' ').append(error.message().replaceFirst("[.\\s]+$", ""));
    }
    String said = text.substring(what(purpose).length() + 2);
    switch (kind) {
      case KEY_REFUSED ->
          text.append(
              authorization instanceof Authorization.ByRoute
                  ? ". Its file says authentication: route: check what the route call-site adds."
                  : ". Check api_key and api_secret in its file.");
      case REFUSED -> text.append(Refusal.advice(call));
      case BUSY, FAULT ->
          text.append(
              ". The site cannot serve it now: the request is repeated later. See its Error Log for"
                  + " more.");
      case UNREADABLE -> text.append(", with a page instead of JSON.").append(NO_FRAPPE_SITE);
      default -> text.append(". Check the Error Log of the site and the requested document types.");
    }
    return new SiteFailure(kind, text.toString(), retryAfter, said);
  }

  SiteFailure unreachable(String purpose, IOException cause) {
    NoConnection why = NoConnection.of(cause, access.url());
    return new SiteFailure(
        SiteFailure.Kind.UNREACHABLE,
        what(purpose) + ": " + why.why() + ". " + why.advice(),
        cause);
  }

  String what(String purpose) {
    return "Could not " + purpose + " at " + access.url();
  }
}
