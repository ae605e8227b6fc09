package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;

class ExportTest extends CommandLineTest {
  private static final String OURS =
      """
      mapping_name: Order
      local_doctype: Sales Order
      remote_doctype: Shop Order
      unmapped_fields: drop
      before: {language: jsonata, text: $}
      field_mapping:
        - {local_fieldname: title, remote_fieldname: subject}
        - local_fieldname: currency
          remote_fieldname: cur
          value_map: {"$": USD}
          value_map_missing: fail
        - {local_fieldname: total, jsonpath: $.total, type: Currency, on_error: skip}
        - {local_fieldname: is_new, default_value: true, when: doc.total > 0}
        - {local_fieldname: qty, default_value: 1}
      ---
      mapping_name: Plain
      local_doctype: A
      remote_doctype: B
      unmapped_fields: keep
      field_mapping: [{local_fieldname: a, default_value: true, on_error: fail}]
      """;

  @Test
  void a_mapping_is_exported_as_a_document_that_frappe_imports() {
    file(
        "mappings/issue.yaml",
        """
        mapping_name: Issue
        local_doctype: Issue
        remote_doctype: Ticket
        unmapped_fields: keep
        field_mapping:
          - local_fieldname: customer
            remote_fieldname: account
            mapping_type: Document
            mapping: Customer
            remote_value_filters: {account_name: account}
          - {local_fieldname: qty, default_value: 1}
        """);
    file(
        "mappings/customer.yaml",
        """
        mapping_name: Customer
        local_doctype: Customer
        remote_doctype: Account
        unmapped_fields: keep
        field_mapping: [{local_fieldname: customer_name, remote_fieldname: name}]
        """);

    assertThat(run("export", "mappings/issue.yaml")).isEqualTo(Command.DONE);

    assertThat(Rows.parsed(out()))
        .isEqualTo(
            Rows.parsed(
                """
                [{"doctype": "Document Type Mapping", "name": "Issue", "mapping_name": "Issue",
                  "local_doctype": "Issue", "remote_doctype": "Ticket", "field_mapping": [
                    {"doctype": "Document Type Field Mapping", "idx": 1,
                     "local_fieldname": "customer", "remote_fieldname": "account",
                     "mapping_type": "Document", "mapping": "Customer",
                     "remote_value_filters": "{\\"account_name\\":\\"account\\"}"},
                    {"doctype": "Document Type Field Mapping", "idx": 2, "local_fieldname": "qty",
                     "default_value": "1"}]}]
                """));
    assertThat(err()).isEmpty();
    assertThat(run("export")).isEqualTo(Command.DONE);
    assertThat(Rows.parsed(out())).hasSize(2);
    assertThat(run("export", "issue.yaml")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("issue.yaml is not a file in ");
  }

  @Test
  void a_mapping_that_frappe_cannot_hold_is_refused_with_each_reason_and_its_place() {
    file("mappings/order.yaml", OURS);

    assertThat(run("export")).isEqualTo(Command.SOME_FAILED);

    assertThat(err().lines())
        .containsExactly(
            "mappings/order.yaml:4:1: unmapped_fields is drop: in Frappe all fields stay that no"
                + " row names, as with keep",
            "mappings/order.yaml:5:1: Frappe has no before",
            "mappings/order.yaml:10:5: row 2 (currency): Frappe has no value_map",
            "mappings/order.yaml:12:30: row 3 (total): Frappe has no jsonpath",
            "mappings/order.yaml:12:49: row 3 (total): Frappe has no type",
            "mappings/order.yaml:12:65: row 3 (total): Frappe has no on_error",
            "mappings/order.yaml:13:52: row 4 (is_new): Frappe has no when",
            "'Order' is not exported: Frappe cannot hold all of it. --lossy leaves out the rows and"
                + " keys printed above.");
    assertThat(Rows.parsed(out()).findValuesAsText("mapping_name")).containsExactly("Plain");
    assertThat(out()).contains("\"default_value\" : \"1\"");
  }

  @Test
  void lossy_leaves_out_what_frappe_cannot_hold() {
    file("mappings/order.yaml", OURS);

    assertThat(run("export", "--lossy")).isEqualTo(Command.DONE);

    assertThat(Rows.parsed(out()).path(0).findValuesAsText("local_fieldname"))
        .containsExactly("title", "qty");
    assertThat(err()).contains("row 4 (is_new): Frappe has no when, left out");
  }

  @Test
  void without_a_word_unmapped_fields_is_known_and_so_not_as_in_frappe() {
    file("mappings/export.json", ImportTest.export().toString());

    assertThat(run("export")).isEqualTo(Command.SOME_FAILED);

    assertThat(err())
        .startsWith("mappings/export.json:1:2: unmapped_fields is known by default: in Frappe ");
    assertThat(Rows.parsed(out())).isEmpty();
  }

  @Test
  void a_file_is_written_into_the_directory_and_overwritten_only_by_force() {
    file("mappings/order.yaml", OURS);
    String fixtures = project.resolve("app/fixtures").toString();

    assertThat(run("export", "--lossy", "--to", fixtures)).isEqualTo(Command.DONE);
    assertThat(out()).contains("document_type_mapping.json holds 2 mapping(s)");
    assertThat(run("export", "--lossy", "--to", fixtures)).isEqualTo(Command.DONE);
    assertThat(run("export", "--to", fixtures)).isEqualTo(Command.SOME_FAILED);
    assertThat(err()).contains("was not written: it has other content");
    assertThat(read("app/fixtures/document_type_mapping.json")).hasSize(2);
    file("mappings/order.yaml", OURS.substring(OURS.indexOf("mapping_name: Plain")));
    assertThat(run("export", "--to", fixtures, "--force")).isEqualTo(Command.DONE);
    assertThat(read("app/fixtures/document_type_mapping.json")).hasSize(1);
  }

  @Test
  void what_a_site_has_comes_back_as_it_was_when_it_is_imported_and_exported() {
    imported(ImportTest.export());

    assertThat(run("export")).isEqualTo(Command.DONE);

    assertThat(held(Rows.parsed(out()))).isEqualTo(held(ImportTest.export()));
  }

  @Test
  void what_is_exported_and_imported_is_the_same_file_again() {
    imported(ImportTest.export());
    Map<String, String> files = mappings();
    run("export");
    JsonNode exported = Rows.parsed(out());
    files.keySet().forEach(this::delete);

    imported(exported);

    assertThat(mappings()).isEqualTo(files).hasSize(2);
  }

  private void imported(JsonNode mappings) {
    try (StandInSite site = StandInSite.start(Generation.V13)) {
      mappings.forEach(mapping -> site.put("Document Type Mapping", (ObjectNode) mapping));
      variable("FRAPPE_API_KEY", site.apiKey()).variable("FRAPPE_API_SECRET", site.apiSecret());
      assertThat(run("import", "--from", site.url())).as(out()).isEqualTo(Command.DONE);
    }
  }

  /** What Frappe's two DocTypes hold of each mapping; empty and null are the same there. */
  private static Map<String, JsonNode> held(JsonNode mappings) {
    Map<String, JsonNode> held = new TreeMap<>();
    for (JsonNode mapping : mappings) {
      ObjectNode kept = only(mapping, "mapping_name", "local_doctype", "remote_doctype");
      var rows = kept.putArray("field_mapping");
      for (JsonNode row : mapping.path("field_mapping")) {
        ObjectNode keptRow =
            only(
                row,
                "local_fieldname",
                "remote_fieldname",
                "default_value",
                "mapping_type",
                "mapping");
        String filters = row.path("remote_value_filters").asText("");
        keptRow.set("remote_value_filters", Rows.parsed(filters.isEmpty() ? "null" : filters));
        rows.add(keptRow);
      }
      held.put(mapping.path("name").asText(), kept);
    }
    return held;
  }

  private static ObjectNode only(JsonNode document, String... keys) {
    ObjectNode kept = (ObjectNode) Rows.parsed("{}");
    for (String key : keys) {
      if (!document.path(key).asText("").isEmpty()) {
        kept.set(key, document.path(key));
      }
    }
    return kept;
  }

  private Map<String, String> mappings() {
    try (Stream<Path> files = Files.list(project.resolve("mappings"))) {
      List<Path> all = files.toList();
      return all.stream()
          .collect(Collectors.toMap(file -> file.getFileName().toString(), ExportTest::text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void delete(String mapping) {
    try {
      Files.delete(project.resolve("mappings").resolve(mapping));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode read(String file) {
    return Rows.parsed(text(project.resolve(file)));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
