package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.eventstreaming.update.Counterpart;
import org.eventstreaming.update.DocumentKey;

/**
 * Decides which document that a site made by itself is which of a producer: first the one that has
 * the same name, then the one that alone may be it. What is older on the producer comes first: what
 * an application makes with a document is as old as that.
 */
final class PairMade {
  private final List<Candidate> free;

  PairMade(List<Candidate> candidates) {
    this.free = new ArrayList<>(candidates);
  }

  /**
   * @param linked the documents of the site that each of them links to
   */
  Map<Counterpart, DocumentKey> pair(
      String doctype,
      Map<Counterpart, ObjectNode> newcomers,
      Map<Counterpart, Set<DocumentKey>> linked) {
    List<Counterpart> oldestFirst = new ArrayList<>(linked.keySet());
    oldestFirst.sort(
        Comparator.comparing(
            one -> Objects.requireNonNull(newcomers.get(one)).path("creation").asText()));
    Map<Counterpart, DocumentKey> paired = new HashMap<>();
    for (Counterpart one : oldestFirst) {
      take(one, doctype, linked, made -> made.name().equals(one.remote().name()), paired);
    }
    oldestFirst.removeAll(paired.keySet());
    for (Counterpart one : oldestFirst) {
      take(one, doctype, linked, made -> true, paired);
    }
    return paired;
  }

  private void take(
      Counterpart one,
      String doctype,
      Map<Counterpart, Set<DocumentKey>> linked,
      Predicate<Candidate> wanted,
      Map<Counterpart, DocumentKey> paired) {
    Set<DocumentKey> makers = Objects.requireNonNull(linked.get(one));
    List<Candidate> fitting =
        free.stream()
            .filter(made -> made.makers().stream().anyMatch(makers::contains))
            .filter(wanted)
            .toList();
    if (fitting.size() == 1) {
      paired.put(one, new DocumentKey(doctype, fitting.get(0).name()));
      free.removeAll(fitting);
    }
  }

  /**
   * A document that the site may have made by itself.
   *
   * @param makers what it links to that was there before it
   */
  record Candidate(String name, Set<DocumentKey> makers) {
    Candidate {
      makers = Set.copyOf(makers);
    }
  }
}
