package org.eventstreaming.doctype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.files.TestProject.refusal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eventstreaming.files.TestProject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadDocTypeFilesTest {
  private static final String TASK =
      """
      {"doctype": "DocType", "name": "Task", "istable": 0, "autoname": "TASK-.#####", "module": "Projects",
       "naming_rule": "Expression", "permissions": [{"role": "All"}],
       "fields": [
         {"fieldname": "subject", "fieldtype": "Data", "label": "Subject", "reqd": 1, "options": null},
         {"fieldtype": "Section Break"},
         {"fieldname": "project", "fieldtype": "Link", "options": "Project"}]}
      """;
  private static final DocType TASK_TYPE =
      new DocType(
          "Task",
          false,
          "TASK-.#####",
          List.of(
              new DocField("subject", "Data", null), new DocField("project", "Link", "Project")));

  @TempDir Path directory;

  @Test
  void a_doctype_document_is_read_and_what_is_not_needed_passed_over() {
    assertThat(read(TASK)).isEqualTo(Map.of("Task", TASK_TYPE));
  }

  @Test
  void a_list_the_answer_of_getdoctype_and_that_of_a_get_are_read() {
    var row = TASK.replace("Task", "Row").replace("\"istable\": 0", "\"istable\": true");

    assertThat(read("[" + TASK + "]")).isEqualTo(Map.of("Task", TASK_TYPE));
    assertThat(read("{\"docs\": [" + TASK + "," + row + "], \"user_settings\": \"{}\"}"))
        .containsOnlyKeys("Task", "Row")
        .extractingByKey("Row")
        .matches(DocType::istable);
    assertThat(read("{\"data\": " + TASK + "}")).isEqualTo(Map.of("Task", TASK_TYPE));
  }

  @Test
  void yaml_is_read_too() {
    new TestProject(directory)
        .with("doctypes/tag.yaml", "name: Tag\nfields:\n  - {fieldname: a, fieldtype: Data}\n");

    assertThat(new ReadDocTypeFiles(directory).read())
        .isEqualTo(
            Map.of(
                "Tag", new DocType("Tag", false, null, List.of(new DocField("a", "Data", null)))));
  }

  @Test
  void without_the_directory_nothing_is_known() {
    assertThat(new ReadDocTypeFiles(directory).read()).isEmpty();
  }

  @Test
  void what_is_read_can_be_asked_for_by_name() {
    var docTypes = DocTypes.of(read(TASK));

    assertThat(docTypes.find("Task")).contains(TASK_TYPE);
    assertThat(docTypes.find("Note")).isEmpty();
  }

  @Test
  void the_same_definition_in_two_files_is_one() {
    new TestProject(directory).with("doctypes/b.json", TASK);

    assertThat(read(TASK)).isEqualTo(Map.of("Task", TASK_TYPE));
  }

  @Test
  void two_definitions_of_one_type_are_refused() {
    new TestProject(directory).with("doctypes/b.json", TASK.replace("Link", "Data"));

    assertThat(refused(TASK))
        .containsExactly(
            "doctypes/b.json:1:32: the DocType Task is defined otherwise in doctypes/a.json");
  }

  @Test
  void what_is_no_doctype_is_refused() {
    assertThat(refused("[{\"doctype\": \"Customer\"}, 3]"))
        .containsExactly(
            "doctypes/a.json:1:14: must be a DocType, is a document of the type 'Customer'",
            "doctypes/a.json:1:27: must be a DocType: keys with values");
  }

  @Test
  void each_wrong_value_is_reported_with_its_place() {
    assertThat(
            refused(
                """
                {"name": "", "istable": "yes", "autoname": 1,
                 "fields": [
                  {"fieldname": "a"},
                  {"fieldname": "b", "fieldtype": 2, "options": ["x"]},
                  "c"]}
                """))
        .containsExactly(
            "doctypes/a.json:1:10: name has no value",
            "doctypes/a.json:1:25: istable must be 0 or 1",
            "doctypes/a.json:1:44: autoname must be text: put the number in quotes",
            "doctypes/a.json:3:3: the key fieldtype is missing",
            "doctypes/a.json:4:35: fieldtype must be text: put the number in quotes",
            "doctypes/a.json:4:49: options must be text",
            "doctypes/a.json:5:3: a field must be keys with values");
  }

  @Test
  void a_definition_without_name_and_fields_is_refused() {
    assertThat(refused("{}"))
        .containsExactly(
            "doctypes/a.json:1:1: the key name is missing",
            "doctypes/a.json:1:1: the key fields is missing");
  }

  private Map<String, DocType> read(String text) {
    new TestProject(directory).with("doctypes/a.json", text);
    return new ReadDocTypeFiles(directory).read();
  }

  private String[] refused(String text) {
    return refusal(() -> read(text));
  }
}
