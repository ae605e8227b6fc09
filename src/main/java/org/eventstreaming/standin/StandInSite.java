package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A Frappe site to follow, with Event Streaming or a stock one without: it speaks real HTTP on a
 * port of the loopback, has documents and, with the feature, a log, answers as its generation does,
 * calls back its consumers, and fails on demand.
 */
public final class StandInSite implements AutoCloseable {
  private static final int REQUESTS_KEPT = 2_000;
  private static final int REQUEST_LINE = 4_094;

  private final SiteState state;
  private final FrappeDialect dialect;
  private final Faults faults = new Faults();
  private final AnswerWriter writer = new AnswerWriter();
  private final CallBacks callBacks;
  private final ExecutorService threads = daemons();
  private final Deque<Request> requests = new ArrayDeque<>();
  private final Map<CallKind, Integer> counts = new EnumMap<>(CallKind.class);
  private final int port;
  private volatile Map<String, String> rateLimit = Map.of();
  private HttpServer server;

  private StandInSite(Generation generation, int port) {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    this.state =
        new SiteState(
            generation, new Credentials("API-KEY", "API-SECRET"), ZoneId.of("Asia/Kolkata"));
    this.dialect = new FrappeDialect(state);
    this.server = listening(port);
    this.port = server.getAddress().getPort();
    this.callBacks = new CallBacks(state, url());
  }

  public static StandInSite start(Generation generation) {
    return start(generation, 0);
  }

  public static StandInSite start(Generation generation, int port) {
    var site = new StandInSite(generation, port);
    site.serve();
    return site;
  }

  public Generation generation() {
    return state.generation();
  }

  /** Where the site is, without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  public String apiKey() {
    return state.credentials().apiKey();
  }

  public String apiSecret() {
    return state.credentials().apiSecret();
  }

  // what the site is

  /** The zone that the site works in and names when asked; Asia/Kolkata unless set. */
  public StandInSite zone(ZoneId zone) {
    state.clock().move(zone);
    state.timeZone(zone.getId());
    return this;
  }

  /** The site works in Asia/Kolkata and names no zone, as a Frappe 13 without the setting does. */
  public StandInSite zoneUnset() {
    state.clock().move(ZoneId.of("Asia/Kolkata"));
    state.timeZone(null);
    return this;
  }

  /** The database under the site; none unless set, which answers what it was given. */
  public StandInSite database(SiteDatabase database) {
    state.readStored().use(database);
    state.documents().use(database.collation());
    return this;
  }

  /** Whom the key speaks for; Administrator unless set. */
  public StandInSite keyOf(String user) {
    state.keyOf(user);
    return this;
  }

  /** The clock that stamps what is written; each stamp is later than the one before. */
  public StandInSite clock(Clock clock) {
    state.clock().use(clock);
    return this;
  }

  /** Sets a document's present state, past the log. */
  public void put(String doctype, ObjectNode document) {
    state.documents().put(doctype, document.deepCopy().put("doctype", doctype));
  }

  /** Takes a document away, past the log. */
  public void remove(String doctype, String name) {
    state.documents().remove(doctype, name);
  }

  /** Describes a DocType: its fields, and with them what lists can ask for and how rows are. */
  public void putDocType(ObjectNode docType) {
    state.docTypes().put(docType.deepCopy());
  }

  /** The site has every DocType that is asked for, but not this one. */
  public StandInSite withoutDocType(String doctype) {
    state.docTypes().without(doctype);
    return this;
  }

  /**
   * An app's code names the documents of this DocType by this field, whatever its rule says, as
   * ERPNext does with Customers.
   */
  public StandInSite namedBy(String doctype, String fieldname) {
    state.naming().byField(doctype, fieldname);
    return this;
  }

  /**
   * Puts a Workflow on the site: what clients write of its DocType goes by it while it is active.
   * Its DocType gets the field of the state where it has none.
   */
  public StandInSite workflow(ObjectNode workflow) {
    state.workflows().put(workflow);
    return this;
  }

  /** What the condition text of a transition means; one without a meaning is never met. */
  public StandInSite transitionCondition(String text, Predicate<ObjectNode> met) {
    state.workflows().condition(text, met);
    return this;
  }

  /** The key's user has these roles alone, as Workflows see it; else it is Administrator. */
  public StandInSite roles(String... roles) {
    state.workflows().roles(Set.of(roles));
    return this;
  }

  /**
   * An app's code makes something else of what clients save of this DocType, as ERPNext resets the
   * date of an invoice, or throws a {@link #refusal}. Submitted documents it leaves alone.
   */
  public StandInSite onSave(String doctype, UnaryOperator<ObjectNode> change) {
    state.clientWrites().onSave(doctype, change);
    return this;
  }

  /**
   * An app's code commits when it creates a document of this type, as ERPNext does with a Contact
   * that has a phone number: what a call created until then stays, also where it is refused.
   */
  public StandInSite committing(String doctype) {
    state.clientWrites().committing(doctype);
    return this;
  }

  /** What an app throws to refuse a document: 417 with its words. */
  public static RuntimeException refusal(String said) {
    return FrappeError.thrown(417, "ValidationError", said);
  }

  /**
   * Nothing is saved that links to disabled documents of these DocTypes, as ERPNext does with
   * Items, Customers and Accounts.
   */
  public StandInSite refusingDisabled(String... doctypes) {
    state.clientWrites().refuseDisabled(Set.of(doctypes));
    return this;
  }

  /** Lets nothing that is written from now on be stamped before this moment. */
  void reach(String moment) {
    state.clock().reach(moment);
  }

  // its history

  public void append(LogEntry entry) {
    state.clock().reach(entry.creation());
    state.writes().noticeName(entry.name());
    state.log().append(entry);
  }

  public void append(List<LogEntry> entries) {
    entries.forEach(this::append);
  }

  /**
   * Appends entries that take no memory: each is made whenever it is read, the same for the same
   * position, in the order of creation. Serve them with {@link #plainSelection()}.
   */
  public void append(int count, IntFunction<LogEntry> entries) {
    state.log().append(count, entries);
  }

  /** Inserts a document as the site itself would, and logs it; answers the stored document. */
  public ObjectNode insert(String doctype, ObjectNode document) {
    var inserted = state.writes().insert(doctype, document, state.logs(doctype));
    state.clientWrites().makeWith(inserted);
    return inserted.deepCopy();
  }

  /**
   * An app that makes another document with each of a type that is inserted, by people and by
   * clients alike.
   *
   * @param maker gives what is made with a document, its doctype included; empty makes none
   */
  public StandInSite makesWith(String doctype, Function<ObjectNode, Optional<ObjectNode>> maker) {
    state.clientWrites().makesWith(doctype, maker);
    return this;
  }

  /** Saves these fields of a document, and logs the difference, if any. */
  public ObjectNode update(String doctype, String name, ObjectNode changes) {
    return state.writes().update(doctype, name, changes, state.logs(doctype)).deepCopy();
  }

  /** Logs the Delete, deletes the document and remembers it as a Deleted Document. */
  public void delete(String doctype, String name) {
    state.writes().delete(doctype, name, state.logs(doctype));
  }

  /**
   * Attaches a file to a document, as people do; answers its File.
   *
   * @param field the field of the document that shows it; empty for none
   */
  public ObjectNode attach(
      String doctype,
      String name,
      String field,
      String fileName,
      boolean isPrivate,
      byte[] content) {
    return state.files().attach(doctype, name, field, fileName, isPrivate, content).deepCopy();
  }

  /** The content at an address of the site, such as {@code /files/a.pdf}. */
  public Optional<byte[]> content(String url) {
    return state.files().content(url);
  }

  /** Another content comes to this address, past the File. */
  public void content(String url, byte[] content) {
    state.files().content(url, content);
  }

  /** The content at an address is lost, past the File. */
  public void loseContent(String url) {
    state.files().lose(url);
  }

  /**
   * Renames a document: links to it are rewritten wherever the linking DocType is known, a Comment
   * names both. No {@code modified} changes, and nothing is logged.
   */
  public void rename(String doctype, String oldName, String newName) {
    state.renames().rename(doctype, oldName, newName);
  }

  /**
   * Gives a document another name as ERPNext's scheduler does with ledger entries, by SQL: creation
   * and owner stay, modified moves, nothing else mentions it.
   */
  public void renameBySql(String doctype, String oldName, String newName) {
    var document = state.writes().existing(doctype, oldName).deepCopy();
    state.documents().remove(doctype, oldName);
    put(doctype, document.put("name", newName).put("modified", state.clock().next()));
  }

  /**
   * Merges a document into another: links are rewritten, a Comment names it, the one is deleted.
   */
  public void merge(String doctype, String oldName, String into) {
    state.renames().merge(doctype, oldName, into, state.logs(doctype));
  }

  /**
   * Sets fields past the document, as code on a site does by SQL. Nothing is logged. The DocType
   * may be a child table's, the name then that of one row: its parent's {@code modified} stays.
   *
   * @param updateModified whether what is written gets a new {@code modified} itself
   */
  public void dbSet(String doctype, String name, ObjectNode values, boolean updateModified) {
    state.writes().dbSet(doctype, name, values, updateModified);
  }

  /** Writes are logged only while an approved consumer follows their DocType, as on a site. */
  public StandInSite logOnlyWhatIsFollowed() {
    state.logFollowedOnly();
    return this;
  }

  /** How many entries the log has. */
  public int logSize() {
    return state.log().size();
  }

  // how it selects

  /** A pull gets what is newer than its cursor, in log order; conditions and marks do not count. */
  public StandInSite plainSelection() {
    state.selectPlainly();
    return this;
  }

  /**
   * What the condition text of a consumer's row means for documents of this DocType. A row with a
   * condition that nobody gave a meaning admits nothing, as one that fails does on a site.
   */
  public StandInSite condition(String doctype, Predicate<ObjectNode> condition) {
    state.selection().condition(doctype, condition);
    return this;
  }

  /** List calls on the Event Update Log are refused: the key's owner may not read it. */
  public StandInSite logTableForbidden() {
    return forbidden("Event Update Log");
  }

  /** The key's owner may not read this DocType: not its lists, not its documents. */
  public StandInSite forbidden(String doctype) {
    state.forbid(doctype);
    return this;
  }

  /** The key's owner may read it again. */
  public StandInSite allowed(String doctype) {
    state.allow(doctype);
    return this;
  }

  /**
   * The key's user may read these permission levels beside 0: fields of others are left out of
   * lists, and are 0 or absent in single reads (before version 15: shown).
   *
   * @param singly whether single reads show all levels nevertheless, as they do to Administrator
   */
  public StandInSite readableLevels(Set<Integer> levels, boolean singly) {
    state.docTypes().readableLevels(levels, singly);
    return this;
  }

  // administration

  /** Approves these DocTypes of a consumer, or all that it asked for. */
  public void approve(String consumerUrl, String... doctypes) {
    state.consumers().approve(consumerUrl, "Approved", List.of(doctypes));
  }

  public void reject(String consumerUrl, String... doctypes) {
    state.consumers().approve(consumerUrl, "Rejected", List.of(doctypes));
  }

  /** From now on every registration and every save of an Event Consumer approves all its rows. */
  public StandInSite approveAll() {
    state.consumers().approveAll();
    return this;
  }

  /** The consumers that are registered, by their URL. */
  public List<String> consumers() {
    return state.documents().all(EventConsumers.DOCTYPE).stream()
        .map(consumer -> consumer.path("name").asText())
        .toList();
  }

  /** Deletes an Event Consumer with all that it has read. */
  public void forget(String consumerUrl) {
    state.consumers().forget(consumerUrl);
  }

  /** The names of the log entries that carry this consumer's read mark. */
  public List<String> readBy(String consumerUrl) {
    return state.consumers().read(consumerUrl).stream().sorted().toList();
  }

  /** Sends a consumer its present statuses, as saving its Event Consumer does. */
  public List<Exchange> pushApproval(String consumerUrl) {
    return callBacks.pushApproval(consumerUrl);
  }

  /** Notifies a consumer that there is something new. */
  public List<Exchange> notify(String consumerUrl) {
    return callBacks.notify(consumerUrl);
  }

  /**
   * Makes the calls of the Webhooks that clients created, for what was written since the last time:
   * as a site's background worker does, minutes later on a busy one.
   */
  public List<Exchange> callWebhooks() {
    return callBacks.webhooks();
  }

  // faults

  /** The next call fails. */
  public void fail(Fault fault) {
    fail(request -> true, fault);
  }

  /** The next call of this kind fails. */
  public void fail(CallKind kind, Fault fault) {
    fail(request -> request.kind() == kind, fault);
  }

  /** The next call that fits fails. */
  public void fail(Predicate<Request> where, Fault fault) {
    faults.plan(1, where, fault);
  }

  /** So many calls that fit fail. */
  public void fail(int times, Predicate<Request> where, Fault fault) {
    faults.plan(times, where, fault);
  }

  /**
   * From now on a share of all calls goes wrong, in ways that pass: errors, pages, answers that are
   * lost or cut. The same calls one after the other go wrong for the same seed.
   */
  public void fail(long seed, double share) {
    faults.random(seed, share);
  }

  /** All faults that still wait are called off. */
  public void heal() {
    faults.clear();
  }

  /**
   * Every answer reports that the site limits its work: how much in a window, what is left of it,
   * and when the next one begins.
   */
  public StandInSite rateLimit(long limit, long remaining, Duration reset) {
    rateLimit =
        Map.of(
            "X-RateLimit-Limit", String.valueOf(limit),
            "X-RateLimit-Remaining", String.valueOf(remaining),
            "X-RateLimit-Used", String.valueOf(limit - remaining),
            "X-RateLimit-Reset", String.valueOf(reset.toSeconds()));
    return this;
  }

  /** Nobody listens on the port any more; open connections are closed. */
  public synchronized void refuseConnections() {
    server.stop(0);
  }

  /** Listens again on the same port. */
  public synchronized void resume() {
    server = listening(port);
    serve();
  }

  /** All documents of a type as they stand, with their rows. */
  public List<ObjectNode> documents(String doctype) {
    return state.documents().all(doctype).stream().map(ObjectNode::deepCopy).toList();
  }

  // what was asked

  /** What was called, the last 2,000, oldest first. */
  public List<Request> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  public List<Request> requests(CallKind kind) {
    return requests().stream().filter(request -> request.kind() == kind).toList();
  }

  /** How many calls of this kind there were. */
  public int count(CallKind kind) {
    synchronized (requests) {
      return counts.getOrDefault(kind, 0);
    }
  }

  public void forgetRequests() {
    synchronized (requests) {
      requests.clear();
      counts.clear();
    }
  }

  @Override
  public synchronized void close() {
    writer.end();
    server.stop(0);
    threads.shutdownNow();
  }

  private HttpServer listening(int onPort) {
    try {
      return HttpServer.create(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), onPort), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("The stand-in site cannot listen on port " + onPort, e);
    }
  }

  private synchronized void serve() {
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    var call = Call.read(exchange);
    rateLimit.forEach(exchange.getResponseHeaders()::set);
    var request = remembered(call);
    var fault = faults.take(request).orElse(null);
    var requestLine = (call.method() + " " + call.uri() + " HTTP/1.1").length();
    if (fault instanceof Fault.Instead) {
      writer.write(exchange, Answer.html(200, ""), fault);
    } else if (requestLine > REQUEST_LINE) {
      writer.write(exchange, Answer.html(400, "Request Line is too large"), fault);
    } else {
      writer.write(exchange, dialect.answer(call), fault);
    }
    exchange.close();
  }

  private Request remembered(Call call) {
    var headers = new LinkedHashMap<>(call.headers());
    headers.computeIfPresent("authorization", (name, value) -> value.replaceFirst("\\s.*", " ***"));
    var request =
        new Request(CallKind.of(call), call.method(), call.uri(), call.cmd(), headers, call.body());
    synchronized (requests) {
      if (requests.size() == REQUESTS_KEPT) {
        requests.removeFirst();
      }
      requests.addLast(request);
      counts.merge(request.kind(), 1, Integer::sum);
    }
    return request;
  }

  private static ExecutorService daemons() {
    return Executors.newCachedThreadPool(
        work -> {
          var thread = new Thread(work, "stand-in site");
          thread.setDaemon(true);
          return thread;
        });
  }
}
