package org.eventstreaming.update;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * What a route goes through one by one. An {@link Error} comes out as an exception: a splitter that
 * meets an Error logs it and never ends, and the lease would be kept for ever.
 */
public final class Guarded<T extends @Nullable Object> implements Iterator<T> {
  private final Iterator<T> all;

  public Guarded(Iterator<T> all) {
    this.all = all;
  }

  @Override
  public boolean hasNext() {
    try {
      return all.hasNext();
    } catch (Error e) {
      throw failure(e);
    }
  }

  @Override
  public T next() {
    try {
      return all.next();
    } catch (Error e) {
      throw failure(e);
    }
  }

  /** The same as an exception. */
  public static RuntimeException failure(Error error) {
    return new IllegalStateException(error.toString(), error);
  }
}
