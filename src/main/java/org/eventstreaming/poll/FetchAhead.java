package org.eventstreaming.poll;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.eventstreaming.site.FetchDocuments;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;

/**
 * Reads the whole documents of a page of our own entries while the page before it is applied. What
 * it could not read the page reads itself.
 */
public final class FetchAhead {
  /** Of the memory of this process, in bytes for each value of the documents of a page. */
  private static final long HEAP_FOR_A_VALUE = 1_000;

  private final FetchDocuments documents;

  public FetchAhead(FetchDocuments documents) {
    this.documents = documents;
  }

  /**
   * For the pages of one reading, in their order. Behind a page of very large documents the next
   * one is not read ahead: two of them might not fit into memory.
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

  /** Whether the whole documents of a page are so large that two such may not fit into memory. */
  static boolean isLarge(UpdatePage page) {
    return isLarge(page.fullStates());
  }

  private static boolean isLarge(Map<DocumentKey, FullState> read) {
    long values = 0;
    for (FullState state : read.values()) {
      values += state instanceof FullState.Present present ? values(present.document()) : 0;
    }
    return values > Runtime.getRuntime().maxMemory() / HEAP_FOR_A_VALUE;
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
      wasLarge = isLarge(read);
      return page.withStates(page.knownDocuments(), read);
    }
  }
}
