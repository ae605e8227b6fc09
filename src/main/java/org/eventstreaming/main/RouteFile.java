package org.eventstreaming.main;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One file of routes that is loaded.
 *
 * @param path where a person finds it, relative to the project directory; of a built-in file as if
 *     it lay in the project
 * @param text with line feeds alone, whatever the file has
 */
record RouteFile(Path path, Origin origin, String text) {
  private static final int DIGITS = 12;

  RouteFile {
    text = text.replace("\r\n", "\n");
  }

  /** Whose file it is. */
  enum Origin {
    BUILT_IN("built-in"),
    /** The project's, loaded in the place of a built-in file of the same name. */
    REPLACES("replaced"),
    OWN("own");

    private final String word;

    Origin(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  String name() {
    return path.getFileName().toString();
  }

  boolean isXml() {
    return name().endsWith(".xml");
  }

  boolean isBuiltIn() {
    return origin == Origin.BUILT_IN;
  }

  /** Where Camel finds it. */
  String location(Path project) {
    return isBuiltIn()
        ? "classpath:routes/" + name()
        : "file:" + project.resolve(path).toAbsolutePath().normalize();
  }

  /** A place in it, for a message about another place. */
  String at(int line) {
    String file = path.toString().replace('\\', '/') + ":" + line;
    return isBuiltIn() ? file + " of the jar" : file;
  }

  /** The first digits of the SHA-256 of its text: what a replacement says that it replaces. */
  String digest() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
