package org.eventstreaming.attachment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import org.eventstreaming.settings.DataDirectory;

/**
 * Contents in a directory of our own, each once: {@code files/ab/cdef…} by the SHA-256 of what is
 * in it. Nothing that a site says becomes part of a path.
 */
public final class ContentFiles {
  private static final Duration LEFT_BEHIND = Duration.ofDays(1);

  private final Path directory;

  /**
   * @param dataDir holds the directory {@code files}; made with the first content
   */
  public ContentFiles(Path dataDir) {
    this.directory = dataDir.resolve("files");
  }

  /** Checks, at start, that nobody else may read what is there. */
  public void claim() throws IOException {
    if (Files.isDirectory(directory)) {
      DataDirectory.claimAll(directory);
    }
  }

  /** A new empty file to receive a content; whoever asked for it removes it. */
  Path receive() throws IOException {
    return Files.createTempFile(DataDirectory.make(incoming()), "", "");
  }

  /** Moves what was received to its place, unless the same is there. */
  void place(Path received, String sha256) {
    Path place = place(sha256);
    try {
      if (!Files.exists(place)) {
        DataDirectory.make(directory.resolve(sha256.substring(0, 2)));
        Files.move(received, place, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not keep a file as " + place, e);
    }
  }

  void remove(String sha256) {
    try {
      Files.deleteIfExists(place(sha256));
    } catch (IOException e) {
      throw new UncheckedIOException("Could not remove the file " + place(sha256), e);
    }
  }

  /** Removes what a process that was killed had begun to receive. */
  void tidy(Instant now) {
    if (!Files.isDirectory(incoming())) {
      return;
    }
    try (DirectoryStream<Path> begun = Files.newDirectoryStream(incoming())) {
      for (Path one : begun) {
        if (Files.getLastModifiedTime(one).toInstant().isBefore(now.minus(LEFT_BEHIND))) {
          Files.deleteIfExists(one);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not tidy " + incoming(), e);
    }
  }

  private Path incoming() {
    return directory.resolve("incoming");
  }

  private Path place(String sha256) {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("no SHA-256: " + sha256);
    }
    return directory.resolve(sha256.substring(0, 2)).resolve(sha256.substring(2));
  }
}
