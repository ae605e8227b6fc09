package org.eventstreaming.mapping;

import org.jspecify.annotations.Nullable;

/**
 * Which row of a mapping a field was given by.
 *
 * @param field such as {@code customer}, or {@code items[0].rate} in a child row
 * @param row null where no row names the field
 */
public record FieldSource(String field, @Nullable Origin row, How how) {
  /** What the row did. */
  public enum How {
    VALUE("value"),
    DEFAULT("default_value"),
    NAME("name of a document"),
    NOT_APPLIED("not applied: when"),
    EMPTY("no value"),
    STAYS("stays as it is");

    private final String text;

    How(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }
}
