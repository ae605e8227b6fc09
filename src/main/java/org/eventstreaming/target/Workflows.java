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
 * The active Workflows of a target site, all read at once and kept as long as definitions are. Safe
 * for many threads.
 */
public final class Workflows {
  /** What was read within this time is not doubted. */
  private static final Duration CERTAIN = Duration.ofMinutes(1);

  private final Supplier<ReadWorkflows> site;
  private final Clock clock;
  private @Nullable Learnt learnt;

  Workflows(Supplier<ReadWorkflows> site, Clock clock) {
    this.site = site;
    this.clock = clock;
  }

  /** Empty where documents of the type go by none. */
  Optional<Workflow> of(String doctype) {
    return Optional.ofNullable(learnt(Target.FRESH).workflows().get(doctype));
  }

  /** Whether the key may read them; else there seem to be none. */
  boolean areReadable() {
    return learnt(Target.FRESH).readable();
  }

  /** Somebody may have changed them since: reads them anew, unless that was done just now. */
  synchronized boolean areReadAnew() {
    Learnt before = learnt;
    return before == null || learnt(CERTAIN).at().isAfter(before.at());
  }

  /** They are read anew when they are asked for next. */
  synchronized void forget() {
    learnt = null;
  }

  /** A document that says nothing of its state is meant to be in the one in which it stands. */
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
