package org.eventstreaming.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Collectors;
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
}
