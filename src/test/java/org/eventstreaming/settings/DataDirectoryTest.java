package org.eventstreaming.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path folder;

  @Test
  void a_directory_that_is_missing_is_made_for_its_owner_alone() throws IOException {
    Path data = folder.resolve("a/data");

    DataDirectory.claim(data);

    assertThat(mode(data)).isEqualTo("rwx------");
    assertThat(mode(folder.resolve("a"))).isEqualTo("rwx------");
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void what_others_may_is_taken_from_them_and_what_the_owner_may_is_kept() throws IOException {
    Path program = open("data/bin/program", "rwxr-xr-x");
    Path secret = open("data/secret", "rw-rw-rw-");
    Path elsewhere = open("elsewhere", "rw-r--r--");
    Files.createSymbolicLink(folder.resolve("data/link"), elsewhere);
    Files.createSymbolicLink(folder.resolve("data/dangling"), folder.resolve("nothing"));

    DataDirectory.claimAll(folder.resolve("data"));

    assertThat(mode(program)).isEqualTo("rwx------");
    assertThat(mode(folder.resolve("data/bin"))).isEqualTo("rwx------");
    assertThat(mode(secret)).isEqualTo("rw-------");
    assertThat(mode(folder.resolve("data"))).isEqualTo("rwx------");
    assertThat(mode(elsewhere)).isEqualTo("rw-r--r--");
  }

  @Test
  void a_directory_that_belongs_to_somebody_else_is_refused() throws IOException {
    Path others = ofSomebodyElse();

    assertThatThrownBy(() -> DataDirectory.claim(others))
        .isInstanceOf(DataDirectory.Refused.class)
        .hasMessageContaining(
            others + " belongs to " + Files.getOwner(others).getName() + ", and this process runs")
        .hasMessageContaining("chown -R");
  }

  @Test
  void a_directory_that_all_users_share_is_refused_and_left_as_it_is() throws IOException {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    Files.setAttribute(shared, "unix:mode", 01777);

    assertThatThrownBy(() -> DataDirectory.claim(shared))
        .isInstanceOf(DataDirectory.Refused.class)
        .hasMessageContaining("Set eventstreaming.data-dir to a directory of its own");
    assertThat(mode(shared)).isEqualTo("rwxrwxrwx");
  }

  /** Only root can give a directory away; for everybody else there is one that is root's. */
  private Path ofSomebodyElse() throws IOException {
    Path root = Path.of("/usr");
    Path given = Files.createDirectory(folder.resolve("given"));
    if (!Files.getOwner(given).equals(Files.getOwner(root))) {
      return root;
    }
    Files.setOwner(
        given,
        given.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("54321"));
    return given;
  }

  private Path open(String name, String permissions) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "text");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    return file;
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
