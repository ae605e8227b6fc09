package org.eventstreaming.expression;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an expression can see.
 *
 * @param doc the document, an object; child tables are lists of objects
 * @param known whether the definition of the document has a field, Frappe's standard fields aside:
 *     to ask for one it does not have is an error. Null while the definition is unknown: then every
 *     field that the document does not have is None.
 * @param reads behind {@code frappe.db}
 * @param clock behind {@code frappe.utils.nowdate()} and the like; its zone decides which day it is
 */
public record Scope(
    JsonNode doc, @Nullable Predicate<String> known, FrappeReads reads, Clock clock) {
  public Scope {
    if (!doc.isObject()) {
      throw new IllegalArgumentException(
          "doc must be a JSON object, was " + doc.getNodeType().name().toLowerCase(Locale.ROOT));
    }
  }

  /** A document of which the definition is unknown, and nothing else to read. */
  public static Scope of(JsonNode doc, Clock clock) {
    return new Scope(doc, null, FrappeReads.NONE, clock);
  }

  public Scope withDefinition(Predicate<String> known) {
    return new Scope(doc, known, reads, clock);
  }

  public Scope withReads(FrappeReads reads) {
    return new Scope(doc, known, reads, clock);
  }
}
