package org.eventstreaming.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Entries a second of the consumer stream, from a stand-in site on loopback, and beside it the
 * {@link Bound}. Both in one run, round by round, since only their ratio survives a noisy machine.
 */
public final class Benchmark {
  private Benchmark() {}

  public static void main(String[] args) throws Exception {
    int entries = Integer.getInteger("bench.entries", 20_000);
    int rounds = Integer.getInteger("bench.rounds", 5);
    String only = System.getProperty("bench.work", "");
    String against = System.getProperty("bench.against", "");
    System.out.printf(
        "%,d entries of 1 KB, pages of %d or %d, %d rounds, %d processors%n",
        entries, Work.PAGE, Work.SMALL_PAGE, rounds, Runtime.getRuntime().availableProcessors());
    if (against.isEmpty()) {
      measure(entries, rounds, only);
    } else {
      new CompareBuilds(Path.of(against), entries, rounds, only).print();
    }
    System.exit(0);
  }

  private static void measure(int entries, int rounds, String only) {
    System.out.printf(
        "%-38s %12s %12s %8s %10s   %s%n",
        "", "stream /s", "bound /s", "ratio", "of plain", "bound");
    Map<Work, List<Round>> measured = new EnumMap<>(Work.class);
    // the first rounds warm the virtual machine up
    for (int number = -1; number <= rounds; number++) {
      double plain = Double.NaN;
      for (Work work : Work.values()) {
        if (work.text.contains(only)) {
          Round round = Round.measure(work, entries, number);
          plain = work.isPlain() ? round.stream() : plain;
          if (number > 0) {
            System.out.println(round.line(plain));
            measured.computeIfAbsent(work, one -> new ArrayList<>()).add(round);
          }
        }
      }
    }
    if (rounds > 1) {
      System.out.println("Medians, with the interval of each:");
      measured.forEach((work, some) -> System.out.println(medians(work, some)));
    }
  }

  private static String medians(Work work, List<Round> rounds) {
    Spread stream = Spread.of(rounds.stream().map(Round::stream).toList());
    Spread bound = Spread.of(rounds.stream().map(Round::bound).toList());
    Spread ratio = Spread.of(rounds.stream().map(Round::ratio).toList());
    return String.format(
        Locale.ROOT,
        "%-38s stream %,.0f (%,.0f to %,.0f), bound %,.0f (%,.0f to %,.0f), ratio %.2f (%.2f to %.2f)",
        work.text,
        stream.median(),
        stream.low(),
        stream.high(),
        bound.median(),
        bound.low(),
        bound.high(),
        ratio.median(),
        ratio.low(),
        ratio.high());
  }
}
