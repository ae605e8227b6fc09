package org.eventstreaming.producer;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A text that must not be seen: it prints as stars, whatever prints it. */
public final class Secret {
  /** In the place of one that was left unread: for whoever calls no site. */
  static final Secret UNREAD = new Secret();

  /** Null where it was left unread. */
  private final @Nullable String value;

  public Secret(String value) {
    this.value = Objects.requireNonNull(value);
  }

  private Secret() {
    this.value = null;
  }

  /**
   * The text itself: for the call that needs it and nothing else.
   *
   * @throws IllegalStateException where it was left unread
   */
  public String reveal() {
    if (value == null) {
      throw new IllegalStateException("the secrets of the files were left unread");
    }
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && Objects.equals(secret.value, value);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(value);
  }

  @Override
  public String toString() {
    return "****";
  }
}
