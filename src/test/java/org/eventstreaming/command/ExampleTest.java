package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eventstreaming.main.Application;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.TestDatabase;
import org.eventstreaming.stream.TestStream.TestClock;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * A folder of {@code examples/} that runs as it is: its files with the values of a test in place of
 * the environment variables that they name.
 */
abstract class ExampleTest extends CommandLineTest {
  private static final Pattern VARIABLE = Pattern.compile("\\{\\{env:([A-Z_]+)}}");

  final TestDatabase database = TestDatabase.create();
  final TestClock clock = new TestClock();
  private final Map<String, String> environment = new HashMap<>();
  private @Nullable Application application;

  @AfterEach
  void closeExample() {
    if (application != null) {
      application.close();
    }
    database.close();
  }

  /** Sets HQ_URL, HQ_API_KEY and HQ_API_SECRET for a site that the files call HQ. */
  ExampleTest site(String name, StandInSite site) {
    return set(name + "_URL", site.url())
        .set(name + "_API_KEY", site.apiKey())
        .set(name + "_API_SECRET", site.apiSecret());
  }

  ExampleTest set(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Starts the example of this folder; nothing goes by the clock. */
  Application start(String folder) {
    project(folder);
    assertThat(run("validate")).as(out()).isEqualTo(Command.DONE);
    Project read = Project.read(project);
    try {
      application =
          Application.start(
              database.database(),
              new Application.Plan(
                  project,
                  read.configuration().settings(),
                  read.configuration().others(),
                  read.producers(),
                  read.doctypes(),
                  read.mappings(),
                  clock,
                  false,
                  false,
                  false));
      return application;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void project(String folder) {
    Path example = Path.of("examples", folder);
    try (Stream<Path> files = Files.walk(example)) {
      String readme = Files.readString(example.resolve("README.md"));
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = example.relativize(file).toString();
        file(name, name.equals("README.md") ? readme : filledIn(name, Files.readString(file)));
      }
      assertThat(environment.keySet())
          .allSatisfy(variable -> assertThat(readme).as("its README.md").contains(variable));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String filledIn(String file, String text) {
    return VARIABLE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(value(file, found)));
  }

  private String value(String file, MatchResult found) {
    String variable = found.group(1);
    String value = environment.get(variable);
    assertThat(value).as("%s, which %s names", variable, file).isNotNull();
    if (!variable.endsWith("_API_KEY") && !variable.endsWith("_API_SECRET")) {
      return String.valueOf(value);
    }
    String secret = "secrets/" + variable;
    file(secret, String.valueOf(value));
    return "{{file:%s}}".formatted(project.resolve(secret));
  }

  /** A document or a DocType, written with single quotes. */
  static ObjectNode json(String singleQuoted) {
    try {
      return (ObjectNode) DocumentJson.MAPPER.readTree(singleQuoted.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(singleQuoted, e);
    }
  }

  /** A DocType; fields are written {@code name:type:options}, the last two may be missing. */
  static ObjectNode doctype(String name, String properties, String... fields) {
    ObjectNode doctype = json("{'doctype': 'DocType', %s}".formatted(properties)).put("name", name);
    for (String field : fields) {
      List<String> parts = List.of(field.split(":", -1));
      ObjectNode added =
          doctype
              .withArray("fields")
              .addObject()
              .put("fieldname", parts.get(0))
              .put("label", parts.get(0))
              .put("fieldtype", parts.size() > 1 ? parts.get(1) : "Data");
      if (parts.size() > 2) {
        added.put("options", parts.get(2));
      }
    }
    return doctype;
  }

  static List<String> texts(List<ObjectNode> documents, String field) {
    return documents.stream().map(one -> one.path(field).asText()).sorted().toList();
  }
}
