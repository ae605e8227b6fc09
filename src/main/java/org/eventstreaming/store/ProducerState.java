package org.eventstreaming.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was learnt of a producer.
 *
 * @param methodPrefix null until probed
 * @param read {@code list} or {@code method}; null until probed
 * @param timeZone null until asked
 */
public record ProducerState(
    @Nullable String methodPrefix,
    @Nullable String read,
    @Nullable String timeZone,
    Map<String, TypeState> types) {
  public ProducerState {
    types = Map.copyOf(types);
  }

  /**
   * What was learnt of one document type.
   *
   * @param startUpdate where following it began; null while it has not
   * @param lastUpdate its cursor
   */
  public record TypeState(
      String status, @Nullable String startUpdate, @Nullable String lastUpdate) {}
}
