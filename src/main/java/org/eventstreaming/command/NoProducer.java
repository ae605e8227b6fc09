package org.eventstreaming.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Says what to do in a project that follows no Event Producer yet. */
final class NoProducer {
  private NoProducer() {}

  static String reported(Path project) {
    return "No Event Producer yet: put a file into producers/ (%s)."
        .formatted(
            Stream.of("producers/hq.yaml.example", "producers/README.md")
                .filter(file -> Files.exists(project.resolve(file)))
                .findFirst()
                .map("see %s"::formatted)
                .orElse("`event-streaming init DIR` writes an example of one"));
  }
}
