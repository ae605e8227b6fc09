package org.eventstreaming.standin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The faults that wait for their calls, first come first served. */
final class Faults {
  private record Planned(int times, Predicate<Request> where, Fault fault) {}

  private final List<Planned> planned = new ArrayList<>();
  private @Nullable Random dice;
  private double share;

  synchronized void plan(int times, Predicate<Request> where, Fault fault) {
    planned.add(new Planned(times, where, fault));
  }

  /** From now on this share of all calls goes wrong, in ways that pass. */
  synchronized void random(long seed, double share) {
    dice = new Random(seed);
    this.share = share;
  }

  synchronized void clear() {
    planned.clear();
    dice = null;
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
    return dice != null && dice.nextDouble() < share ? Optional.of(any(dice)) : Optional.empty();
  }

  private static Fault any(Random dice) {
    return switch (dice.nextInt(8)) {
      case 0 -> Fault.serverError("QueryDeadlockError");
      case 1 -> Fault.tooManyRequests(Duration.ZERO);
      case 2 -> Fault.badGateway();
      case 3 -> Fault.htmlPage();
      case 4 -> Fault.lostAnswer();
      case 5 -> Fault.halfTheJson();
      // of small bodies some bytes, of lists some entries
      case 6 -> Fault.cutAfter(dice.nextInt(40));
      default -> Fault.cutAfter(dice.nextInt(20_000));
    };
  }
}
