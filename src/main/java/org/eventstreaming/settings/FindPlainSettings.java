package org.eventstreaming.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eventstreaming.files.PlainSecret;
import org.eventstreaming.files.Problem;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ProjectFiles;

/** Finds secrets that stand in {@code config/application.properties} as text. */
public final class FindPlainSettings {
  private final ProjectFiles files;

  public FindPlainSettings(Path project) {
    this.files = new ProjectFiles(project);
  }

  /** Keys of Camel's as well as ours. */
  public List<Problem> find() {
    var found = new ArrayList<Problem>();
    if (files.exists(ReadSettings.FILE.toString())) {
      // what is wrong otherwise is reported where the settings are read
      files
          .text(ReadSettings.FILE, new Problems())
          .ifPresent(
              text ->
                  PropertiesText.lines(text, (place, wrong) -> {}).stream()
                      .filter(line -> PlainSecret.stands(line.key(), line.value()))
                      .forEach(
                          line ->
                              found.add(
                                  Problem.at(
                                      ReadSettings.FILE,
                                      line.valuePlace(),
                                      PlainSecret.warning(line.key())))));
    }
    return found;
  }
}
