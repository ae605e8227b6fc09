package org.eventstreaming.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RouteFilesTest {
  @Test
  void a_jar_without_a_routes_folder_beside_it_runs_every_route_of_the_project() {
    assertThat(RouteFiles.IN_THE_JAR)
        .isEqualTo(
            RouteFiles.of(Path.of("")).stream()
                .map(file -> "classpath:" + file.toString().replace('\\', '/'))
                .collect(Collectors.joining(",")));
  }

  @Test
  void the_names_that_the_program_calls_are_known() throws IOException {
    Set<String> called = new TreeSet<>();
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(Files::isRegularFile).toList()) {
        Matcher literal = Pattern.compile("\"(direct:[a-z-]+)\"").matcher(Files.readString(source));
        while (literal.find()) {
          called.add(literal.group(1));
        }
      }
    }

    assertThat(called).containsExactlyElementsOf(CalledRoutes.NAMES);
  }
}
