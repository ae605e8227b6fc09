package org.eventstreaming.files;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Puts in what a text leaves to the machine it runs on: {@code {{env:NAME}}} for an environment
 * variable, {@code {{file:/path}}} for the trimmed text of a file. No message says what was put in.
 */
public final class Placeholders {
  private static final Pattern ENV = Pattern.compile("env:([A-Za-z_][A-Za-z0-9_]*)");
  private static final Pattern FILE = Pattern.compile("file:(\\S.*)");

  private final Path project;
  private final Map<String, String> environment;

  public Placeholders(Path project, Map<String, String> environment) {
    this.project = project;
    this.environment = Map.copyOf(environment);
  }

  /** The text with everything put in; empty when that cannot be, why is then said. */
  public Optional<String> resolve(String text, Consumer<String> problem) {
    var resolved = new StringBuilder();
    var at = 0;
    while (true) {
      var start = text.indexOf("{{", at);
      if (start < 0) {
        return Optional.of(resolved.append(text, at, text.length()).toString());
      }
      var end = text.indexOf("}}", start);
      if (end < 0) {
        problem.accept("a placeholder begins with {{ but does not end with }}");
        return Optional.empty();
      }
      var value = value(text.substring(start + 2, end).strip(), problem);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      resolved.append(text, at, start).append(value.get());
      at = end + 2;
    }
  }

  private Optional<String> value(String name, Consumer<String> problem) {
    var env = ENV.matcher(name);
    if (env.matches()) {
      var value = Optional.ofNullable(environment.get(env.group(1)));
      if (value.isEmpty()) {
        problem.accept("the environment variable " + env.group(1) + " is not set");
      }
      return value;
    }
    var file = FILE.matcher(name);
    if (file.matches()) {
      return content(file.group(1), problem);
    }
    problem.accept(
        "{{" + name + "}} is not a known placeholder: write {{env:NAME}} or {{file:/path}}");
    return Optional.empty();
  }

  private Optional<String> content(String path, Consumer<String> problem) {
    var problems = new Problems();
    try {
      var text = new ProjectFiles(project).text(Path.of(path), problems);
      problems.all().forEach(found -> problem.accept("the file " + path + " " + found.message()));
      return text.map(String::strip);
    } catch (InvalidPathException invalid) {
      problem.accept("{{file:" + path + "}} is not the path of a file");
      return Optional.empty();
    }
  }
}
