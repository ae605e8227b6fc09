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
import org.eventstreaming.files.Problems;
import org.eventstreaming.settings.RouteSettings;
import org.junit.jupiter.api.Test;

class RouteFilesTest {
  @Test
  void the_jar_loads_every_file_of_the_routes_folder() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("routes"))) {
      assertThat(RouteFiles.BUILT_IN)
          .containsExactlyElementsOf(
              files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void the_folder_that_the_jar_was_made_from_changes_nothing() {
    Problems problems = new Problems();

    RouteFiles files = RouteFiles.read(Path.of(""), RouteSettings.DEFAULT, problems);

    assertThat(problems.all()).isEmpty();
    assertThat(files.changed()).isEmpty();
    assertThat(files.pattern())
        .isEqualTo(
            RouteFiles.BUILT_IN.stream()
                .map("classpath:routes/"::concat)
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

    // a project may have it, none has to
    assertThat(called.remove("direct:document")).isTrue();
    assertThat(called).containsExactlyElementsOf(CalledRoutes.NAMES);
  }
}
