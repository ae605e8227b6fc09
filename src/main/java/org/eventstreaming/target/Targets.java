package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.TargetRules;
import org.eventstreaming.producer.TargetSite;
import org.eventstreaming.site.Callers;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.store.UnreadableFields;

/** The target sites, each with its definitions and time zone. */
public final class Targets {
  private final FrappeSites sites;
  private final Callers callers;
  private final DocTypes doctypes;
  private final ProducerStates states;
  private final UnreadableFields unreadable;
  private final Clock clock;
  private final Map<String, Target> known = new ConcurrentHashMap<>();

  /**
   * @param doctypes the definitions of the producers
   * @param states have the time zones of the producers
   */
  public Targets(
      FrappeSites sites,
      Callers callers,
      DocTypes doctypes,
      ProducerStates states,
      UnreadableFields unreadable,
      Clock clock) {
    this.sites = sites;
    this.callers = callers;
    this.doctypes = doctypes;
    this.states = states;
    this.unreadable = unreadable;
    this.clock = clock;
  }

  /** The target of a producer, which must have one. */
  public Target of(EventProducer producer) {
    TargetSite site = Objects.requireNonNull(producer.target());
    return known.computeIfAbsent(
        site.url(), url -> new Target(site, sites, callers, unreadable, clock));
  }

  /** The active Workflows of the producer's target. */
  public Workflows workflows(EventProducer producer) {
    return of(producer).workflows();
  }

  /** The step that takes documents of the producer's target through its Workflows. */
  FollowWorkflow followWorkflow(EventProducer producer) {
    return new FollowWorkflow(of(producer), doctypes);
  }

  /** The form in which documents of this producer are written to its target. */
  public SiteForm form(EventProducer producer) {
    Target target = of(producer);
    TargetRules rules = Objects.requireNonNull(producer.target()).rules();
    return new SiteForm(
        target, doctypes, rules, zone(producer), target.zone(), target.convertsTimes());
  }

  /**
   * Looks up the users that documents of this producer link to.
   *
   * @param creates whether users that the target does not have are created
   */
  public PointUsers users(
      EventProducer producer, Collection<ObjectNode> documents, boolean creates) {
    return PointUsers.of(
        of(producer), Objects.requireNonNull(producer.target()).users(), documents, creates);
  }

  /**
   * Prepares documents so that the target stores them unchanged.
   *
   * @param documents their states on the producer, or as a mapping made them
   * @param rowNames finds the target's names of child rows of the producer
   */
  public ShapeForTarget shape(
      EventProducer producer,
      Collection<ObjectNode> documents,
      Function<Collection<String>, Map<String, String>> rowNames) {
    TargetRules rules = Objects.requireNonNull(producer.target()).rules();
    return ShapeForTarget.of(of(producer), rules, documents, rowNames);
  }

  /** The producer's time zone, which is known before its first page. */
  private ZoneId zone(EventProducer producer) {
    String zone = states.state(producer.producerUrl()).timeZone();
    return zone == null ? of(producer).zone() : ZoneId.of(zone);
  }
}
