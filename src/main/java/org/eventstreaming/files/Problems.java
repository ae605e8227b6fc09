package org.eventstreaming.files;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The problems found so far, so that a person sees all of them at once: file by file in the order
 * of reading, from top to bottom.
 */
public final class Problems {
  private static final Comparator<Problem> DOWN_THE_FILE =
      Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

  private final List<Problem> found = new ArrayList<>();

  public void add(Path file, Place place, String message) {
    found.add(Problem.at(file, place, message));
  }

  /** What this reading gives; empty when it is refused, its problems are then among these. */
  public <T> Optional<T> gather(Supplier<T> reading) {
    try {
      return Optional.of(reading.get());
    } catch (FilesRefused refused) {
      found.addAll(refused.problems());
      return Optional.empty();
    }
  }

  public int count() {
    return found.size();
  }

  /** All of them in order. */
  public List<Problem> all() {
    var byFile = new LinkedHashMap<Path, List<Problem>>();
    found.forEach(
        problem -> byFile.computeIfAbsent(problem.file(), f -> new ArrayList<>()).add(problem));
    return byFile.values().stream().flatMap(of -> of.stream().sorted(DOWN_THE_FILE)).toList();
  }

  /**
   * Goes on only where nothing was found.
   *
   * @throws FilesRefused with all that was found
   */
  public void refuseIfAny() {
    if (!found.isEmpty()) {
      throw new FilesRefused(all());
    }
  }
}
