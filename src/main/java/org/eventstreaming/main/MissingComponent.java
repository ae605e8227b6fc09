package org.eventstreaming.main;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eventstreaming.files.Nearest;

/** Says which artifact has a component that neither this jar nor {@code lib/} has. */
final class MissingComponent {
  private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:";
  private static final String GROUP = "org.apache.camel:";

  /** As Camel says it, and what kind of thing it did not find. */
  private enum Kind {
    COMPONENT(
        "component",
        "No endpoint could be found for: ([^:,\\s]+)[:,]"
            + "|[Nn]o component found with scheme: (\\S+)"
            + "|Cannot auto create component: (\\S+)"),
    DATA_FORMAT("dataformat", "[Dd]ata format '(\\S+?)' could not be created"),
    LANGUAGE("language", "No language could be found for: (\\S+)");

    private final String key;
    private final Pattern message;

    Kind(String key, String message) {
      this.key = key;
      this.message = Pattern.compile(message);
    }

    String word() {
      return this == DATA_FORMAT ? "data format" : key;
    }
  }

  private MissingComponent() {}

  /** What a message of Camel means, where it is about a component that is missing. */
  static Optional<String> explain(String message) {
    for (Kind kind : Kind.values()) {
      Matcher found = kind.message.matcher(message);
      if (found.find()) {
        String name = "";
        for (int group = 1; group <= found.groupCount(); group++) {
          name = Objects.requireNonNullElse(found.group(group), name);
        }
        return Optional.of(explain(kind, name.replaceFirst("[.,:]+$", "")));
      }
    }
    return Optional.empty();
  }

  private static String explain(Kind kind, String name) {
    Properties artifacts = artifacts();
    String prefix = kind.key + ".";
    String artifact = artifacts.getProperty(prefix + name);
    if (artifact == null) {
      return "Camel %s has no %s %s%s"
          .formatted(
              ComponentJars.camelVersion(),
              kind.word(),
              name,
              Nearest.within(
                      2,
                      prefix + name,
                      artifacts.stringPropertyNames().stream()
                          .filter(one -> one.startsWith(prefix))
                          .sorted()
                          .toList())
                  .map(near -> ": did you mean " + near.substring(prefix.length()) + "?")
                  .orElse(""));
    }
    return "the %s %s is not in this jar. This command, in the project directory, copies it and what it needs into lib/: %s"
        .formatted(kind.word(), name, command(artifact));
  }

  /**
   * Copies an artifact of Camel and what it needs at run time into {@code lib/}. Maven copies what
   * a project depends on, so the artifact's own POM is fetched first, as the project.
   */
  static String command(String artifact) {
    String version = ComponentJars.camelVersion();
    return "mvn -q "
        + PLUGIN
        + "copy -Dartifact="
        + GROUP
        + artifact
        + ":"
        + version
        + ":pom -DoutputDirectory=lib && mvn -q -f lib/"
        + artifact
        + "-"
        + version
        + ".pom "
        + PLUGIN
        + "copy-dependencies "
        + PLUGIN
        + "copy -DincludeScope=runtime -Dartifact="
        + GROUP
        + artifact
        + ":"
        + version
        + " -DoutputDirectory=.";
  }

  private static Properties artifacts() {
    Properties artifacts = new Properties();
    try (InputStream in =
        MissingComponent.class.getResourceAsStream("/components/artifacts.properties")) {
      artifacts.load(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return artifacts;
  }
}
