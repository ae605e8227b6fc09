package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** Components that are not in the jar. */
class LibTest extends CommandLineTest {
  private static final String MAIL =
      """
      - route:
          id: mine
          from:
            uri: direct:mine
            steps:
              - to:
                  uri: smtp:mail.example.com
                  parameters:
                    to: me@example.com
      """;

  @Test
  void a_component_that_is_missing_is_refused_with_the_command_that_fetches_it() {
    file("routes/mine.camel.yaml", MAIL);

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out())
        .contains("routes/mine.camel.yaml:2:9: route mine, step ")
        .contains("the component smtp is not in this jar.", "into lib/: mvn ")
        .contains(" -Dartifact=org.apache.camel:camel-mail:");
  }

  @Test
  void a_data_format_and_a_language_that_are_missing_are_refused_in_the_same_way() {
    file(
        "routes/a.camel.yaml",
        MAIL.replace("id: mine", "id: a")
            .replaceFirst("(?s)- to:.*", "- marshal:\n            csv: {}\n"));
    file(
        "routes/b.camel.yaml",
        MAIL.replace("mine", "b")
            .replaceFirst("(?s)- to:.*", "- setBody:\n            groovy: \"1\"\n"));

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out())
        .contains("the data format csv is not in this jar.", ":camel-csv:")
        .contains("the language groovy is not in this jar.", ":camel-groovy:");
  }

  @Test
  void a_component_whose_jars_are_in_lib_is_found() {
    file("routes/mine.camel.yaml", MAIL).lib();

    assertThat(run("validate")).as(out()).isEqualTo(Command.DONE);
  }

  @Test
  void jars_of_another_camel_are_refused_by_name() throws IOException {
    jar("lib/a.jar", "camel-mail", "4.17.0", "");
    jar("lib/b.jar", "", "", "4.18.9");
    jar("lib/c.jar", "other", "", "");
    file("lib/d.jar", "no jar");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out().lines())
        .anyMatch(
            line ->
                line.matches(
                    "lib/a.jar: is camel-mail of Camel 4.17.0, and .* \\(mvn .*camel-mail:.*\\)"))
        .anyMatch(line -> line.startsWith("lib/b.jar: is Camel :: Mail of Camel 4.18.9, and "))
        .anyMatch(line -> line.startsWith("lib/d.jar: is not a readable jar ("))
        .hasSize(3);
  }

  @Test
  void a_lib_that_others_may_write_is_refused_before_anything_of_it_is_read() throws IOException {
    jar("lib/a.jar", "camel-mail", "4.17.0", "");
    Files.setPosixFilePermissions(
        project.resolve("lib"), PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out().lines())
        .singleElement()
        .asString()
        .startsWith("lib: may be written by every user")
        .endsWith("chmod o-w " + project.resolve("lib"));
  }

  private void jar(String name, String artifact, String version, String implementation)
      throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (!implementation.isEmpty()) {
      manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_TITLE, "Camel :: Mail");
      manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, implementation);
    }
    Files.createDirectories(project.resolve("lib"));
    try (OutputStream out = Files.newOutputStream(project.resolve(name));
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      if (!version.isEmpty()) {
        jar.putNextEntry(
            new ZipEntry("META-INF/maven/org.apache.camel/" + artifact + "/pom.properties"));
        jar.write(
            ("artifactId=" + artifact + "\nversion=" + version + "\n")
                .getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }
}
