package org.eventstreaming.main;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.main.Main;
import org.eventstreaming.files.FilesRefused;
import org.eventstreaming.files.Place;
import org.eventstreaming.files.Problem;
import org.eventstreaming.files.Problems;

/** Reads from what Camel throws where in the routes something is wrong. */
final class RouteProblems {
  private static final Pattern MARK =
      Pattern.compile("\\s*in (?:file|classpath):([^\n]+?), line (\\d+), column (\\d+):");
  private static final Pattern STEP =
      Pattern.compile(
          "Failed to create route: (\\S+) at: >>> (.*?) <<<.*? because: (.*)", Pattern.DOTALL);
  private static final Pattern START =
      Pattern.compile("Failed to start route: (\\S+) because: (.*)", Pattern.DOTALL);
  private static final Pattern EMPTY = Pattern.compile("Resource is empty: \\w+:(\\S+)");

  private RouteProblems() {}

  /**
   * Starts what was configured with these files.
   *
   * @throws FilesRefused where a file of routes keeps it from starting
   */
  static void start(Main main, RouteFiles files) {
    try {
      main.start();
    } catch (FilesRefused e) {
      throw e;
    } catch (Exception e) {
      throw new FilesRefused(List.of(of(files, e)));
    }
  }

  static Problem of(RouteFiles files, Throwable failure) {
    Path project = files.project();
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
        return atRoute(
            files,
            step.group(1),
            "route %s, step %s: %s"
                .formatted(step.group(1), oneLine(step.group(2)), why(step.group(3))));
      }
      Matcher start = START.matcher(message);
      if (start.find()) {
        return atRoute(
            files, start.group(1), "route %s: %s".formatted(start.group(1), why(start.group(2))));
      }
      Matcher empty = EMPTY.matcher(message);
      if (empty.find()) {
        return Problem.at(relative(project, empty.group(1)), Place.START, "the file is empty");
      }
    }
    return Problem.at(RouteFiles.FOLDER, Place.NONE, why(String.valueOf(failure.getMessage())));
  }

  /** Camel names the route alone: its place is that of its id in the files. */
  private static Problem atRoute(RouteFiles files, String id, String message) {
    return files.changed().stream()
        .flatMap(file -> WrittenRoute.in(file, new Problems()).stream())
        .filter(route -> route.id().equals(id))
        .findFirst()
        .map(route -> Problem.at(route.file().path(), route.idAt(), message))
        .orElseGet(() -> Problem.at(RouteFiles.FOLDER, Place.NONE, message));
  }

  /** Files of the project as a person there names them; others as they are. */
  static Path relative(Path project, String file) {
    Path path = Path.of(file.replaceFirst("^(file|classpath):", ""));
    Path root = project.toAbsolutePath().normalize();
    return path.isAbsolute() && path.startsWith(root) ? root.relativize(path) : path;
  }

  /** A syntax error says what it met after its excerpt of the file. */
  private static String after(String message) {
    return message
        .lines()
        .filter(line -> line.startsWith("found ") || line.startsWith("expected "))
        .findFirst()
        .map(line -> ": " + line)
        .orElse("");
  }

  private static String why(String message) {
    return MissingComponent.explain(message).orElseGet(() -> oneLine(message));
  }

  private static String oneLine(String text) {
    // an object's number is another one each time
    return text.strip().replaceAll("\\s*\\R\\s*", " ").replaceAll("@[0-9a-f]{5,}\\b", "");
  }
}
