package org.eventstreaming.producer;

import com.fasterxml.jackson.core.JsonPointer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eventstreaming.files.Problem;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ProjectFiles;
import org.eventstreaming.files.ReadMarkedFile;

/** Finds keys of Event Producer files by names that they had before; they are read all the same. */
public final class FormerKeys {
  static final String COMPARE = "diff";

  private final ProjectFiles files;

  public FormerKeys(Path project) {
    this.files = new ProjectFiles(project);
  }

  /** A warning for each. */
  public List<Problem> find() {
    List<Problem> found = new ArrayList<>();
    if (!files.exists(ReadProducerFiles.DIRECTORY)) {
      return found;
    }
    // files that cannot be read are refused by whoever needs them
    Problems unread = new Problems();
    for (Path path : files.in(ReadProducerFiles.DIRECTORY, unread)) {
      new ReadMarkedFile(files)
          .read(path, unread)
          .ifPresent(
              file -> {
                JsonPointer base =
                    file.root().isArray() ? JsonPointer.compile("/0") : JsonPointer.empty();
                JsonPointer key = base.appendProperty(COMPARE);
                if (!file.root().at(key).isMissingNode()) {
                  found.add(
                      Problem.at(
                          file.file(),
                          file.key(key),
                          "diff is called compare now: rename the key"));
                }
              });
    }
    return found;
  }
}
