package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InitTest extends CommandLineTest {
  @Test
  void the_project_that_is_made_is_valid_and_so_is_its_example() throws IOException {
    assertThat(run("init", "new")).isEqualTo(Command.DONE);

    Path made = project.resolve("new");
    assertThat(made.resolve(".gitignore")).exists();
    assertThat(made.resolve(".github/workflows/validate.yml")).exists();
    assertThat(runAnywhere("-C", made.toString(), "validate")).as(this::out).isZero();
    assertThat(out())
        .contains("1 mapping(s)", "with 1 file(s) of this project: all files are valid.");

    String example = Files.readString(made.resolve("producers/hq.yaml.example"));
    Files.writeString(made.resolve("key"), "k");
    Files.writeString(
        made.resolve("producers/hq.yaml"), example.replaceAll("\\{\\{env:.*}}", "{{file:key}}"));

    assertThat(runAnywhere("-C", made.toString(), "validate")).as(this::out).isZero();
    assertThat(out()).contains("1 Event Producer(s)");
  }

  @Test
  void a_directory_with_files_is_left_as_it_is() throws IOException {
    file("here/mine", "x");

    assertThat(run("init", "here")).isEqualTo(Command.USAGE);
    assertThat(run("init", "here/mine")).isEqualTo(Command.USAGE);

    assertThat(err()).contains("is not an empty directory, so nothing is written");
    try (Stream<Path> files = Files.list(project.resolve("here"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void a_directory_that_is_empty_is_filled() throws IOException {
    Files.createDirectory(project.resolve("empty"));

    assertThat(run("init", "empty", "-o", "json")).isEqualTo(Command.DONE);

    assertThat(out()).contains("\"routes/failures.camel.yaml\"");
    assertThat(project.resolve("empty/routes/failures.camel.yaml")).exists();
  }
}
