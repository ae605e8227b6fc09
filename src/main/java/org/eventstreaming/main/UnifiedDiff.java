package org.eventstreaming.main;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.Patch;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The differences of two texts, line by line, in the form of {@code diff -u}. */
final class UnifiedDiff {
  private static final int CONTEXT = 3;
  private static final Pattern HUNK = Pattern.compile("@@ -(\\S+) \\+(\\d+),(\\d+) @@");

  private final List<String> before;
  private final Patch<String> patch;

  private UnifiedDiff(List<String> before, Patch<String> patch) {
    this.before = before;
    this.patch = patch;
  }

  static UnifiedDiff of(String before, String after) {
    List<String> lines = before.lines().toList();
    return new UnifiedDiff(lines, DiffUtils.diff(lines, after.lines().toList()));
  }

  int added() {
    return patch.getDeltas().stream().mapToInt(delta -> delta.getTarget().size()).sum();
  }

  int removed() {
    return patch.getDeltas().stream().mapToInt(delta -> delta.getSource().size()).sum();
  }

  /**
   * The changes with three lines around each; empty where there are none.
   *
   * @param skipped lines at the start of the second text that were left out of the comparison
   */
  List<String> hunks(int skipped) {
    return UnifiedDiffUtils.generateUnifiedDiff("", "", before, patch, CONTEXT).stream()
        .skip(2)
        .map(line -> HUNK.matcher(line).replaceFirst(hunk -> moved(hunk, skipped)))
        .toList();
  }

  private static String moved(MatchResult hunk, int skipped) {
    return "@@ -%s +%d,%s @@"
        .formatted(hunk.group(1), Integer.parseInt(hunk.group(2)) + skipped, hunk.group(3));
  }
}
