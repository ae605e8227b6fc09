package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * Pairs documents that a site made by itself with those of a producer, in three steps: by the same
 * name; where only one is possible; and, where both sites have the same number, by their order of
 * creation. Documents of the producer are paired oldest first, since an application makes them
 * together with the document that they belong to.
 */
final class PairMade {
  private final List<Candidate> free;

  PairMade(List<Candidate> candidates) {
    this.free = new ArrayList<>(candidates);
  }

  /**
   * @param linked by document of the producer: the documents of the site that it links to
   */
  Map<IdentityKey, DocumentKey> pair(
      String doctype,
      Map<IdentityKey, ObjectNode> newcomers,
      Map<IdentityKey, Set<DocumentKey>> linked) {
    List<IdentityKey> oldestFirst = new ArrayList<>(linked.keySet());
    oldestFirst.sort(
        Comparator.comparing(
            one -> Objects.requireNonNull(newcomers.get(one)).path("creation").asText()));
    Map<IdentityKey, DocumentKey> paired = new HashMap<>();
    for (IdentityKey one : oldestFirst) {
      take(one, doctype, linked, made -> made.name().equals(one.remote().name()), paired);
    }
    oldestFirst.removeAll(paired.keySet());
    for (IdentityKey one : oldestFirst) {
      take(one, doctype, linked, made -> true, paired);
    }
    oldestFirst.removeAll(paired.keySet());
    takeInOrder(oldestFirst, doctype, linked, paired);
    return paired;
  }

  private void take(
      IdentityKey one,
      String doctype,
      Map<IdentityKey, Set<DocumentKey>> linked,
      Predicate<Candidate> wanted,
      Map<IdentityKey, DocumentKey> paired) {
    List<Candidate> fitting = fitting(one, linked).stream().filter(wanted).toList();
    if (fitting.size() == 1) {
      paired.put(one, new DocumentKey(doctype, fitting.get(0).name()));
      free.removeAll(fitting);
    }
  }

  /** An application makes the documents of one document in the order of its rows, on both sites. */
  private void takeInOrder(
      List<IdentityKey> oldestFirst,
      String doctype,
      Map<IdentityKey, Set<DocumentKey>> linked,
      Map<IdentityKey, DocumentKey> paired) {
    Map<List<Candidate>, List<IdentityKey>> alike = new LinkedHashMap<>();
    for (IdentityKey one : oldestFirst) {
      alike.computeIfAbsent(fitting(one, linked), made -> new ArrayList<>()).add(one);
    }
    alike.forEach(
        (made, ones) -> {
          boolean areOrdered = made.stream().noneMatch(one -> one.creation() == null);
          if (made.size() == ones.size() && areOrdered && free.containsAll(made)) {
            for (int i = 0; i < made.size(); i++) {
              paired.put(ones.get(i), new DocumentKey(doctype, made.get(i).name()));
            }
            free.removeAll(made);
          }
        });
  }

  /** The candidates for a document, oldest first. */
  private List<Candidate> fitting(IdentityKey one, Map<IdentityKey, Set<DocumentKey>> linked) {
    Set<DocumentKey> makers = Objects.requireNonNull(linked.get(one));
    return free.stream()
        .filter(made -> made.makers().stream().anyMatch(makers::contains))
        .sorted(Comparator.comparing(made -> Objects.requireNonNullElse(made.creation(), "")))
        .toList();
  }

  /**
   * A document that the site may have made by itself.
   *
   * @param creation in the site's form; null where it was not read
   * @param makers the documents that it links to and that are older
   */
  record Candidate(String name, @Nullable String creation, Set<DocumentKey> makers) {
    Candidate {
      makers = Set.copyOf(makers);
    }
  }
}
