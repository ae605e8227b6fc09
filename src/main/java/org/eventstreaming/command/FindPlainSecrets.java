package org.eventstreaming.command;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eventstreaming.files.MarkedFile;
import org.eventstreaming.files.PlainSecret;
import org.eventstreaming.files.Problem;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ProjectFiles;
import org.eventstreaming.files.ReadMarkedFile;
import org.eventstreaming.settings.FindPlainSettings;

/** Finds secrets that stand as text in any file of a project. */
final class FindPlainSecrets {
  private static final List<String> FOLDERS = List.of("producers", "sites", "mappings", "routes");

  private final Path project;
  private final ProjectFiles files;
  private final List<Problem> found = new ArrayList<>();

  FindPlainSecrets(Path project) {
    this.project = project;
    this.files = new ProjectFiles(project);
  }

  /** None of them says what the secret is. */
  List<Problem> find() {
    found.addAll(new FindPlainSettings(project).find());
    // files that cannot be read are reported by whoever needs them
    Problems unread = new Problems();
    for (String folder : FOLDERS) {
      if (files.exists(folder)) {
        for (Path path : files.in(folder, unread)) {
          new ReadMarkedFile(files)
              .read(path, unread)
              .ifPresent(file -> look(file, JsonPointer.empty(), file.root()));
        }
      }
    }
    return found;
  }

  private void look(MarkedFile file, JsonPointer at, JsonNode value) {
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        look(file, at.appendIndex(i), value.path(i));
      }
    }
    for (Map.Entry<String, JsonNode> one : value.properties()) {
      JsonPointer pointer = at.appendProperty(one.getKey());
      JsonNode held = one.getValue();
      if ((held.isTextual() || held.isNumber())
          && PlainSecret.stands(one.getKey(), held.asText())) {
        found.add(Problem.at(file.file(), file.value(pointer), PlainSecret.warning(one.getKey())));
      }
      look(file, pointer, held);
    }
  }
}
