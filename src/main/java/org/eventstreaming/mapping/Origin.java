package org.eventstreaming.mapping;

import java.nio.file.Path;
import org.eventstreaming.files.Place;

/**
 * Where in the files of {@code mappings/} something is said.
 *
 * @param file relative to the project directory
 */
public record Origin(Path file, Place place) {
  /** {@code file:line:column}, which editors and terminals make a link of. */
  @Override
  public String toString() {
    return "%s:%d:%d".formatted(file.toString().replace('\\', '/'), place.line(), place.column());
  }
}
