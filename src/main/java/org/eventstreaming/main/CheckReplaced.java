package org.eventstreaming.main;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eventstreaming.files.Place;
import org.eventstreaming.files.Problem;

/**
 * Checks that a file which replaces one of the jar was made from the file that the jar has now. It
 * says so in its first line: a jar of a later version may have steps that the project's copy does
 * not.
 */
final class CheckReplaced {
  private static final Pattern COMMENT =
      Pattern.compile("# replaces (\\S+) of event-streaming (\\S+) sha256:([0-9a-f]+)\\s*");

  private CheckReplaced() {}

  static List<Problem> problems(RouteFiles files) {
    return files.replacing().stream().flatMap(file -> problem(file).stream()).toList();
  }

  /** The first line of a file that replaces this one. */
  static String comment(RouteFile builtIn, String version) {
    return "# replaces %s of event-streaming %s sha256:%s"
        .formatted(builtIn.name(), version, builtIn.digest());
  }

  /** The text after that line; all of it where the line is missing. */
  static String withoutComment(RouteFile file) {
    Optional<String> first = file.text().lines().findFirst();
    return first.isPresent() && COMMENT.matcher(first.get()).matches()
        ? file.text().substring(Math.min(first.get().length() + 1, file.text().length()))
        : file.text();
  }

  private static Optional<Problem> problem(RouteFile file) {
    RouteFile builtIn = RouteFiles.builtIn(file.name());
    Matcher comment = COMMENT.matcher(file.text().lines().findFirst().orElse(""));
    String ours = comment(builtIn, Version.TEXT);
    if (!comment.matches()) {
      return problem(
          file,
          1,
          "replaces %s of the jar and does not say which version of it.".formatted(builtIn.name()),
          changes(file, builtIn),
          "When it has what it needs of this version, make this its first line: \"" + ours + "\"");
    }
    if (!comment.group(1).equals(builtIn.name())) {
      return problem(
          file,
          comment.start(1) + 1,
          "says that it replaces %s, but its name replaces %s of the jar."
              .formatted(comment.group(1), builtIn.name()),
          "Give the file another name, or make this its first line: \"" + ours + "\"");
    }
    if (!comment.group(3).equals(builtIn.digest())) {
      return problem(
          file,
          comment.start(3) - "sha256:".length() + 1,
          "replaces %s of event-streaming %s, and that file is another in this version (%s)."
              .formatted(builtIn.name(), comment.group(2), Version.TEXT),
          changes(file, builtIn),
          "When it has what it needs of this version, make this its first line: \"" + ours + "\"");
    }
    return Optional.empty();
  }

  private static String changes(RouteFile file, RouteFile builtIn) {
    UnifiedDiff diff = UnifiedDiff.of(builtIn.text(), withoutComment(file));
    return "Beside the file of this version it adds %d line(s) and removes %d; `event-streaming routes diff %s` shows them."
        .formatted(diff.added(), diff.removed(), builtIn.name());
  }

  private static Optional<Problem> problem(RouteFile file, int column, String... sentences) {
    return Optional.of(
        Problem.at(
            file.path(),
            new Place(1, column),
            String.join(" ", sentences) + ". To run it as it is: --accept-replaced."));
  }
}
