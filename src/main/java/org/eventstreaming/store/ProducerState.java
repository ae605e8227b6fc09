package org.eventstreaming.store;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.SyncRun;
import org.jspecify.annotations.Nullable;

/**
 * What was learnt of a producer.
 *
 * @param methodPrefix null until probed
 * @param read {@code list} or {@code method}; null until probed
 * @param timeZone null until asked
 * @param source {@code update_log} or {@code modified}; null until found out
 * @param callbackUrl under which we are an Event Consumer there; null until registered
 * @param reconciledAt when a reconciliation of its documents last began; null while none did
 * @param rowsReconciledAt the same of the rows of their child tables
 * @param failed whether the last work on it ended early: the site does not answer
 */
public record ProducerState(
    @Nullable String methodPrefix,
    @Nullable String read,
    @Nullable String timeZone,
    @Nullable String source,
    @Nullable String callbackUrl,
    @Nullable Instant reconciledAt,
    @Nullable Instant rowsReconciledAt,
    boolean failed,
    Map<String, TypeState> types) {
  public static final String STOCK = "modified";

  public ProducerState {
    types = Map.copyOf(types);
  }

  /** Whether it is a stock site, whose documents are listed by {@code modified}. */
  public boolean isStock() {
    return STOCK.equals(source);
  }

  /** A pull with what is known of approvals and times; the site is not asked. */
  public SyncRun run(Lease lease, boolean retry) {
    Set<String> approved =
        types.entrySet().stream()
            .filter(type -> type.getValue().status().equals("Approved"))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    return new SyncRun(
        lease, ZoneId.of(Objects.requireNonNullElse(timeZone, "UTC")), approved, retry, !isStock());
  }

  /**
   * What was learnt of one document type.
   *
   * @param startUpdate where following it began; null while it has not
   * @param lastUpdate its cursor
   * @param load what is loaded of the documents from before; null where nothing is
   */
  public record TypeState(
      String status,
      @Nullable String startUpdate,
      @Nullable String lastUpdate,
      @Nullable Load load) {}

  /**
   * The loading of documents of a type that were there before following it began.
   *
   * @param since those that changed from then on; the producer's own text
   * @param requested when it was requested
   * @param reached what changed before is loaded; null where nothing is yet
   * @param counted whether the producer was asked how many they are
   * @param ended whether all are loaded
   */
  public record Load(
      String since, Instant requested, @Nullable String reached, boolean counted, boolean ended) {}
}
