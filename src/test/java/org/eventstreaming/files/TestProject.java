package org.eventstreaming.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A project directory that is filled file by file. */
public record TestProject(Path directory) {

  public TestProject with(String file, String text) {
    return with(file, text.getBytes(UTF_8));
  }

  public TestProject with(String file, byte[] bytes) {
    try {
      var path = directory.resolve(file);
      Files.createDirectories(path.getParent());
      Files.write(path, bytes);
      return this;
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** The lines of the refusal. */
  public static String[] refusal(ThrowingCallable reading) {
    return catchThrowableOfType(FilesRefused.class, reading).getMessage().split("\n", -1);
  }
}
