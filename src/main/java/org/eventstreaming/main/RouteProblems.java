package org.eventstreaming.main;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.main.Main;
import org.eventstreaming.files.FilesRefused;
import org.eventstreaming.files.MarkedFile;
import org.eventstreaming.files.Place;
import org.eventstreaming.files.Problem;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ReadMarkedFile;

/** Reads from what Camel throws where in the routes something is wrong. */
final class RouteProblems {
  private static final Pattern MARK =
      Pattern.compile("\\s*in (?:file|classpath):([^\n]+?), line (\\d+), column (\\d+):");
  private static final Pattern STEP =
      Pattern.compile(
          "Failed to create route: (\\S+)(?: \\(source: [^)]*\\))? at: >>> (.*?) <<<.*? because: (.*)",
          Pattern.DOTALL);
  private static final Pattern START =
      Pattern.compile("Failed to start route: (\\S+) because: (.*)", Pattern.DOTALL);
  private static final Pattern EMPTY = Pattern.compile("Resource is empty: \\w+:(\\S+)");

  /** How Camel's reader of YAML names a key that it does not know. */
  private static final Pattern KEY =
      Pattern.compile(
          "(Unsupported field: |Unknown node id: |Field: )(\\S+)( has already been configured as an expression)?");

  private static final String STEP_NAME = "Unknown node id: ";

  private static final Pattern OPTION = Pattern.compile("Unknown parameters=\\[\\{(\\w+)=");
  private static final Pattern ELEMENT =
      Pattern.compile("Unexpected (element|attribute) '\\{[^}]*\\}(\\S+)'");

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
        Path path = relative(project, mark.group(1));
        Place at = new Place(Integer.parseInt(mark.group(2)), Integer.parseInt(mark.group(3)));
        String text = oneLine(message.substring(0, mark.start()) + after(message));
        return files.changed().stream()
            .filter(file -> file.path().equals(path))
            .findFirst()
            .map(file -> file.isXml() ? inXml(file, at, text) : inYaml(file, at, text))
            .orElseGet(() -> Problem.at(path, at, text));
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
        .map(route -> Problem.at(route.file().path(), optionAt(route, message), message))
        .orElseGet(() -> Problem.at(RouteFiles.FOLDER, Place.NONE, message));
  }

  /** An option that its component does not have stands below the id of its route. */
  private static Place optionAt(WrittenRoute route, String message) {
    Matcher option = OPTION.matcher(message);
    return option.find() && !route.file().isXml()
        ? read(route.file())
            .flatMap(file -> file.keyFrom(option.group(1), route.idAt()))
            .orElse(route.idAt())
        : route.idAt();
  }

  /** Camel marks the value, or the mapping that the key is in. */
  private static Problem inYaml(RouteFile file, Place mark, String text) {
    Matcher key = KEY.matcher(text);
    if (!key.matches()) {
      return Problem.at(file.path(), mark, text);
    }
    Place at = read(file).flatMap(read -> read.keyOf(key.group(2), mark)).orElse(mark);
    return Problem.at(
        file.path(),
        at,
        key.group(3) != null
            ? "unknown key '%s', or a second expression where one is allowed"
                .formatted(key.group(2))
            : key.group(1).equals(STEP_NAME)
                ? YamlWords.noStep(key.group(2))
                : YamlWords.noKey(key.group(2)));
  }

  private static Optional<MarkedFile> read(RouteFile file) {
    return ReadMarkedFile.ofText(file.path(), file.text(), new Problems());
  }

  /** What YAML has as keys, XML has as elements or as attributes. */
  private static Problem inXml(RouteFile file, Place mark, String text) {
    Matcher unexpected = ELEMENT.matcher(text);
    if (!unexpected.find()) {
      return Problem.at(file.path(), mark, text);
    }
    boolean isElement = unexpected.group(1).equals("element");
    return Problem.at(
        file.path(),
        mark,
        "Unexpected %s %s%s"
            .formatted(
                unexpected.group(1),
                unexpected.group(2),
                isElement && unexpected.group(2).equals("description")
                    ? ": in XML a description is an attribute, <route id=\"…\" description=\"…\">"
                    : ""));
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
