package org.eventstreaming.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.eventstreaming.main.ProjectRoutes;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.TestDatabase;
import org.junit.jupiter.api.io.TempDir;

/** A project directory of its own, and what commands run in it print. */
abstract class CommandLineTest {
  @TempDir Path project;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> environment = new HashMap<>();

  /** Runs a command in the project; what earlier ones printed is forgotten. */
  int run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "-C";
    all[1] = project.toString();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return runAnywhere(all);
  }

  int runAnywhere(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Command.run(environment, new PrintWriter(out), new PrintWriter(err), arguments);
  }

  /** Sets an environment variable for commands that ask for one by name. */
  CommandLineTest variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  CommandLineTest file(String name, String text) {
    try {
      Path file = project.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CommandLineTest settings(TestDatabase database, String... others) {
    return file(
        "config/application.properties",
        """
        eventstreaming.database.url=%s
        eventstreaming.database.user=postgres
        eventstreaming.http.port=0
        eventstreaming.management.port=0
        %s
        """
            .formatted(database.databaseSettings().url(), String.join("\n", others)));
  }

  CommandLineTest following(StandInSite site, String... doctypes) {
    StringBuilder rows = new StringBuilder();
    for (String doctype : doctypes) {
      rows.append("  - ref_doctype: ").append(doctype).append("\n    use_same_name: 1\n");
    }
    file("secret", site.apiSecret());
    return file(
        "producers/site.yaml",
        """
        producer_url: %s
        user: Administrator
        api_key: %s
        api_secret: "{{file:%s}}"
        producer_doctypes:
        %s"""
            .formatted(site.url(), site.apiKey(), project.resolve("secret"), rows));
  }

  String textOf(String name) {
    try {
      return Files.readString(project.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A further key in the file that {@link #following} wrote. */
  CommandLineTest alsoInProducerFile(String key) {
    try {
      Files.writeString(
          project.resolve("producers/site.yaml"), key + "\n", StandardOpenOption.APPEND);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The routes of the jar, as the project's own. */
  CommandLineTest ownRoutes() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("routes"))) {
      for (Path file : files) {
        file("routes/" + file.getFileName(), Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** The component that the build keeps for this, in the project's {@code lib/}. */
  CommandLineTest lib() {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of("target/test-lib"))) {
      Files.createDirectories(project.resolve("lib"));
      for (Path jar : jars) {
        Files.copy(jar, project.resolve("lib").resolve(jar.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** A file of the jar with one change, which replaces it. */
  CommandLineTest route(String name, String from, String to) {
    String text = ProjectRoutes.copy(name + ".camel.yaml").text();
    if (!text.contains(from)) {
      throw new IllegalArgumentException(name + " does not hold " + from);
    }
    return file("routes/" + name + ".camel.yaml", text.replace(from, to));
  }
}
