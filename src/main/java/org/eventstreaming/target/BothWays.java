package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.store.SiteLink;
import org.eventstreaming.store.SiteLinks;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * The identity map where two sites follow each other. What is written to one site is recorded as a
 * document of the other at once, so that it is not sent back.
 */
final class BothWays {
  private final SiteLinks links;
  private final List<EventProducer> producers;

  BothWays(SiteLinks links, List<EventProducer> producers) {
    this.links = links;
    this.producers = List.copyOf(producers);
  }

  SiteLinks map() {
    return links;
  }

  Map<IdentityKey, SiteLink> find(EventProducer producer, Collection<IdentityKey> wanted) {
    return links.find(producer.producerUrl(), wanted);
  }

  List<SiteLink> ofType(
      EventProducer producer, String remoteDoctype, String localDoctype, String after, int limit) {
    return links.ofType(producer.producerUrl(), remoteDoctype, localDoctype, after, limit);
  }

  List<SiteLink> madeAt(
      EventProducer producer,
      String remoteDoctype,
      String localDoctype,
      Collection<Instant> moments) {
    return links.madeAt(producer.producerUrl(), remoteDoctype, localDoctype, moments);
  }

  long count(
      EventProducer producer,
      String remoteDoctype,
      String localDoctype,
      @Nullable Instant from,
      Instant until) {
    return links.count(producer.producerUrl(), remoteDoctype, localDoctype, from, until);
  }

  Map<String, String> rowNames(EventProducer producer, Collection<String> rows) {
    return links.rowNames(producer.producerUrl(), rows);
  }

  void creating(EventProducer producer, Collection<IdentityKey> documents) {
    if (!documents.isEmpty()) {
      links.creating(producer.producerUrl(), documents);
    }
  }

  void answered(EventProducer producer, Collection<IdentityKey> documents) {
    if (!documents.isEmpty()) {
      links.answered(producer.producerUrl(), documents);
    }
  }

  void forget(EventProducer producer, Collection<SiteLink> gone) {
    if (gone.isEmpty()) {
      return;
    }
    links.forget(producer.producerUrl(), gone.stream().map(SiteLink::identity).toList());
    back(producer)
        .ifPresent(
            other ->
                links.forget(
                    other.producerUrl(),
                    gone.stream().map(link -> identity(other, link.local())).toList()));
  }

  /**
   * Records a written document as one of the producer that follows the target.
   *
   * @param there the document as it is on the target now
   */
  void keep(
      EventProducer producer,
      Target target,
      Collection<SiteLink> written,
      Map<DocumentKey, FullState> there) {
    links.keep(producer.producerUrl(), target.url(), written);
    EventProducer other = back(producer).orElse(null);
    if (other == null) {
      return;
    }
    List<SiteLink> reverse = new ArrayList<>();
    for (SiteLink link : written) {
      IdentityKey identity = identity(other, link.local());
      if (link.owned()
          && identity.localDoctype().equals(link.identity().remote().doctype())
          && there.get(link.local()) instanceof FullState.Present present) {
        reverse.add(reverse(link, identity, present, target));
      }
    }
    links.keep(other.producerUrl(), producer.producerUrl(), reverse);
  }

  private static SiteLink reverse(
      SiteLink link, IdentityKey identity, FullState.Present there, Target target) {
    ObjectNode document = there.document();
    Map<String, String> rowNames = new HashMap<>();
    link.rowNames().forEach((onProducer, onSite) -> rowNames.put(onSite, onProducer));
    return new SiteLink(
        identity,
        link.identity().remote(),
        1,
        null,
        there.modified(),
        FrappeTime.instant(document.path("creation").asText(), target.zone()).orElse(null),
        document.path("owner").asText(null),
        true,
        false,
        true,
        rowNames,
        Map.of());
  }

  /**
   * The producer whose documents are written from the target of this one to this one; empty where
   * there is none.
   */
  Optional<EventProducer> back(EventProducer producer) {
    return producers.stream()
        .filter(
            other ->
                other.target() != null
                    && other.target().url().equals(producer.producerUrl())
                    && producer.target() != null
                    && other.producerUrl().equals(producer.target().url()))
        .findFirst();
  }

  private static IdentityKey identity(EventProducer follower, DocumentKey remote) {
    return new IdentityKey(remote, follower.refDoctype(remote.doctype()));
  }
}
