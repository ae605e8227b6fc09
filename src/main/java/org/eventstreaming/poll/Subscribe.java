package org.eventstreaming.poll;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Source;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.FrappeUpdateLog;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.ApiKeys;
import org.eventstreaming.store.ProducerState;
import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.SyncRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers us as an Event Consumer on the producer, subscribes to the types of the producer file,
 * and reads the approvals. It can be repeated: only differences are written (protocol: frappe-wire
 * 4.2 and 4.4).
 */
public final class Subscribe {
  private static final int TRIES = 3;

  private static final String APPROVED = "Approved";
  private static final Logger LOG = LoggerFactory.getLogger(Subscribe.class);

  private final FrappeSites sites;
  private final ProducerStates producers;
  private final ApiKeys keys;
  private final FindConsumer findConsumer;
  private final Clock clock;

  public Subscribe(
      FrappeSites sites, ProducerStates producers, ApiKeys keys, OwnAddress own, Clock clock) {
    this.clock = clock;
    this.sites = sites;
    this.producers = producers;
    this.keys = keys;
    this.findConsumer = new FindConsumer(sites, own);
  }

  public SyncRun subscribe(Lease lease) {
    EventProducer producer = lease.producer();
    String url = producer.producerUrl();
    FrappeSite site = sites.of(producer);
    producers.ensure(producer);
    ProducerState state = producers.state(url);
    if (producer.source() == Source.MODIFIED
        || (producer.source() == Source.PROBE && state.isStock())) {
      return stock(lease, site, state);
    }
    try {
      return consumer(lease, site, state);
    } catch (SiteFailure e) {
      if (producer.source() == Source.PROBE && e.kind() == SiteFailure.Kind.NO_SUCH_METHOD) {
        LOG.info(
            "{} It is followed as a stock site: its documents are listed by when they changed.",
            e.getMessage());
        return stock(lease, site, state);
      }
      throw e;
    }
  }

  /**
   * Begins following on a stock site. There are no approvals there: all types of the file are
   * followed.
   */
  private SyncRun stock(Lease lease, FrappeSite site, ProducerState state) {
    EventProducer producer = lease.producer();
    String url = producer.producerUrl();
    if (!state.isStock()) {
      producers.learntSource(url, ProducerState.STOCK);
    }
    ZoneId zone = zone(site, url, state);
    Map<String, String> statuses = new HashMap<>();
    doctypes(producer).forEach(doctype -> statuses.put(doctype, APPROVED));
    producers.approvals(url, statuses);
    Set<String> fresh = fresh(producer, state);
    if (!fresh.isEmpty()) {
      producers.begin(url, fresh, FrappeTime.format(LocalDateTime.ofInstant(now(site), zone)));
    }
    requestLoads(producer);
    return new SyncRun(lease, zone, statuses.keySet(), false, false);
  }

  /**
   * The time from which documents are followed. It is the site's time where the two clocks differ
   * by more than a second, which is the precision of the answer: a later change must not seem older
   * than it, nor an earlier one newer.
   */
  private Instant now(FrappeSite site) {
    Instant ours = clock.instant();
    Instant theirs = site.greet().date();
    return theirs == null || (!ours.isBefore(theirs) && !theirs.plusSeconds(1).isBefore(ours))
        ? ours
        : theirs;
  }

  private SyncRun consumer(Lease lease, FrappeSite site, ProducerState state) {
    EventProducer producer = lease.producer();
    String url = producer.producerUrl();
    FindConsumer.Found found = findConsumer.find(site, producer, state.callbackUrl());
    String address = found.address();
    Optional<ObjectNode> document = found.document();
    if (document.isEmpty()) {
      register(site, producer, address);
      document = site.updateLog().eventConsumer(address);
    }
    if (!address.equals(state.callbackUrl())) {
      producers.registered(url, address);
    }
    ObjectNode consumer =
        document.orElseThrow(
            () ->
                new IllegalStateException(
                    "Registered at " + url + ", but there is no Event Consumer for us there"));
    for (int tries = 1; push(site, producer, consumer, tries); tries++) {
      consumer = site.updateLog().eventConsumer(address).orElse(consumer);
    }
    Map<String, String> statuses = statuses(consumer);
    logApprovals(url, statuses, producers.approvals(url, statuses));
    begin(producer, consumer);
    requestLoads(producer);
    return new SyncRun(lease, zone(site, url, state), approved(producer, statuses), false, true);
  }

  private static void logApprovals(String url, Map<String, String> statuses, Set<String> changed) {
    Map<String, List<String>> byStatus = new TreeMap<>();
    changed.forEach(
        doctype ->
            byStatus
                .computeIfAbsent(
                    Objects.requireNonNull(statuses.get(doctype)), status -> new ArrayList<>())
                .add(doctype));
    byStatus.forEach(
        (status, doctypes) -> LOG.info("{} at {}: {}", status, url, String.join(", ", doctypes)));
  }

  private void register(FrappeSite site, EventProducer producer, String address) {
    String url = producer.producerUrl();
    ApiKeys.KeyPair pair = keys.create(producer.user(), scope(producer));
    List<FrappeUpdateLog.RequestedType> requested =
        producer.producerDoctypes().stream()
            .map(row -> new FrappeUpdateLog.RequestedType(row.remoteDoctype(), row.condition()))
            .toList();
    Optional<String> start =
        new ProbePrefix(producers, url)
            .call(
                prefix ->
                    site.updateLog()
                        .register(prefix, address, requested, pair.key(), pair.secret()));
    keys.revokeOthers(scope(producer), pair.key());
    LOG.info(
        "Registered at {} as {} for {} document types; they have to be approved there",
        url,
        address,
        requested.size());
    start.ifPresent(
        moment -> {
          if (producers.state(url).types().values().stream()
              .allMatch(type -> type.lastUpdate() == null)) {
            producers.begin(url, doctypes(producer), moment);
          }
        });
  }

  /**
   * Writes our subscription where it differs from the file.
   *
   * @return whether the document has to be read again: it was written, or the write has to be
   *     repeated
   */
  private boolean push(FrappeSite site, EventProducer producer, ObjectNode consumer, int tries) {
    boolean keyKnown = keys.exists(consumer.path("api_key").asText(""), scope(producer));
    if (keyKnown && wanted(producer).equals(subscribed(consumer))) {
      return false;
    }
    ObjectNode changed = consumer.deepCopy();
    Map<String, String> statuses = statuses(consumer);
    ArrayNode rows = changed.putArray("consumer_doctypes");
    for (ProducerDoctype row : producer.producerDoctypes()) {
      rows.addObject()
          .put("ref_doctype", row.remoteDoctype())
          .put("status", statuses.getOrDefault(row.remoteDoctype(), "Pending"))
          .put("unsubscribed", row.unsubscribe() ? 1 : 0)
          .put("condition", row.condition());
    }
    changed.put("user", producer.user());
    changed.put("incoming_change", true);
    ApiKeys.KeyPair pair = null;
    if (!keyKnown) {
      pair = keys.create(producer.user(), scope(producer));
      changed.put("api_key", pair.key());
      changed.put("api_secret", pair.secret().reveal());
    }
    try {
      site.updateLog().putEventConsumer(changed);
    } catch (SiteFailure e) {
      if (e.kind() == SiteFailure.Kind.STALE && tries < TRIES) {
        return true;
      }
      throw e;
    }
    if (pair != null) {
      keys.revokeOthers(scope(producer), pair.key());
    }
    LOG.info("Changed our subscription at {}", producer.producerUrl());
    return tries < TRIES;
  }

  /**
   * Begins following the types that are new. Types that were followed before continue at their
   * cursor.
   */
  private void begin(EventProducer producer, ObjectNode consumer) {
    ProducerState state = producers.state(producer.producerUrl());
    Set<String> fresh = fresh(producer, state);
    if (fresh.isEmpty()) {
      return;
    }
    // without any cursor here an earlier registration counts: the log belongs to us from its day on
    String start =
        state.types().values().stream()
            .map(ProducerState.TypeState::lastUpdate)
            .flatMap(Stream::ofNullable)
            .max(String::compareTo)
            .orElse(consumer.path("creation").asText(""));
    if (!start.isEmpty()) {
      producers.begin(producer.producerUrl(), fresh, start);
    }
  }

  /** Requests the loads that the file names, where they are new. */
  private void requestLoads(EventProducer producer) {
    Map<String, String> since = new HashMap<>();
    for (ProducerDoctype row : producer.producerDoctypes()) {
      if (row.loadSince() != null) {
        since.put(row.remoteDoctype(), row.loadSince());
      }
    }
    producers.load(producer.producerUrl(), since, clock.instant(), false);
  }

  /** The types that were not followed before. */
  private static Set<String> fresh(EventProducer producer, ProducerState state) {
    Set<String> fresh = new HashSet<>(doctypes(producer));
    fresh.removeIf(
        doctype -> {
          ProducerState.TypeState type = state.types().get(doctype);
          return type != null && type.startUpdate() != null;
        });
    return fresh;
  }

  private ZoneId zone(FrappeSite site, String url, ProducerState state) {
    String known = state.timeZone();
    if (known != null) {
      return ZoneId.of(known);
    }
    ZoneId zone = site.zone();
    producers.learntTimeZone(url, zone.getId());
    return zone;
  }

  private static Set<String> approved(EventProducer producer, Map<String, String> statuses) {
    return doctypes(producer).stream()
        .filter(doctype -> APPROVED.equals(statuses.get(doctype)))
        .collect(Collectors.toSet());
  }

  private static Set<String> doctypes(EventProducer producer) {
    return producer.producerDoctypes().stream()
        .map(ProducerDoctype::remoteDoctype)
        .collect(Collectors.toSet());
  }

  /**
   * The approval of each type. A row without a status is Pending, since answers leave out empty
   * values.
   */
  private static Map<String, String> statuses(ObjectNode consumer) {
    Map<String, String> statuses = new HashMap<>();
    for (JsonNode row : consumer.path("consumer_doctypes")) {
      String status = row.path("status").asText("Pending");
      statuses.put(
          row.path("ref_doctype").asText(),
          status.equals(APPROVED) || status.equals("Rejected") ? status : "Pending");
    }
    return statuses;
  }

  private static Map<String, String> wanted(EventProducer producer) {
    Map<String, String> rows = new TreeMap<>();
    for (ProducerDoctype row : producer.producerDoctypes()) {
      rows.put(
          row.remoteDoctype(),
          subscription(row.unsubscribe(), row.condition() == null ? "" : row.condition()));
    }
    return rows;
  }

  private static Map<String, String> subscribed(ObjectNode consumer) {
    Map<String, String> rows = new TreeMap<>();
    for (JsonNode row : consumer.path("consumer_doctypes")) {
      rows.put(
          row.path("ref_doctype").asText(),
          subscription(row.path("unsubscribed").asInt(0) == 1, row.path("condition").asText("")));
    }
    return rows;
  }

  private static String subscription(boolean unsubscribed, String condition) {
    return (unsubscribed ? "not " : "") + condition.strip();
  }

  private static String scope(EventProducer producer) {
    return "producer " + producer.producerUrl();
  }
}
