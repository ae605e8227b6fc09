package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.SiteLinks;
import org.eventstreaming.store.StoredVersion;
import org.eventstreaming.store.TreePosition;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.RenamedUpdate;
import org.eventstreaming.update.StoredDocuments;
import org.jspecify.annotations.Nullable;

/** The documents of each producer, in PostgreSQL or on its target site, as its file says. */
public final class DocumentsOfProducers implements DocumentStore {
  private final DocumentStore here;
  private final Map<String, DocumentStore> onSites = new HashMap<>();

  public DocumentsOfProducers(
      DocumentStore here, List<EventProducer> producers, Targets targets, SiteLinks links) {
    this.here = here;
    BothWays bothWays = new BothWays(links, producers);
    producers.stream()
        .filter(producer -> producer.target() != null)
        .forEach(
            producer ->
                onSites.put(
                    producer.producerUrl(), new SiteDocuments(producer, targets, bothWays)));
  }

  private DocumentStore of(String producerUrl) {
    return onSites.getOrDefault(producerUrl, here);
  }

  @Override
  public StoredDocuments copies(String producerUrl, Collection<IdentityKey> wanted) {
    return of(producerUrl).copies(producerUrl, wanted);
  }

  @Override
  public Map<IdentityKey, DocumentKey> names(String producerUrl, Collection<IdentityKey> wanted) {
    return of(producerUrl).names(producerUrl, wanted);
  }

  @Override
  public Map<DocumentKey, StoredVersion> versions(
      String producerUrl, Collection<IdentityKey> wanted) {
    return of(producerUrl).versions(producerUrl, wanted);
  }

  @Override
  public Map<DocumentKey, StoredVersion> versionsOf(
      String producerUrl, String remoteDoctype, String localDoctype, String after, int limit) {
    return of(producerUrl).versionsOf(producerUrl, remoteDoctype, localDoctype, after, limit);
  }

  @Override
  public Map<DocumentKey, StoredVersion> versionsMadeAt(
      String producerUrl, String remoteDoctype, String localDoctype, Collection<Instant> moments) {
    return of(producerUrl).versionsMadeAt(producerUrl, remoteDoctype, localDoctype, moments);
  }

  @Override
  public long count(
      String producerUrl,
      String remoteDoctype,
      String localDoctype,
      @Nullable Instant from,
      Instant until) {
    return of(producerUrl).count(producerUrl, remoteDoctype, localDoctype, from, until);
  }

  @Override
  public int place(
      String producerUrl,
      String remoteDoctype,
      String localDoctype,
      Collection<TreePosition> positions) {
    return of(producerUrl).place(producerUrl, remoteDoctype, localDoctype, positions);
  }

  @Override
  public Set<DocumentKey> lost(String producerUrl, Collection<IdentityKey> wanted) {
    return of(producerUrl).lost(producerUrl, wanted);
  }

  @Override
  public void mentioning(
      String producerUrl, Collection<String> texts, BiConsumer<IdentityKey, ObjectNode> taker) {
    of(producerUrl).mentioning(producerUrl, texts, taker);
  }

  @Override
  public Map<IdentityKey, DocumentKey> rename(
      String producerUrl, Collection<RenamedUpdate> renames) {
    return of(producerUrl).rename(producerUrl, renames);
  }

  @Override
  public Set<DocumentKey> taken(String producerUrl, Collection<DocumentKey> locals) {
    return of(producerUrl).taken(producerUrl, locals);
  }
}
