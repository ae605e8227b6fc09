package org.eventstreaming.mapping;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Document Type Mappings of the files, checked: what one of them names is here. */
public final class Mappings {
  public static final Mappings NONE = new Mappings(List.of());

  private final Map<String, DocumentTypeMapping> byName = new LinkedHashMap<>();

  Mappings(List<DocumentTypeMapping> mappings) {
    mappings.forEach(mapping -> byName.put(mapping.mappingName(), mapping));
  }

  public Optional<DocumentTypeMapping> find(String mappingName) {
    return Optional.ofNullable(byName.get(mappingName));
  }

  /** In the order of reading: file by file, from top to bottom. */
  public List<DocumentTypeMapping> all() {
    return new ArrayList<>(byName.values());
  }

  /** The routes that rows ask for their values, by where that is said. */
  public Map<Origin, String> routes() {
    Map<Origin, String> routes = new LinkedHashMap<>();
    for (DocumentTypeMapping mapping : byName.values()) {
      for (FieldMapping row : mapping.rows()) {
        if (row.source() instanceof RowSource.FromRoute route) {
          routes.put(row.origin(), route.uri());
        }
      }
    }
    return routes;
  }

  /** One that another mapping names, as was checked at start. */
  DocumentTypeMapping named(String mappingName) {
    return find(mappingName)
        .orElseThrow(() -> new IllegalStateException("there is no mapping " + mappingName));
  }
}
