package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eventstreaming.doctype.Workflow;
import org.eventstreaming.site.ReadWorkflows;
import org.eventstreaming.site.SiteFailure;
import org.jspecify.annotations.Nullable;

/**
 * The active Workflows of a target site. They are read all at once and kept as long as definitions
 * are. Safe for concurrent use.
 */
public final class Workflows {
  /** Workflows that are younger than this are not read anew. */
  private static final Duration CERTAIN = Duration.ofMinutes(1);

  private final Supplier<ReadWorkflows> site;
  private final Clock clock;
  private @Nullable Learnt learnt;

  Workflows(Supplier<ReadWorkflows> site, Clock clock) {
    this.site = site;
    this.clock = clock;
  }

  /** The Workflow of a type; empty where the type has none. */
  Optional<Workflow> of(String doctype) {
    return Optional.ofNullable(learnt(Target.FRESH).workflows().get(doctype));
  }

  /** Whether the key may read Workflows. Else no type seems to have one. */
  boolean areReadable() {
    return learnt(Target.FRESH).readable();
  }

  /**
   * Reads the Workflows anew, since somebody may have changed them. False where they were read just
   * now.
   */
  synchronized boolean areReadAnew() {
    Learnt before = learnt;
    return before == null || learnt(CERTAIN).at().isAfter(before.at());
  }

  /** Discards the Workflows: the next use reads them. */
  synchronized void forget() {
    learnt = null;
  }

  /** Adds the present state to a desired document that has none. */
  public void complete(ObjectNode desired, ObjectNode stands) {
    of(stands.path("doctype").asText())
        .map(Workflow::stateField)
        .filter(field -> desired.path(field).asText("").isEmpty() && stands.has(field))
        .ifPresent(field -> desired.set(field, stands.get(field)));
  }

  private synchronized Learnt learnt(Duration fresh) {
    Instant now = clock.instant();
    Learnt known = learnt;
    if (known == null || Duration.between(known.at(), now).compareTo(fresh) > 0) {
      known = read(now);
      learnt = known;
    }
    return known;
  }

  private Learnt read(Instant now) {
    try {
      return new Learnt(site.get().read(), true, now);
    } catch (SiteFailure e) {
      if (e.passes()) {
        throw e;
      }
      return new Learnt(Map.of(), false, now);
    }
  }

  private record Learnt(Map<String, Workflow> workflows, boolean readable, Instant at) {}
}
