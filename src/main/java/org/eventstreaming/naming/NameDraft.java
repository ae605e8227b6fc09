package org.eventstreaming.naming;

import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A name that is ready but for its number: the numbers of a series are drawn for many documents at
 * once.
 *
 * @param series what is to be counted for it; null where its rule counts nothing
 * @param name the name with this number; throws {@link NamingFailed} where that is none
 */
public record NameDraft(@Nullable String series, LongFunction<String> name) {
  public static NameDraft of(String name) {
    return new NameDraft(null, number -> name);
  }
}
