package org.eventstreaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Messages, comments, pages and routes keep to the words of docs/glossary.md. */
class WordsTest {
  private static final Pattern AVOIDED =
      Pattern.compile(
          "\\b(mend(s|ed|ing|able)?|wish(es|ed)?|tells?|telling|told|lack(s|ed|ing)?|sweeps?|swept|troubles?"
              + "|beside (the|its|their) (update )?logs?|(press|click) Resync)\\b",
          Pattern.CASE_INSENSITIVE);

  /** An address in a file is not a word of a sentence. */
  private static final Pattern ADDRESS = Pattern.compile("\\]\\([^)\\s]*\\)|[a-z]+_[a-z_]+");

  @Test
  void no_avoided_word_is_in_code_pages_and_routes() throws IOException {
    List<String> found = new ArrayList<>();
    int read = 0;

    for (String folder :
        List.of(
            "src/main/java",
            "src/test/java",
            "src/main/resources/schema",
            "src/main/resources/init",
            "routes",
            "docs",
            "examples",
            "producers",
            "mappings",
            "config")) {
      for (Path file : files(Path.of(folder))) {
        read++;
        look(file, found);
      }
    }
    for (String page : List.of("README.md", "CHANGELOG.md")) {
      look(Path.of(page), found);
    }

    assertThat(found).isEmpty();
    assertThat(read).as("files that were read").isGreaterThan(500);
  }

  private static void look(Path file, List<String> found) throws IOException {
    if (file.endsWith("WordsTest.java")) {
      return;
    }
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = ADDRESS.matcher(lines.get(i)).replaceAll(" ");
      for (MatchResult word : AVOIDED.matcher(line).results().toList()) {
        found.add("%s:%d: %s".formatted(file, i + 1, word.group()));
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(
              file -> file.toString().matches(".*\\.(java|md|yaml|xml|json|properties|example)"))
          .sorted()
          .toList();
    }
  }
}
