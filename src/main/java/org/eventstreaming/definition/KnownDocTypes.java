package org.eventstreaming.definition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.store.LearntDocType;

/**
 * The definitions that are known here and now: what the files say, and for other types what
 * producers said. Holds no more than the types that are followed and their child tables. Safe for
 * many threads.
 */
public final class KnownDocTypes implements DocTypes {
  private final Map<String, DocType> files;
  private final Map<String, LearntDocType> learnt = new ConcurrentHashMap<>();

  public KnownDocTypes(Map<String, DocType> files) {
    this.files = Map.copyOf(files);
  }

  @Override
  public Optional<DocType> find(String name) {
    DocType inFile = files.get(name);
    return inFile != null
        ? Optional.of(inFile)
        : Optional.ofNullable(learnt.get(name)).map(LearntDocType::definition);
  }

  boolean isInFiles(String name) {
    return files.containsKey(name);
  }

  /** What a producer said; empty while none did. */
  Optional<LearntDocType> learnt(String name) {
    return Optional.ofNullable(learnt.get(name));
  }

  void learn(Collection<LearntDocType> definitions) {
    definitions.forEach(one -> learnt.put(one.definition().name(), one));
  }

  List<DocType> all() {
    List<DocType> all = new ArrayList<>(files.values());
    learnt.values().stream()
        .map(LearntDocType::definition)
        .filter(definition -> !isInFiles(definition.name()))
        .forEach(all::add);
    return all;
  }
}
