package org.eventstreaming.apply;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.eventstreaming.update.Counterpart;

/** The order in which documents of a page are written one after the other. */
final class NeededFirst {
  private NeededFirst() {}

  /** Documents that others name before those; in a circle one has to be the first. */
  static List<Folded> of(List<Folded> changes, Function<Folded, Set<Counterpart>> needs) {
    Map<Counterpart, Folded> all = new LinkedHashMap<>();
    changes.forEach(one -> all.put(one.counterpart(), one));
    // by what they are about: a document can be large
    Map<Counterpart, Folded> sorted = new LinkedHashMap<>();
    Set<Counterpart> begun = new HashSet<>();
    changes.forEach(one -> put(one, all, needs, begun, sorted));
    return List.copyOf(sorted.values());
  }

  private static void put(
      Folded one,
      Map<Counterpart, Folded> all,
      Function<Folded, Set<Counterpart>> needs,
      Set<Counterpart> begun,
      Map<Counterpart, Folded> sorted) {
    // a stack of our own: a chain of documents can be as long as a page
    List<Folded> stack = new ArrayList<>(List.of(one));
    while (!stack.isEmpty()) {
      Folded top = stack.get(stack.size() - 1);
      if (begun.add(top.counterpart())) {
        for (Counterpart need : needs.apply(top)) {
          Folded needed = all.get(need);
          if (needed != null && !begun.contains(need)) {
            stack.add(needed);
          }
        }
      } else {
        stack.remove(stack.size() - 1);
        sorted.putIfAbsent(top.counterpart(), top);
      }
    }
  }
}
