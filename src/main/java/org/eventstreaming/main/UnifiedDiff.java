package org.eventstreaming.main;

import java.util.ArrayList;
import java.util.List;

/** What makes one text another, line by line, in the form of {@code diff -u}. */
final class UnifiedDiff {
  private static final int CONTEXT = 3;

  private final List<Line> lines;

  private UnifiedDiff(List<Line> lines) {
    this.lines = List.copyOf(lines);
  }

  private enum Kind {
    SAME(' '),
    REMOVED('-'),
    ADDED('+');

    private final char mark;

    Kind(char mark) {
      this.mark = mark;
    }
  }

  /** A line of either text, and the number of lines before it in both. */
  private record Line(Kind kind, String text, int before, int after) {}

  static UnifiedDiff of(String before, String after) {
    List<String> left = before.lines().toList();
    List<String> right = after.lines().toList();
    // the longest common subsequence of what is left from each pair of lines on
    int[][] common = new int[left.size() + 1][right.size() + 1];
    for (int i = left.size() - 1; i >= 0; i--) {
      for (int j = right.size() - 1; j >= 0; j--) {
        common[i][j] =
            left.get(i).equals(right.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    List<Line> lines = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < left.size() || j < right.size()) {
      if (i < left.size() && j < right.size() && left.get(i).equals(right.get(j))) {
        lines.add(new Line(Kind.SAME, left.get(i), i++, j++));
      } else if (i < left.size() && (j == right.size() || common[i + 1][j] >= common[i][j + 1])) {
        lines.add(new Line(Kind.REMOVED, left.get(i), i++, j));
      } else {
        lines.add(new Line(Kind.ADDED, right.get(j), i, j++));
      }
    }
    return new UnifiedDiff(lines);
  }

  long added() {
    return count(Kind.ADDED);
  }

  long removed() {
    return count(Kind.REMOVED);
  }

  private long count(Kind kind) {
    return lines.stream().filter(line -> line.kind() == kind).count();
  }

  /**
   * The changes with three lines around each; empty where there are none.
   *
   * @param skipped lines at the start of the second text that were left out of the comparison
   */
  List<String> hunks(int skipped) {
    List<String> text = new ArrayList<>();
    int at = 0;
    while (at < lines.size()) {
      int first = next(at);
      if (first == lines.size()) {
        break;
      }
      int from = Math.max(at, first - CONTEXT);
      int last = first;
      for (int next = next(first + 1);
          next < lines.size() && next - last <= 2 * CONTEXT;
          next = next(last + 1)) {
        last = next;
      }
      int to = Math.min(lines.size(), last + 1 + CONTEXT);
      List<Line> hunk = lines.subList(from, to);
      long removed = hunk.stream().filter(line -> line.kind() != Kind.ADDED).count();
      long added = hunk.stream().filter(line -> line.kind() != Kind.REMOVED).count();
      text.add(
          "@@ -%d,%d +%d,%d @@"
              .formatted(
                  hunk.get(0).before() + (removed == 0 ? 0 : 1),
                  removed,
                  hunk.get(0).after() + skipped + (added == 0 ? 0 : 1),
                  added));
      hunk.forEach(line -> text.add(line.kind().mark + line.text()));
      at = to;
    }
    return text;
  }

  /** The next line from here on that is not in both. */
  private int next(int from) {
    int at = from;
    while (at < lines.size() && lines.get(at).kind() == Kind.SAME) {
      at++;
    }
    return at;
  }
}
