package org.eventstreaming.doctype;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.eventstreaming.files.MarkedFile;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ProjectFiles;
import org.eventstreaming.files.ReadMarkedFile;

/**
 * Reads the DocType definitions of {@code doctypes/}, in Frappe's own JSON form: a DocType
 * document, a list of them, or the answer of {@code getdoctype} or {@code /api/resource/DocType/…}.
 * Keys that streaming does not need are passed over.
 */
public final class ReadDocTypeFiles {
  private static final String DIRECTORY = "doctypes";

  private final ProjectFiles files;
  private final ReadMarkedFile readFile;

  public ReadDocTypeFiles(Path project) {
    this.files = new ProjectFiles(project);
    this.readFile = new ReadMarkedFile(files);
  }

  /**
   * The definitions by name; none where the directory is missing or empty, for definitions are
   * optional.
   *
   * @throws org.eventstreaming.files.FilesRefused with the problems of all files
   */
  public Map<String, DocType> read() {
    var docTypes = new LinkedHashMap<String, DocType>();
    if (!files.exists(DIRECTORY)) {
      return Map.of();
    }
    var problems = new Problems();
    var fileOfName = new HashMap<String, Path>();
    for (var path : files.in(DIRECTORY, problems)) {
      readFile
          .read(path, problems)
          .ifPresent(file -> new OneFile(file, problems).into(docTypes, fileOfName));
    }
    problems.refuseIfAny();
    return Collections.unmodifiableMap(docTypes);
  }

  /** One file on its way to the DocTypes in it. */
  private static final class OneFile {
    private final MarkedFile file;
    private final Problems problems;

    OneFile(MarkedFile file, Problems problems) {
      this.file = file;
      this.problems = problems;
    }

    void into(Map<String, DocType> docTypes, Map<String, Path> fileOfName) {
      for (var at : documents()) {
        docType(at)
            .ifPresent(
                docType -> {
                  var other = docTypes.putIfAbsent(docType.name(), docType);
                  // the answers of getdoctype for two documents repeat the child tables they share
                  if (other != null && !other.equals(docType)) {
                    refuse(
                        at.appendProperty("name"),
                        "the DocType %s is defined otherwise in %s"
                            .formatted(
                                docType.name(),
                                String.valueOf(fileOfName.get(docType.name())).replace('\\', '/')));
                  }
                  fileOfName.putIfAbsent(docType.name(), file.file());
                });
      }
    }

    private List<JsonPointer> documents() {
      var root = file.root();
      if (root.path("docs").isArray()) {
        return rows(JsonPointer.compile("/docs"));
      }
      if (root.path("data").isObject()) {
        return List.of(JsonPointer.compile("/data"));
      }
      return root.isArray() ? rows(JsonPointer.empty()) : List.of(JsonPointer.empty());
    }

    private List<JsonPointer> rows(JsonPointer at) {
      return IntStream.range(0, file.root().at(at).size()).mapToObj(at::appendIndex).toList();
    }

    private Optional<DocType> docType(JsonPointer at) {
      var document = file.root().at(at);
      if (!document.isObject()) {
        refuse(at, "must be a DocType: keys with values");
        return Optional.empty();
      }
      var kind = document.path("doctype");
      if (!kind.isMissingNode() && !kind.asText().equals("DocType")) {
        refuse(
            at.appendProperty("doctype"),
            "must be a DocType, is a document of the type '%s'".formatted(kind.asText()));
        return Optional.empty();
      }
      var name = required(at, "name");
      var autoname = optional(at, "autoname");
      var istable = isOn(at.appendProperty("istable"));
      var issingle = isOn(at.appendProperty("issingle"));
      var isVirtual = isOn(at.appendProperty("is_virtual"));
      var fields = fields(at.appendProperty("fields"));
      return name.map(
          text -> new DocType(text, istable, issingle, isVirtual, autoname.orElse(null), fields));
    }

    private List<DocField> fields(JsonPointer at) {
      if (!file.root().at(at).isArray()) {
        refuse(at, missing(at) ? "the key fields is missing" : "fields must be a list");
        return List.of();
      }
      var fields = new ArrayList<DocField>();
      for (var row : rows(at)) {
        if (!file.root().at(row).isObject()) {
          refuse(row, "a field must be keys with values");
        } else if (optional(row, "fieldname").isPresent()) {
          var fieldname = required(row, "fieldname");
          var fieldtype = required(row, "fieldtype");
          var options = optional(row, "options");
          var isVirtual = isOn(row.appendProperty("is_virtual"));
          fieldtype.ifPresent(
              type ->
                  fields.add(
                      new DocField(
                          fieldname.orElseThrow(),
                          type,
                          options.orElse(null),
                          isVirtual ? Set.of(DocField.Trait.IS_VIRTUAL) : Set.of(),
                          file.root().at(row.appendProperty("permlevel")).asInt())));
        }
      }
      return fields;
    }

    private Optional<String> required(JsonPointer holder, String key) {
      var at = holder.appendProperty(key);
      if (missing(at)) {
        refuse(at, "the key " + key + " is missing");
        return Optional.empty();
      }
      var text = optional(holder, key);
      if (text.isEmpty() && isEmpty(file.root().at(at))) {
        refuse(at, key + " has no value");
      }
      return text;
    }

    private Optional<String> optional(JsonPointer holder, String key) {
      var at = holder.appendProperty(key);
      var value = file.root().at(at);
      if (isEmpty(value)) {
        return Optional.empty();
      }
      if (!value.isTextual()) {
        refuse(at, key + " must be text" + (value.isNumber() ? ": put the number in quotes" : ""));
        return Optional.empty();
      }
      return Optional.of(value.textValue());
    }

    private boolean isOn(JsonPointer at) {
      var value = file.root().at(at);
      if (isEmpty(value)) {
        return false;
      }
      var on = value.asInt(-1) == 1 || value.booleanValue();
      if (!on && !(value.isNumber() && value.asInt() == 0) && !value.isBoolean()) {
        refuse(at, at.last().getMatchingProperty() + " must be 0 or 1");
      }
      return on;
    }

    private boolean missing(JsonPointer at) {
      return file.root().at(at).isMissingNode();
    }

    private static boolean isEmpty(JsonNode value) {
      return value.isMissingNode()
          || value.isNull()
          || (value.isTextual() && value.textValue().isBlank());
    }

    private void refuse(JsonPointer at, String message) {
      problems.add(file.file(), file.value(at), message);
    }
  }
}
