package org.eventstreaming.main;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eventstreaming.files.Problems;
import org.eventstreaming.settings.RouteSettings;

/** The routes that a project runs, for a person: which there are, and what the project changed. */
public final class ProjectRoutes {
  private static final String ENDING = ".camel.yaml";

  private final RouteFiles files;
  private final List<Row> rows = new ArrayList<>();

  /** Reads them; what cannot be read is among the problems. */
  public ProjectRoutes(Path project, RouteSettings settings, Problems problems) {
    files = RouteFiles.read(project, settings, problems);
    Stream.concat(files.builtIn().stream(), files.changed().stream())
        .flatMap(file -> WrittenRoute.in(file, problems).stream())
        .map(Row::of)
        .forEach(rows::add);
  }

  /**
   * One route.
   *
   * @param from without its options
   * @param origin built-in, replaced (of a file that replaces a built-in one) or own
   */
  public record Row(String id, String from, Path file, String origin, String description) {
    private static Row of(WrittenRoute route) {
      return new Row(
          route.id(),
          route.from().replaceFirst("\\?.*", ""),
          route.file().path(),
          route.file().origin().word(),
          route.description());
    }
  }

  /** A file of the jar, as it begins its life as a file of the project. */
  public record Copy(Path file, String text) {}

  /**
   * How a file of the project differs from the file of the jar that it replaces.
   *
   * @param text empty where they are equal
   */
  public record Change(Path file, String name, int added, int removed, String text) {
    private static Change none(Path file) {
      return new Change(file, file.getFileName().toString(), 0, 0, "");
    }

    private static Change of(RouteFile file) {
      RouteFile builtIn = RouteFiles.builtIn(file.name());
      String own = CheckReplaced.withoutComment(file);
      UnifiedDiff diff = UnifiedDiff.of(builtIn.text(), own);
      if (diff.added() + diff.removed() == 0) {
        return none(file.path());
      }
      List<String> lines = new ArrayList<>();
      lines.add("--- %s of event-streaming %s".formatted(builtIn.name(), Version.TEXT));
      lines.add("+++ " + file.path().toString().replace('\\', '/'));
      lines.addAll(diff.hunks(own.equals(file.text()) ? 0 : 1));
      return new Change(
          file.path(), file.name(), diff.added(), diff.removed(), String.join("\n", lines));
    }
  }

  /** All of them, those of the jar first. */
  public List<Row> rows() {
    return List.copyOf(rows);
  }

  /** The names of the files of the jar. */
  public static List<String> builtIn() {
    return RouteFiles.BUILT_IN;
  }

  /**
   * Which file of the jar a person means.
   *
   * @param name with its ending and folder, or without
   */
  public static Optional<String> named(String name) {
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    String file = last.endsWith(ENDING) ? last : last + ENDING;
    return RouteFiles.BUILT_IN.stream().filter(file::equals).findFirst();
  }

  /** What a project begins with that replaces a file of the jar. */
  public static Copy copy(String name) {
    RouteFile builtIn = RouteFiles.builtIn(name);
    return new Copy(
        builtIn.path(), CheckReplaced.comment(builtIn, Version.TEXT) + "\n" + builtIn.text());
  }

  /** Of each file that has the name of a file of the jar, in the order of these names. */
  public List<Change> changes() {
    return Stream.concat(
            files.replacing().stream().map(Change::of), files.equal().stream().map(Change::none))
        .sorted(Comparator.comparing(Change::name))
        .toList();
  }
}
