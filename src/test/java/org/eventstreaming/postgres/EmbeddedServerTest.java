package org.eventstreaming.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerTest {
  private static final Set<PosixFilePermission> OF_OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  @TempDir Path folder;

  @Test
  void nobody_else_may_read_anything_of_it_and_each_start_corrects_what_was_opened()
      throws IOException {
    Path data = folder.resolve("data");
    try (EmbeddedServer server = EmbeddedServer.start(data)) {
      assertThat(server.isOwned()).isTrue();
      assertThat(openToOthers(data)).isEmpty();
    }
    for (String opened : List.of("", "postgresql-16", "postgresql-16/bin", "postgresql-16/data")) {
      Files.setPosixFilePermissions(
          data.resolve(opened), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.setPosixFilePermissions(
        data.resolve("postgresql-16/password"), PosixFilePermissions.fromString("rw-r--r--"));

    EmbeddedServer.start(data).close();

    assertThat(openToOthers(data)).isEmpty();
  }

  @Test
  void what_a_kill_left_half_unpacked_is_unpacked_anew() throws IOException {
    Path data = folder.resolve("data");
    EmbeddedServer.start(data).close();
    Path binaries;
    try (Stream<Path> releases = Files.list(data.resolve("postgresql-16/bin"))) {
      binaries = releases.findFirst().orElseThrow();
    }
    Files.delete(binaries.resolve(".exists"));
    Files.writeString(binaries.resolve("bin/initdb"), "half of it");
    Files.delete(binaries.resolve("bin/postgres"));

    EmbeddedServer.start(data).close();

    assertThat(binaries.resolve("bin/postgres")).isExecutable();
    assertThat(Files.size(binaries.resolve("bin/initdb"))).isGreaterThan(10_000);
  }

  @Test
  void a_server_that_ends_while_it_starts_is_not_waited_for() throws IOException {
    Path data = folder.resolve("data");
    EmbeddedServer.start(data).close();
    Files.writeString(
        data.resolve("postgresql-16/data/postgresql.conf"),
        "no_such_setting = on\n",
        StandardOpenOption.APPEND);
    Instant begun = Instant.now();

    assertThatThrownBy(() -> EmbeddedServer.start(data))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended while it started");
    assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(50));
  }

  private static List<Path> openToOthers(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(path -> !Files.isSymbolicLink(path))
          .filter(path -> !OF_OWNER.containsAll(permissions(path)))
          .toList();
    }
  }

  private static Set<PosixFilePermission> permissions(Path path) {
    try {
      return Files.getPosixFilePermissions(path);
    } catch (IOException e) {
      // the server removed it meanwhile
      return Set.of();
    }
  }
}
