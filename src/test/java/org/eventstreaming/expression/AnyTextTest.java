package org.eventstreaming.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AnyTextTest {
  private static final String PIECES = "()[]{}'\"\\,.:;=!<>+-*/%&|^~#@?_ \n\t0159aefrxEX§é😀\0";
  private static final String[] WORDS = {
    "doc",
    "doc.items",
    "for x in ",
    " if ",
    " else ",
    "not ",
    " in ",
    " is ",
    "and ",
    "or ",
    "len(",
    "int(",
    "f'{",
    "}'",
    "**",
    "//",
    "<<",
    ".get(",
    ".join(",
    "None",
    "9" + "9".repeat(40)
  };

  @Test
  void texts_that_were_found_by_fuzzing_have_a_value_or_one_of_two_exceptions() throws Exception {
    List<Path> found = found();

    assertThat(found).isNotEmpty();
    for (Path file : found) {
      String text = new String(Files.readAllBytes(file), UTF_8);
      assertThatCode(() -> FuzzExpression.check(text))
          .as(file.toString())
          .doesNotThrowAnyException();
    }
  }

  @Test
  void random_texts_have_a_value_or_one_of_two_exceptions() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<String> texts = new ArrayList<>();
    for (Path file : found()) {
      texts.add(new String(Files.readAllBytes(file), UTF_8));
    }

    for (int i = 0; i < 5_000; i++) {
      String text = changed(texts.get(random.nextInt(texts.size())), random);
      assertThatCode(() -> FuzzExpression.check(text))
          .as("seed %d, text: %s", seed, text)
          .doesNotThrowAnyException();
    }
  }

  private static String changed(String text, Random random) {
    StringBuilder changed = new StringBuilder(text);
    for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
      int at = random.nextInt(changed.length() + 1);
      switch (random.nextInt(4)) {
        case 0 -> changed.delete(at, Math.min(changed.length(), at + 1 + random.nextInt(4)));
        case 1 -> changed.insert(at, WORDS[random.nextInt(WORDS.length)]);
        case 2 -> changed.insert(at, changed.substring(0, at));
        default -> changed.insert(at, PIECES.charAt(random.nextInt(PIECES.length())));
      }
    }
    return changed.toString();
  }

  private static List<Path> found() throws IOException, URISyntaxException {
    Path folder =
        Path.of(Objects.requireNonNull(AnyTextTest.class.getResource("/expression/fuzz")).toURI());
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
