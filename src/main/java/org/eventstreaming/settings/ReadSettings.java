package org.eventstreaming.settings;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eventstreaming.files.Nearest;
import org.eventstreaming.files.Place;
import org.eventstreaming.files.Placeholders;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ProjectFiles;

/**
 * Reads the settings: a system property beats the environment, which beats {@code
 * config/application.properties}, which beats the default. What is left empty is not set.
 */
public final class ReadSettings {
  private static final String OWN = "eventstreaming.";
  private static final String OWN_VARIABLE = "EVENTSTREAMING_";
  static final Path FILE = Path.of("config", "application.properties");
  private static final Path MISPLACED = Path.of("application.properties");
  private static final Path ENVIRONMENT = Path.of("environment");
  private static final Path SYSTEM_PROPERTIES = Path.of("system properties");

  private final Path project;
  private final Map<String, String> environment;
  private final Map<String, String> systemProperties;
  private final ProjectFiles files;
  private final Placeholders placeholders;

  public ReadSettings(
      Path project, Map<String, String> environment, Map<String, String> systemProperties) {
    this.project = project;
    this.environment = Map.copyOf(environment);
    this.systemProperties = Map.copyOf(systemProperties);
    this.files = new ProjectFiles(project);
    this.placeholders = new Placeholders(project, environment);
  }

  /** A text, where it stands and what it is called there. */
  private record Written(Path file, Place place, String name, String text) {}

  /**
   * The settings; the defaults where nothing is configured, for the file is optional.
   *
   * @throws org.eventstreaming.files.FilesRefused with everything that is wrong
   */
  public Configuration read() {
    var problems = new Problems();
    var configuration = read(problems);
    problems.refuseIfAny();
    return configuration;
  }

  /** The same, with the defaults in the place of what is wrong. */
  public Configuration read(Problems problems) {
    var others = new LinkedHashMap<String, String>();
    var written = new HashMap<Setting, Written>();
    if (files.exists(FILE.toString())) {
      files.text(FILE, problems).ifPresent(text -> file(text, written, others, problems));
    }
    refuseMisplaced(problems);
    environment(written, problems);
    systemProperties(written, problems);

    var settings = Settings.defaults(project);
    for (var setting : Setting.values()) {
      settings = change(settings, setting, written, problems);
    }
    return new Configuration(settings, others);
  }

  /** A file of settings beside the directory {@code config} would be ignored in silence. */
  private void refuseMisplaced(Problems problems) {
    if (!files.exists(MISPLACED.toString())) {
      return;
    }
    files
        .text(MISPLACED, problems)
        .flatMap(
            text ->
                PropertiesText.lines(text, (place, wrong) -> {}).stream()
                    .filter(line -> line.key().startsWith(OWN))
                    .findFirst())
        .ifPresent(
            line ->
                problems.add(
                    MISPLACED,
                    line.keyPlace(),
                    "settings are read from config/application.properties only: move this file there"));
  }

  private static void file(
      String text, Map<Setting, Written> written, Map<String, String> others, Problems problems) {
    var lines = PropertiesText.lines(text, (place, wrong) -> problems.add(FILE, place, wrong));
    var lineOfKey = new HashMap<String, Integer>();
    for (var line : lines) {
      var setting = Setting.of(line.key());
      if (setting.isEmpty()) {
        var slip = Nearest.within(2, line.key(), Setting.properties());
        if (line.key().startsWith(OWN) || slip.isPresent()) {
          problems.add(FILE, line.keyPlace(), unknown(line.key()));
        } else {
          others.put(line.key(), line.value());
        }
        continue;
      }
      var first = lineOfKey.putIfAbsent(line.key(), line.keyPlace().line());
      if (first != null) {
        problems.add(FILE, line.keyPlace(), line.key() + " appears twice: first in line " + first);
      } else if (!line.value().isBlank()) {
        written.put(setting.get(), new Written(FILE, line.valuePlace(), line.key(), line.value()));
      }
    }
  }

  private void environment(Map<Setting, Written> written, Problems problems) {
    for (var variable : new TreeMap<>(environment).entrySet()) {
      var name = variable.getKey();
      // others may be what placeholders of producers ask for
      if (name.startsWith(OWN_VARIABLE) && !Setting.variables().contains(name)) {
        Nearest.within(2, name, Setting.variables())
            .ifPresent(
                near ->
                    problems.add(
                        ENVIRONMENT,
                        Place.NONE,
                        "unknown setting %s: did you mean %s?".formatted(name, near)));
      }
    }
    for (var setting : Setting.values()) {
      var name = setting.variable();
      set(
          setting,
          new Written(ENVIRONMENT, Place.NONE, name, environment.getOrDefault(name, "")),
          written);
    }
  }

  private void systemProperties(Map<Setting, Written> written, Problems problems) {
    for (var name : new TreeMap<>(systemProperties).keySet()) {
      if (name.startsWith(OWN) && Setting.of(name).isEmpty()) {
        problems.add(SYSTEM_PROPERTIES, Place.NONE, unknown(name));
      }
    }
    for (var setting : Setting.values()) {
      var name = setting.property();
      set(
          setting,
          new Written(SYSTEM_PROPERTIES, Place.NONE, name, systemProperties.getOrDefault(name, "")),
          written);
    }
  }

  private static void set(Setting setting, Written written, Map<Setting, Written> all) {
    if (!written.text().isBlank()) {
      all.put(setting, written);
    }
  }

  private static String unknown(String key) {
    return "unknown setting %s: ".formatted(key)
        + Nearest.to(key, Setting.properties())
            .map(near -> "did you mean " + near + "?")
            .orElse("allowed are " + String.join(", ", Setting.properties()));
  }

  private Settings change(
      Settings settings, Setting setting, Map<Setting, Written> all, Problems problems) {
    var written = all.get(setting);
    if (written == null) {
      return settings;
    }
    var text = text(written, setting, problems);
    if (text.isEmpty()) {
      return settings;
    }
    try {
      return setting.change(settings, text.get());
    } catch (IllegalArgumentException wrong) {
      refuse(String.valueOf(wrong.getMessage()), text.get(), written, all, problems);
      return settings;
    }
  }

  private Optional<String> text(Written written, Setting setting, Problems problems) {
    return placeholders
        .resolve(
            written.text(),
            wrong -> problems.add(written.file(), written.place(), written.name() + ": " + wrong))
        // a password may begin or end with a space
        .map(text -> setting == Setting.DATABASE_PASSWORD ? text : text.strip())
        .filter(text -> !text.isEmpty());
  }

  private static void refuse(
      String message, String text, Written written, Map<Setting, Written> all, Problems problems) {
    // settings that check themselves begin with a name, which may be another's than what was
    // changed
    var space = Math.max(0, message.indexOf(' '));
    var named = Setting.of(message.substring(0, space));
    var at = named.map(all::get).orElse(written);
    var rule =
        named.isPresent() && all.containsKey(named.get())
            ? at.name() + message.substring(space)
            : named.isPresent() ? message : at.name() + " " + message;
    // what a placeholder put in is shown as the placeholder
    var shown = written.text().contains("{{") ? rule.replace(text, written.text()) : rule;
    problems.add(at.file(), at.place(), shown);
  }
}
