package org.eventstreaming.standin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The faults that wait for their calls, first come first served. */
final class Faults {
  private record Planned(int times, Predicate<Request> where, Fault fault) {}

  private final List<Planned> planned = new ArrayList<>();

  synchronized void plan(int times, Predicate<Request> where, Fault fault) {
    planned.add(new Planned(times, where, fault));
  }

  synchronized void clear() {
    planned.clear();
  }

  synchronized Optional<Fault> take(Request request) {
    for (var i = 0; i < planned.size(); i++) {
      var next = planned.get(i);
      if (next.where().test(request)) {
        if (next.times() == 1) {
          planned.remove(i);
        } else {
          planned.set(i, new Planned(next.times() - 1, next.where(), next.fault()));
        }
        return Optional.of(next.fault());
      }
    }
    return Optional.empty();
  }
}
