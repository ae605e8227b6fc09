package org.eventstreaming.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The directory an engineer edits, as it is on disk: which files there are, and their text. Takes
 * only UTF-8, and nothing larger than people write.
 */
public final class ProjectFiles {
  private static final int LARGEST = 10 * 1024 * 1024;
  private static final Pattern EDITED = Pattern.compile("[^.].*\\.(yaml|yml|json)");

  private final Path project;

  public ProjectFiles(Path project) {
    this.project = project;
  }

  public boolean exists(String path) {
    return Files.exists(project.resolve(path));
  }

  /**
   * The YAML and JSON files that lie directly in a directory of the project, by name; hidden ones
   * and others (a README) are passed over.
   *
   * @return paths relative to the project directory
   */
  public List<Path> in(String directory, Problems problems) {
    var folder = project.resolve(directory);
    if (!Files.isDirectory(folder)) {
      problems.add(
          Path.of(directory),
          Place.NONE,
          Files.exists(folder)
              ? "must be a directory, is a file"
              : "the directory is missing in "
                  + project.toAbsolutePath().normalize()
                  + ": create it, empty if there is nothing to put in");
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> EDITED.matcher(name.toLowerCase(Locale.ROOT)).matches())
          .sorted()
          .map(name -> Path.of(directory, name))
          .toList();
    } catch (IOException unreadable) {
      problems.add(
          Path.of(directory), Place.NONE, "the directory cannot be read: " + reason(unreadable));
      return List.of();
    }
  }

  /** The text of a file, without a byte order mark; empty when it cannot be read. */
  public Optional<String> text(Path file, Problems problems) {
    byte[] bytes;
    try (var in = Files.newInputStream(project.resolve(file))) {
      bytes = in.readNBytes(LARGEST + 1);
    } catch (IOException unreadable) {
      problems.add(file, Place.NONE, "cannot be read: " + reason(file, unreadable));
      return Optional.empty();
    }
    if (bytes.length > LARGEST) {
      problems.add(file, Place.NONE, "is larger than 10 MB");
      return Optional.empty();
    }
    var chars = CharBuffer.allocate(bytes.length);
    var in = ByteBuffer.wrap(bytes);
    var decoded = UTF_8.newDecoder().decode(in, chars, true);
    var text = chars.flip().toString();
    if (decoded.isError()) {
      problems.add(
          file,
          Place.after(text),
          "is not UTF-8 text here (byte 0x%02X): save the file as UTF-8"
              .formatted(in.get() & 0xFF));
      return Optional.empty();
    }
    return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
  }

  private String reason(Path file, IOException unreadable) {
    return Files.isDirectory(project.resolve(file)) ? "it is a directory" : reason(unreadable);
  }

  private static String reason(IOException unreadable) {
    if (unreadable instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (unreadable instanceof AccessDeniedException) {
      return "permission denied";
    }
    return String.valueOf(unreadable.getMessage());
  }
}
