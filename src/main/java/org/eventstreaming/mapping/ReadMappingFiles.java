package org.eventstreaming.mapping;

import com.fasterxml.jackson.core.JsonPointer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.files.FileSchema;
import org.eventstreaming.files.MarkedFile;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ProjectFiles;
import org.eventstreaming.files.ReadMarkedFile;

/**
 * Reads the Document Type Mappings of {@code mappings/}: a file holds one, a list of them as
 * Frappe's export has it, or several YAML documents.
 */
public final class ReadMappingFiles {
  private static final String DIRECTORY = "mappings";

  private final FileSchema schema = FileSchema.named("document-type-mapping-1.json");
  private final ProjectFiles files;
  private final ReadMarkedFile readFile;
  private final DocTypes doctypes;

  /**
   * @param doctypes the definitions that fieldnames are checked against, of types here and of the
   *     producers' types that are named otherwise; nothing is checked where one is unknown
   */
  public ReadMappingFiles(Path project, DocTypes doctypes) {
    this.files = new ProjectFiles(project);
    this.readFile = new ReadMarkedFile(files);
    this.doctypes = doctypes;
  }

  /**
   * All mappings; none where the directory is missing or empty.
   *
   * @throws org.eventstreaming.files.FilesRefused with the problems of all files
   */
  public Mappings read() {
    if (!files.exists(DIRECTORY)) {
      return Mappings.NONE;
    }
    Problems problems = new Problems();
    List<OneMapping> read = new ArrayList<>();
    for (Path path : files.in(DIRECTORY, problems)) {
      for (MarkedFile file : readFile.readAll(path, problems)) {
        for (JsonPointer base : file.documents()) {
          read.add(new OneMapping(file, base, schema, files, doctypes, problems));
        }
      }
    }
    new CheckMappings(read).check();
    problems.refuseIfAny();
    return new Mappings(read.stream().map(OneMapping::mapping).toList());
  }
}
