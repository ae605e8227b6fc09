package org.eventstreaming.standin;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** All that the site is: its documents, its log, its consumers, its clock and its settings. */
final class SiteState {
  private final Generation generation;
  private final Credentials credentials;
  private final SiteClock clock;
  private final Documents documents = new Documents();
  private final UpdateLog log = new UpdateLog();
  private final LogTable logTable;
  private final Writes writes;
  private final EventConsumers consumers;
  private final Selection selection;
  private volatile @Nullable String timeZone;
  private volatile boolean selectsPlainly;
  private volatile boolean logTableIsForbidden;
  private volatile boolean logsFollowedOnly;

  SiteState(Generation generation, Credentials credentials, ZoneId zone) {
    this.generation = generation;
    this.credentials = credentials;
    this.clock = new SiteClock(zone);
    this.timeZone = zone.getId();
    this.logTable = new LogTable(log, generation);
    this.writes = new Writes(documents, log, clock, generation);
    this.consumers = new EventConsumers(documents, clock, writes);
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

  Documents documents() {
    return documents;
  }

  UpdateLog log() {
    return log;
  }

  LogTable logTable() {
    return logTable;
  }

  Writes writes() {
    return writes;
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

  boolean selectsPlainly() {
    return selectsPlainly;
  }

  void selectPlainly() {
    selectsPlainly = true;
  }

  boolean logTableIsForbidden() {
    return logTableIsForbidden;
  }

  void logTableIsForbidden(boolean forbidden) {
    logTableIsForbidden = forbidden;
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
