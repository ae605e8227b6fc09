package org.eventstreaming.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eventstreaming.files.Nearest;
import org.eventstreaming.mapping.Mappings;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ReadProducerFiles;
import org.eventstreaming.producer.Secrets;

/** Finds the Event Producer that a command line names. */
final class NamedProducer {
  private NamedProducer() {}

  /**
   * By its address, or by the name of its file, with or without directory and ending.
   *
   * @throws NotFound where no file is of that name or address
   */
  static EventProducer find(Path directory, Mappings mappings, Secrets secrets, String which) {
    String file = withoutEnding(which.replaceFirst("^(.*/)?producers/", ""));
    Map<Path, EventProducer> producers =
        new ReadProducerFiles(directory, System.getenv(), mappings, secrets).byFile();
    return producers.entrySet().stream()
        .filter(
            one ->
                one.getValue().producerUrl().equals(which.replaceFirst("/$", ""))
                    || name(one.getKey()).equals(file))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(
            () ->
                new NotFound(
                    unknown(
                        directory,
                        which,
                        producers.keySet().stream().map(NamedProducer::name).toList())));
  }

  /** The end of a sentence that refuses a word. */
  static String nearest(String word, List<String> allowed, String otherwise) {
    return Nearest.to(word, allowed)
        .map("; did you mean %s?"::formatted)
        .orElse(allowed.isEmpty() ? "." : otherwise + String.join(", ", allowed) + ".");
  }

  private static String unknown(Path directory, String which, List<String> files) {
    return "'%s' is neither the producer_url nor the file of an Event Producer in %s%s"
        .formatted(which, directory.resolve("producers"), nearest(which, files, ": there are "));
  }

  private static String name(Path file) {
    return withoutEnding(file.getFileName().toString());
  }

  private static String withoutEnding(String file) {
    return file.replaceFirst("\\.(yaml|yml|json)$", "");
  }
}
