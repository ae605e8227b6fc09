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
import org.eventstreaming.store.Copies;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.Held;
import org.eventstreaming.store.SiteLinks;
import org.eventstreaming.store.TreePosition;
import org.eventstreaming.update.Counterpart;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.RenamedUpdate;
import org.jspecify.annotations.Nullable;

/** Each producer's documents where its file says that they are written to. */
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
  public Copies copies(String producerUrl, Collection<Counterpart> wanted) {
    return of(producerUrl).copies(producerUrl, wanted);
  }

  @Override
  public Map<Counterpart, DocumentKey> names(String producerUrl, Collection<Counterpart> wanted) {
    return of(producerUrl).names(producerUrl, wanted);
  }

  @Override
  public Map<DocumentKey, Held> held(String producerUrl, Collection<Counterpart> wanted) {
    return of(producerUrl).held(producerUrl, wanted);
  }

  @Override
  public Map<DocumentKey, Held> heldOf(
      String producerUrl, String remoteDoctype, String localDoctype, String after, int limit) {
    return of(producerUrl).heldOf(producerUrl, remoteDoctype, localDoctype, after, limit);
  }

  @Override
  public Map<DocumentKey, Held> heldMadeAt(
      String producerUrl, String remoteDoctype, String localDoctype, Collection<Instant> moments) {
    return of(producerUrl).heldMadeAt(producerUrl, remoteDoctype, localDoctype, moments);
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
  public Set<DocumentKey> lost(String producerUrl, Collection<Counterpart> wanted) {
    return of(producerUrl).lost(producerUrl, wanted);
  }

  @Override
  public void mentioning(
      String producerUrl, Collection<String> texts, BiConsumer<Counterpart, ObjectNode> taker) {
    of(producerUrl).mentioning(producerUrl, texts, taker);
  }

  @Override
  public Map<Counterpart, DocumentKey> rename(
      String producerUrl, Collection<RenamedUpdate> renames) {
    return of(producerUrl).rename(producerUrl, renames);
  }

  @Override
  public Set<DocumentKey> taken(String producerUrl, Collection<DocumentKey> locals) {
    return of(producerUrl).taken(producerUrl, locals);
  }
}
