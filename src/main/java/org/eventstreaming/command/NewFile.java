package org.eventstreaming.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a command writes for a person, and what became of it. */
enum NewFile {
  WRITTEN,
  OVERWRITTEN,
  /** It says the same already. */
  UNCHANGED,
  /** It says something else and is not ours to change. */
  KEPT;

  /**
   * Writes the text, with the directories that are missing.
   *
   * @param force whether a file that says something else is overwritten
   */
  static NewFile write(Path file, String text, boolean force) throws IOException {
    boolean exists = Files.exists(file);
    if (exists && Files.isRegularFile(file) && Files.readString(file).equals(text)) {
      return UNCHANGED;
    }
    if (exists && !force) {
      return KEPT;
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text);
    return exists ? OVERWRITTEN : WRITTEN;
  }
}
