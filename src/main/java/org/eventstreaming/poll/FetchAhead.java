package org.eventstreaming.poll;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.eventstreaming.site.FetchDocuments;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.StoredDocuments;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;

/**
 * Fetches the documents of the next page while the present page is applied. Only pages of entries
 * of our own need it. A document that was not fetched here is fetched by the page itself.
 */
public final class FetchAhead {
  /** Bytes of heap that are assumed for each value of the documents of a page. */
  private static final long HEAP_FOR_A_VALUE = 1_000;

  private final FetchDocuments documents;

  public FetchAhead(FetchDocuments documents) {
    this.documents = documents;
  }

  /**
   * A function for the pages of one reading, in their order. The page after a page of very large
   * documents is not fetched ahead, since both might not fit into memory.
   */
  UnaryOperator<UpdatePage> reading() {
    return new Reading();
  }

  private static List<DocumentKey> wanted(UpdatePage page) {
    return page.entries().stream()
        .filter(UpdateLogEntry::isOurs)
        .filter(
            entry ->
                UpdateType.of(entry.updateType()).filter(UpdateType.UPDATE::equals).isPresent())
        .map(UpdateLogEntry::remote)
        .distinct()
        .toList();
  }

  /**
   * Whether the documents of a page, as they were fetched and as they are here, are so large that
   * two such pages might not fit into memory.
   */
  static boolean isLarge(UpdatePage page) {
    long stored =
        page.stored().orElse(StoredDocuments.NONE).found().values().stream()
            .mapToLong(document -> values(document.document()))
            .sum();
    return isLarge(stored + values(page.fullStates()));
  }

  private static boolean isLarge(long values) {
    return values > Runtime.getRuntime().maxMemory() / HEAP_FOR_A_VALUE;
  }

  private static long values(Map<DocumentKey, FullState> read) {
    long values = 0;
    for (FullState state : read.values()) {
      values += state instanceof FullState.Present present ? values(present.document()) : 0;
    }
    return values;
  }

  private static long values(JsonNode value) {
    long values = 1;
    for (JsonNode part : value) {
      values += part.isContainerNode() ? values(part) : 1;
    }
    return values;
  }

  private final class Reading implements UnaryOperator<UpdatePage> {
    private boolean wasLarge;

    @Override
    public UpdatePage apply(UpdatePage page) {
      List<DocumentKey> wanted = wanted(page);
      if (wanted.isEmpty() || wasLarge) {
        wasLarge = false;
        return page;
      }
      FetchDocuments.Fetched fetched =
          documents.fetch(page.run().producer().access(), page.run().zone(), wanted);
      Map<DocumentKey, FullState> read = new HashMap<>(fetched.states());
      read.keySet().removeAll(fetched.called().values());
      read.values().removeIf(state -> !(state instanceof FullState.Present));
      wasLarge = isLarge(values(read));
      return page.withStates(page.knownDocuments(), read);
    }
  }
}
