package org.eventstreaming.apply;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.eventstreaming.update.IdentityKey;

/** The order in which documents of a page are written one after the other. */
final class NeededFirst {
  private NeededFirst() {}

  /** Documents that others name before those; in a circle one has to be the first. */
  static List<DocumentPlan> of(
      List<DocumentPlan> changes, Function<DocumentPlan, Set<IdentityKey>> needs) {
    Map<IdentityKey, DocumentPlan> all = new LinkedHashMap<>();
    changes.forEach(one -> all.put(one.identity(), one));
    // by what they are about: a document can be large
    Map<IdentityKey, DocumentPlan> sorted = new LinkedHashMap<>();
    Set<IdentityKey> begun = new HashSet<>();
    changes.forEach(one -> put(one, all, needs, begun, sorted));
    return List.copyOf(sorted.values());
  }

  private static void put(
      DocumentPlan one,
      Map<IdentityKey, DocumentPlan> all,
      Function<DocumentPlan, Set<IdentityKey>> needs,
      Set<IdentityKey> begun,
      Map<IdentityKey, DocumentPlan> sorted) {
    // a stack of our own: a chain of documents can be as long as a page
    List<DocumentPlan> stack = new ArrayList<>(List.of(one));
    while (!stack.isEmpty()) {
      DocumentPlan top = stack.get(stack.size() - 1);
      if (begun.add(top.identity())) {
        for (IdentityKey need : needs.apply(top)) {
          DocumentPlan needed = all.get(need);
          if (needed != null && !begun.contains(need)) {
            stack.add(needed);
          }
        }
      } else {
        stack.remove(stack.size() - 1);
        sorted.putIfAbsent(top.identity(), top);
      }
    }
  }
}
