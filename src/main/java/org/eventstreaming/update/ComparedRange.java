package org.eventstreaming.update;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eventstreaming.document.Unread;
import org.eventstreaming.update.ComparedDocument.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A range that was compared.
 *
 * @param documents those that are here or are to be, in the order of the range
 * @param notFollowed how many more are there: from before following began, or without meeting the
 *     condition of their type
 * @param knownDocuments what is known of the documents
 * @param unread fields that the key may not read there: they are not compared
 */
public record ComparedRange(
    KeyRange range,
    List<ComparedDocument> documents,
    int notFollowed,
    Map<DocumentKey, KnownDocument> knownDocuments,
    Unread unread) {
  public ComparedRange {
    documents = List.copyOf(documents);
    knownDocuments = Map.copyOf(knownDocuments);
  }

  /** All that is not equal. */
  public List<ComparedDocument> differences() {
    return documents.stream().filter(one -> one.verdict() != Verdict.EQUAL).toList();
  }

  public boolean isEqual() {
    return differences().isEmpty();
  }

  public boolean isRepairable() {
    return documents.stream().anyMatch(one -> one.verdict().isRepairable());
  }

  public long here() {
    return documents.stream().filter(one -> one.here() != null).count();
  }

  public long there() {
    return documents.stream().filter(one -> one.there() != null).count();
  }

  /** Of all documents of the range that are here, in its order. */
  public String checksumHere() {
    return checksum(ComparedDocument::here);
  }

  /** The same of what the producer has, in our words. */
  public String checksumThere() {
    return checksum(ComparedDocument::there);
  }

  private String checksum(Function<ComparedDocument, @Nullable String> side) {
    StringBuilder all = new StringBuilder();
    for (ComparedDocument one : documents) {
      String digest = side.apply(one);
      if (digest != null) {
        all.append(one.remote()).append('\n').append(digest).append('\n');
      }
    }
    return Digest.of(all.toString());
  }

  /** What a second look says of those that differed counts; what it does not find is over. */
  public ComparedRange lookedAgain(ComparedRange second) {
    Map<DocumentKey, ComparedDocument> again = new LinkedHashMap<>();
    second.documents.forEach(one -> again.put(one.remote(), one));
    List<ComparedDocument> all = new ArrayList<>();
    for (ComparedDocument one : documents) {
      ComparedDocument now = one.verdict() == Verdict.EQUAL ? one : again.get(one.remote());
      if (now != null) {
        all.add(now);
      }
    }
    int more = second.notFollowed - range.notFollowed();
    return new ComparedRange(range, all, notFollowed + more, second.knownDocuments, unread);
  }

  /**
   * What became of the repair.
   *
   * @param applied the page of its entries, as it was applied
   * @param rows of each document the number of its first row that is not Synced now
   */
  public ComparedRange repaired(UpdatePage applied, Map<DocumentKey, Long> rows) {
    Map<DocumentKey, Update> outcomes =
        applied.updates().stream()
            .collect(
                Collectors.toMap(
                    update -> update.entry().remote(), update -> update, (one, other) -> other));
    return new ComparedRange(
        range,
        documents.stream()
            .map(
                one ->
                    one.verdict().isRepairable()
                        ? after(one, outcomes.get(one.remote()), rows.get(one.remote()))
                        : one)
            .toList(),
        notFollowed,
        knownDocuments,
        unread);
  }

  /** The documents whose messages speak of a row of the Event Sync Log. */
  public Set<DocumentKey> namingRows() {
    return documents.stream()
        .filter(one -> namesRow(one.why()))
        .map(ComparedDocument::remote)
        .collect(Collectors.toSet());
  }

  /**
   * The same with messages that fit the rows: with the number of the row, or, for a document
   * without a row, without what is said of one.
   *
   * @param rows of each document the number of its first row that is not Synced
   */
  public ComparedRange numbered(Map<DocumentKey, Long> rows) {
    String again =
        "event-streaming compare %s '%s'"
            .formatted(range.run().producer().producerUrl(), range.doctype());
    return new ComparedRange(
        range,
        documents.stream().map(one -> numbered(one, rows.get(one.remote()), again)).toList(),
        notFollowed,
        knownDocuments,
        unread);
  }

  private static ComparedDocument numbered(ComparedDocument one, @Nullable Long row, String again) {
    String why = one.why();
    if (why == null || !namesRow(why)) {
      return one;
    }
    return one.unrepaired(
        row == null
            ? ResyncCommand.replaced(RowSentences.without(why), again)
            : ResyncCommand.numbered(why, row));
  }

  private static boolean namesRow(@Nullable String why) {
    return why != null && (ResyncCommand.isIn(why) || RowSentences.areIn(why));
  }

  /** Only what a look after the repair found equal, or on neither side, is repaired. */
  public ComparedRange proven(ComparedRange after) {
    Map<DocumentKey, ComparedDocument> differing = new LinkedHashMap<>();
    after.differences().forEach(one -> differing.put(one.remote(), one));
    return new ComparedRange(
        range,
        documents.stream()
            .map(one -> one.repaired() ? proven(one, differing.get(one.remote())) : one)
            .toList(),
        notFollowed,
        knownDocuments,
        unread);
  }

  private static ComparedDocument proven(ComparedDocument one, @Nullable ComparedDocument after) {
    if (after == null) {
      return one;
    }
    return one.unrepaired(
        after.fields().isEmpty()
            ? after.why()
            : "It was written, and the site made something else of: "
                + after.fields().stream()
                    .map(FieldDifference::field)
                    .collect(Collectors.joining(", "))
                + ".");
  }

  private static ComparedDocument after(
      ComparedDocument one, @Nullable Update outcome, @Nullable Long row) {
    if (outcome == null) {
      return one.unrepaired(
          row == null
              ? "The same was applied before, and the documents still differ."
              : "The same was tried before: event-streaming synclog show %d says why it failed. Fix the cause, then run event-streaming resync %d."
                  .formatted(row, row));
    }
    if (outcome instanceof SyncOutcome ended && ended.status() != SyncStatus.SYNCED) {
      String message = ended.message();
      return one.unrepaired(
          message == null || row == null ? message : ResyncCommand.numbered(message, row));
    }
    return one.verdict() == Verdict.PARTLY ? one : one.asRepaired();
  }
}
