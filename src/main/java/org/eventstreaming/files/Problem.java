package org.eventstreaming.files;

import java.nio.file.Path;

/**
 * What is wrong at one place of a file, and what is allowed there.
 *
 * @param file relative to the project directory
 * @param line counted from 1; 0 where the whole file is meant
 * @param column counted from 1; 0 where the whole file is meant
 */
public record Problem(Path file, int line, int column, String message) {

  public static Problem at(Path file, Place place, String message) {
    return new Problem(file, place.line(), place.column(), message);
  }

  /** The same with what kind of problem it is in front of its message. */
  public Problem as(String kind) {
    return new Problem(file, line, column, kind + ": " + message);
  }

  /** {@code file:line:column: message}, which editors and terminals make a link of. */
  @Override
  public String toString() {
    var name = file.toString().replace('\\', '/');
    return line == 0 ? name + ": " + message : name + ":" + line + ":" + column + ": " + message;
  }
}
