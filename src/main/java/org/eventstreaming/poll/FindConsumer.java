package org.eventstreaming.poll;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.producer.SiteAccess;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds our Event Consumer at a producer. Its name is the call-back address. The database keeps
 * that address, so all processes on one database are the same Event Consumer, whatever address each
 * of them has.
 *
 * <p>When the configured address changed, the Event Consumer is renamed at the producer, if the
 * site permits it.
 */
final class FindConsumer {
  private static final String DOCTYPE = "Event Consumer";
  private static final Logger LOG = LoggerFactory.getLogger(FindConsumer.class);

  private final FrappeSites sites;
  private final OwnAddress own;

  /**
   * Producers whose address this process has checked. It checks each once, so that two processes do
   * not rename the Event Consumer in turns.
   */
  private final Set<String> settled = ConcurrentHashMap.newKeySet();

  FindConsumer(FrappeSites sites, OwnAddress own) {
    this.sites = sites;
    this.own = own;
  }

  /**
   * Our Event Consumer.
   *
   * @param address the name under which it is registered, or will be
   * @param document its document at the producer; empty where it is not registered
   */
  record Found(String address, Optional<ObjectNode> document) {}

  /**
   * Our Event Consumer at the producer, renamed if our address changed.
   *
   * @param registered the address that the database keeps; null where we were never registered
   * @throws SiteFailure when the site does not answer
   */
  Found find(FrappeSite site, EventProducer producer, @Nullable String registered) {
    Found kept = found(site, registered == null ? own.url() : registered);
    boolean isSettled = settled.contains(producer.producerUrl()) && kept.document().isPresent();
    Found now =
        isSettled || kept.address().equals(own.url()) || !replaces(kept.address())
            ? kept
            : changed(site, producer, kept);
    settled.add(producer.producerUrl());
    return now;
  }

  /**
   * Whether our own address replaces the registered one. A configured address always does. An
   * address that follows from host and port does only where no process answers at the registered
   * one.
   */
  private boolean replaces(String registered) {
    if (own.configured()) {
      return true;
    }
    if (!own.serves()) {
      return false;
    }
    if (own.isBeside(registered) && !isAnswered(registered)) {
      return true;
    }
    LOG.info(
        "Producers call us at {}, as registered there, and not at {}: set eventstreaming.url to"
            + " change that",
        registered,
        own.url());
    return false;
  }

  private Found changed(FrappeSite site, EventProducer producer, Found kept) {
    Found now = found(site, own.url());
    if (now.document().isPresent() || kept.document().isEmpty()) {
      return now;
    }
    try {
      site.writes().rename(new DocumentKey(DOCTYPE, kept.address()), own.url());
    } catch (SiteFailure e) {
      if (e.passes()) {
        throw e;
      }
      LOG.warn(
          "Could not change our call-back address at {} from {} to {}: {}. We stay its Event Consumer"
              + " {}: polls go on, its notifications and approvals go to that address. To change"
              + " it, delete the Event Consumer {} there: the next poll registers {}, whose document"
              + " types have to be approved there again",
          producer.producerUrl(),
          kept.address(),
          own.url(),
          e.said(),
          kept.address(),
          kept.address(),
          own.url());
      return kept;
    }
    LOG.info(
        "Changed our call-back address at {} from {} to {}",
        producer.producerUrl(),
        kept.address(),
        own.url());
    return found(site, own.url());
  }

  /** Whether a process answers at the address, such as another process on this database. */
  private boolean isAnswered(String address) {
    Secret none = new Secret("");
    try {
      sites.of(new SiteAccess(address, "", none, none)).greet();
      return true;
    } catch (SiteFailure e) {
      return false;
    }
  }

  private static Found found(FrappeSite site, String address) {
    try {
      return new Found(address, site.updateLog().eventConsumer(address));
    } catch (SiteFailure e) {
      // a site without Event Streaming has no DocType Event Consumer; the registration that follows
      // reports it
      if (e.kind() == SiteFailure.Kind.REJECTED) {
        return new Found(address, Optional.empty());
      }
      throw e;
    }
  }
}
