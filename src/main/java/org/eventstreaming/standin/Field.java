package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** One field of a DocType's definition. */
record Field(JsonNode definition) {
  private static final Set<String> TABLES = Set.of("Table", "Table MultiSelect");
  private static final Set<String> WHOLE = Set.of("Check", "Int", "Long Int");
  private static final Set<String> FRACTIONS = Set.of("Float", "Currency", "Percent");
  private static final Set<String> LAYOUT =
      Set.of(
          "Section Break",
          "Column Break",
          "Tab Break",
          "HTML",
          "Button",
          "Image",
          "Fold",
          "Heading");

  String name() {
    return definition.path("fieldname").asText();
  }

  String type() {
    return definition.path("fieldtype").asText();
  }

  String options() {
    return definition.path("options").asText();
  }

  /** What people read; made of the name where the definition has none. */
  String label() {
    var label = definition.path("label").asText();
    return label.isEmpty()
        ? Arrays.stream(name().split("_", -1))
            .filter(word -> !word.isEmpty())
            .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
            .collect(Collectors.joining(" "))
        : label;
  }

  /** The default as it is written; empty for none. */
  String defaultText() {
    return definition.path("default").asText();
  }

  /** The permission level that a user needs to see it; 0 is everybody's who may read the type. */
  int level() {
    return definition.path("permlevel").asInt();
  }

  boolean isVirtual() {
    return definition.path("is_virtual").asInt() == 1;
  }

  boolean isRequired() {
    return definition.path("reqd").asInt() == 1;
  }

  boolean isSetOnlyOnce() {
    return definition.path("set_only_once").asInt() == 1;
  }

  boolean mayChangeAfterSubmit() {
    return definition.path("allow_on_submit").asInt() == 1;
  }

  boolean isTable() {
    return TABLES.contains(type());
  }

  boolean isColumn() {
    return !isTable() && !isVirtual() && !LAYOUT.contains(type());
  }

  boolean isWhole() {
    return WHOLE.contains(type());
  }

  boolean isFraction() {
    return FRACTIONS.contains(type());
  }

  /** Whether its column holds 0 where nobody set it; all others hold null. */
  boolean isNeverEmpty() {
    return (isWhole() && !type().equals("Long Int")) || isFraction();
  }

  boolean isDynamicLink() {
    return type().equals("Dynamic Link");
  }

  boolean isLink() {
    return type().equals("Link") || isDynamicLink();
  }
}
