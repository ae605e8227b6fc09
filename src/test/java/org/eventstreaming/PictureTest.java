package org.eventstreaming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sourceforge.plantuml.FileFormat;
import net.sourceforge.plantuml.FileFormatOption;
import net.sourceforge.plantuml.SourceStringReader;
import net.sourceforge.plantuml.code.TranscoderUtil;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The picture of the README. Its letters are as wide as the fonts of the machine that drew it. */
class PictureTest {
  private static final Path TEXT = Path.of("docs/stream.puml");
  private static final Path PICTURE = Path.of("docs/stream.svg");
  private static final Pattern SOURCE = Pattern.compile("<!--SRC=\\[(.*?)]-->");

  @BeforeAll
  static void draw() throws IOException {
    if (System.getProperty("update") != null) {
      System.setProperty("java.awt.headless", "true");
      ByteArrayOutputStream svg = new ByteArrayOutputStream();
      new SourceStringReader(Files.readString(TEXT, UTF_8))
          .outputImage(svg, new FileFormatOption(FileFormat.SVG));
      Files.write(PICTURE, svg.toByteArray());
    }
  }

  @Test
  void the_picture_is_drawn_from_its_text() throws Exception {
    Matcher source = SOURCE.matcher(Files.readString(PICTURE, UTF_8));

    assertThat(source.find()).as("the picture holds its text").isTrue();
    assertThat(TranscoderUtil.getDefaultTranscoder().decode(source.group(1)).lines())
        .as("docs/stream.svg is stale: draw it by mvn test -Dtest=PictureTest -Dupdate")
        .containsExactlyElementsOf(Files.readString(TEXT, UTF_8).lines().toList());
  }
}
