package org.eventstreaming.main;

import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eventstreaming.files.Place;
import org.eventstreaming.files.Problem;

/** Reads from what Camel throws where in the routes something is wrong. */
final class RouteProblems {
  private static final Path FOLDER = Path.of("routes");
  private static final Pattern MARK =
      Pattern.compile("\\s*in (?:file|classpath):(\\S+?), line (\\d+), column (\\d+):");
  private static final Pattern STEP =
      Pattern.compile(
          "Failed to create route: (\\S+) at: >>> (.*?) <<<.*? because: (.*)", Pattern.DOTALL);
  private static final Pattern EMPTY = Pattern.compile("Resource is empty: \\w+:(\\S+)");

  private RouteProblems() {}

  static Problem of(Path project, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = Objects.requireNonNullElse(cause.getMessage(), "");
      Matcher mark = MARK.matcher(message);
      if (mark.find()) {
        return new Problem(
            relative(project, mark.group(1)),
            Integer.parseInt(mark.group(2)),
            Integer.parseInt(mark.group(3)),
            oneLine(message.substring(0, mark.start()) + after(message)));
      }
      Matcher step = STEP.matcher(message);
      if (step.find()) {
        return Problem.at(
            FOLDER,
            Place.NONE,
            "route %s, step %s: %s"
                .formatted(step.group(1), oneLine(step.group(2)), oneLine(step.group(3))));
      }
      Matcher empty = EMPTY.matcher(message);
      if (empty.find()) {
        return Problem.at(relative(project, empty.group(1)), Place.START, "the file is empty");
      }
    }
    return Problem.at(FOLDER, Place.NONE, oneLine(String.valueOf(failure.getMessage())));
  }

  /** Files of the project as a person there names them; others as they are. */
  static Path relative(Path project, String file) {
    Path path = Path.of(file.replaceFirst("^(file|classpath):", ""));
    Path root = project.toAbsolutePath().normalize();
    return path.isAbsolute() && path.startsWith(root) ? root.relativize(path) : path;
  }

  /** A syntax error says what it met after its excerpt of the file. */
  private static String after(String message) {
    int found = message.indexOf("\nfound ");
    return found < 0 ? "" : ": " + message.substring(found + 1).lines().findFirst().orElse("");
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
