package org.eventstreaming.standin;

import java.time.ZoneId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All that the site is: its documents, its log, its consumers, its clock and its settings. */
final class SiteState {
  private final Generation generation;
  private final Credentials credentials;
  private final SiteClock clock;
  private final DocTypes docTypes;
  private final Documents documents;
  private final UpdateLog log = new UpdateLog();
  private final ReadStored readStored;
  private final LogTable logTable;
  private final Webhooks webhooks;
  private final Writes writes;
  private final Files files;
  private final Renames renames;
  private final Naming naming;
  private final Workflows workflows;
  private final ClientWrites clientWrites;
  private final EventConsumers consumers;
  private final Selection selection;
  private final Set<String> forbidden = ConcurrentHashMap.newKeySet();
  private volatile @Nullable String timeZone;
  private volatile String keyOf = Writes.USER;
  private volatile boolean selectsPlainly;
  private volatile boolean logsFollowedOnly;

  SiteState(Generation generation, Credentials credentials, ZoneId zone) {
    this.generation = generation;
    this.credentials = credentials;
    this.clock = new SiteClock(zone);
    this.timeZone = zone.getId();
    this.docTypes = new DocTypes(generation);
    this.documents = new Documents(docTypes);
    this.readStored = new ReadStored(docTypes, generation);
    this.logTable = new LogTable(log, generation);
    var names = new Names();
    var traces = new Traces(documents, clock, names, generation);
    this.webhooks = new Webhooks(documents, docTypes);
    this.writes = new Writes(documents, docTypes, log, clock, generation, names, traces, webhooks);
    this.files = new Files(documents, docTypes, writes);
    this.renames = new Renames(documents, docTypes, writes, traces);
    this.naming = new Naming(docTypes, documents, names, clock, generation);
    this.workflows = new Workflows(documents, docTypes, names, generation);
    this.clientWrites =
        new ClientWrites(
            documents,
            docTypes,
            writes,
            naming,
            new Defaults(docTypes, clock),
            new Checks(documents, docTypes, generation),
            workflows,
            generation,
            this::logs);
    this.consumers = new EventConsumers(documents, docTypes, clock, writes);
    this.selection = new Selection(log, documents, consumers, generation);
  }

  Generation generation() {
    return generation;
  }

  Credentials credentials() {
    return credentials;
  }

  SiteClock clock() {
    return clock;
  }

  DocTypes docTypes() {
    return docTypes;
  }

  Documents documents() {
    return documents;
  }

  ReadStored readStored() {
    return readStored;
  }

  UpdateLog log() {
    return log;
  }

  LogTable logTable() {
    return logTable;
  }

  Webhooks webhooks() {
    return webhooks;
  }

  Writes writes() {
    return writes;
  }

  Files files() {
    return files;
  }

  Renames renames() {
    return renames;
  }

  Naming naming() {
    return naming;
  }

  Workflows workflows() {
    return workflows;
  }

  ClientWrites clientWrites() {
    return clientWrites;
  }

  EventConsumers consumers() {
    return consumers;
  }

  Selection selection() {
    return selection;
  }

  /** Null where the site's settings hold none. */
  @Nullable String timeZone() {
    return timeZone;
  }

  void timeZone(@Nullable String other) {
    timeZone = other;
  }

  String keyOf() {
    return keyOf;
  }

  void keyOf(String user) {
    keyOf = user;
  }

  boolean selectsPlainly() {
    return selectsPlainly;
  }

  void selectPlainly() {
    selectsPlainly = true;
  }

  /** Refuses what the key's owner may not read. */
  void checkMayRead(String doctype) {
    if (forbidden.contains(doctype)) {
      throw FrappeError.mayNotRead(generation, doctype);
    }
  }

  void forbid(String doctype) {
    forbidden.add(doctype);
  }

  void allow(String doctype) {
    forbidden.remove(doctype);
  }

  void logFollowedOnly() {
    logsFollowedOnly = true;
  }

  /** Whether a write to this DocType is logged. */
  boolean logs(String doctype) {
    return generation.streams()
        && !doctype.equals(EventConsumers.DOCTYPE)
        && (!logsFollowedOnly || consumers.follows(doctype));
  }
}
