package org.eventstreaming.synclog;

import java.util.List;
import java.util.Map;
import org.eventstreaming.update.FailedEntry;
import org.eventstreaming.update.UpdatePage;
import org.jspecify.annotations.Nullable;

/** What a page leaves to be handed on once it is committed. */
public final class ListFailures {
  /** Its entries that are Failed now and were not before; null where there are none. */
  public @Nullable List<Map<String, @Nullable Object>> of(UpdatePage page) {
    return page.failed().isEmpty()
        ? null
        : page.failed().stream().map(FailedEntry::fields).toList();
  }
}
