package org.eventstreaming.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.eventstreaming.files.Problem;
import org.eventstreaming.settings.RouteSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckOwnersTest {
  private static final RouteSettings FOLDERS =
      new RouteSettings(List.of(Path.of("routes"), Path.of("more")));

  @TempDir Path project;

  @Test
  void what_every_user_may_write_is_refused_in_every_folder_that_runs() throws IOException {
    for (String file : List.of("routes/a.camel.yaml", "more/b.camel.yaml", "lib/c.jar", "d/e")) {
      Files.createDirectories(project.resolve(file).getParent());
      Files.createFile(project.resolve(file));
      permit(file, "rw-rw-rw-");
    }
    permit("lib", "rwxrwxrwx");

    assertThat(CheckOwners.problems(project, FOLDERS))
        .extracting(problem -> problem.file().toString())
        .containsExactly("routes/a.camel.yaml", "more/b.camel.yaml", "lib", "lib/c.jar");
  }

  @Test
  void what_the_group_may_write_is_left() throws IOException {
    Files.createDirectories(project.resolve("lib"));
    permit("lib", "rwxrwxr-x");

    assertThat(CheckOwners.problems(project, FOLDERS)).isEmpty();
  }

  @Test
  void what_another_user_owns_is_refused_and_what_root_owns_is_not() throws IOException {
    Files.createDirectories(project.resolve("lib"));
    int owner = (Integer) Files.getAttribute(project.resolve("lib"), "unix:uid");

    List<Problem> problems = CheckOwners.problems(project, FOLDERS, owner + 1);

    if (owner == 0) {
      assertThat(problems).isEmpty();
      Files.setAttribute(project.resolve("lib"), "unix:uid", 12345);
      problems = CheckOwners.problems(project, FOLDERS, 7);
    }
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).toString())
        .startsWith("lib: belongs to ")
        .contains(" chown ")
        .endsWith(project.resolve("lib").toString());
  }

  private void permit(String file, String permissions) throws IOException {
    Files.setPosixFilePermissions(
        project.resolve(file), PosixFilePermissions.fromString(permissions));
  }
}
