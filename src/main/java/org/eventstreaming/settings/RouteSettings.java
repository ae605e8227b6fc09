package org.eventstreaming.settings;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where a project keeps its own routes.
 *
 * @param folders relative to the project directory; folders below them are not looked into
 */
public record RouteSettings(List<Path> folders) {
  public static final RouteSettings DEFAULT = new RouteSettings(List.of(Path.of("routes")));

  public RouteSettings {
    folders = List.copyOf(folders);
    if (folders.isEmpty() || new HashSet<>(folders).size() < folders.size()) {
      throw new IllegalArgumentException(
          "eventstreaming.routes.folders must be folders separated by commas, each named once");
    }
  }

  /** As it is written in the file. */
  String text() {
    return folders.stream()
        .map(folder -> folder.toString().replace('\\', '/'))
        .collect(Collectors.joining(", "));
  }

  static RouteSettings of(String text) {
    return new RouteSettings(
        Arrays.stream(text.split(",", -1))
            .map(String::strip)
            .filter(folder -> !folder.isEmpty())
            .map(folder -> Path.of(folder).normalize())
            .toList());
  }
}
