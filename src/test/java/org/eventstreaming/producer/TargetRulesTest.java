package org.eventstreaming.producer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eventstreaming.files.FileSchema;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ReadMarkedFile;
import org.eventstreaming.producer.TargetRules.Contents;
import org.eventstreaming.producer.TargetRules.Rows;
import org.eventstreaming.producer.TargetRules.Rule;
import org.eventstreaming.producer.TargetRules.Switch;
import org.junit.jupiter.api.Test;

/** What an application does to documents is data, of which a later row overrides an earlier one. */
class TargetRulesTest {
  private static final Set<String> POSTED = Set.of("posting_date", "posting_time");

  @Test
  void the_rules_for_erpnext_come_along() {
    TargetRules rules = TargetRules.shipped();

    assertThat(rules.of("Sales Invoice").send()).containsOnlyKeys("set_posting_time");
    assertThat(rules.of("Sales Invoice").send().values())
        .singleElement()
        .isEqualTo(new Switch(LongNode.valueOf(1), POSTED));
    assertThat(rules.of("Delivery Note Item").rowReferences()).contains("so_detail", "dn_detail");
    assertThat(rules.of("Serial and Batch Bundle").madeBySite()).isTrue();
    assertThat(rules.of("Sales Invoice").madeBySite()).isFalse();
    assertThat(rules.of("Serial No").setBySite()).containsExactlyInAnyOrder("status", "warehouse");
    assertThat(rules.of("Batch").setBySite()).containsExactly("batch_qty");
    assertThat(rules.of("Task").setBySite()).containsExactly("depends_on_tasks");
    assertThat(rules.of("Journal Entry").setBySite()).containsExactly("remark");
    assertThat(rules.of("Payment Entry").setBySite()).isEmpty();
    assertThat(rules.of("Payment Entry").setUnless())
        .isEqualTo(Map.of("remarks", "custom_remarks"));
    assertThat(rules.of("Sales Order").setBySite()).contains("per_billed");
    assertThat(rules.of("Purchase Order").setBySite()).contains("per_billed");
    assertThat(rules.of("Timesheet").setBySite()).contains("per_billed");
    assertThat(rules.of("Material Request").beginsAsDraft()).isTrue();
    assertThat(rules.of("Sales Order").beginsAsDraft()).isFalse();
    assertThat(rules.of("Never Heard Of")).isEqualTo(Rule.NONE);
  }

  @Test
  void each_shipped_row_says_where_it_comes_from_and_names_fields_alone() throws IOException {
    List<String> faults = new ArrayList<>();
    JsonNode rows = shipped().path("rules");

    for (JsonNode row : rows) {
      String doctype = row.path("doctype").asText();
      String seen = row.path("seen").asText("");
      if (seen.isBlank() || seen.matches("[A-Z_]+") || !seen.matches(".*\\d+\\.\\d+\\.\\d+.*")) {
        faults.add(doctype + ": seen is '" + seen + "'");
      }
      Set<String> fields =
          new HashSet<>(row.path("send").properties().stream().map(Map.Entry::getKey).toList());
      row.path("keeps").forEach(field -> fields.add(field.asText()));
      row.path("row_references").forEach(field -> fields.add(field.asText()));
      row.path("set_by_site").forEach(field -> fields.add(field.asText()));
      row.path("contents_of")
          .properties()
          .forEach(
              link -> {
                fields.add(link.getKey());
                link.getValue()
                    .path("fields")
                    .properties()
                    .forEach(
                        field -> {
                          fields.add(field.getKey());
                          fields.add(field.getValue().asText());
                        });
              });
      fields.stream()
          .filter(field -> !field.matches("[a-z][a-z0-9_]*"))
          .forEach(field -> faults.add(doctype + ": " + field + " is no fieldname"));
      if (row.has("unless")) {
        fields.add(row.path("unless").asText());
      }
      if (fields.isEmpty()
          && !row.path("made_by_site").asBoolean()
          && row.path("made_with").isEmpty()) {
        faults.add(doctype + ": says nothing");
      }
    }

    assertThat(rows).hasSizeGreaterThan(60);
    assertThat(faults).isEmpty();
  }

  @Test
  void the_shipped_file_has_the_form_of_the_rules_of_a_site_file() throws IOException {
    Problems problems = new Problems();
    String text =
        """
        url: https://branch.example.com
        user: stream@example.com
        api_key: abc
        api_secret: "{{env:BRANCH_SECRET}}"
        """
            + text();

    var file = ReadMarkedFile.ofText(Path.of("site.yaml"), text, problems).orElseThrow();
    FileSchema.named("site-1.json").check(file, JsonPointer.empty(), problems);

    assertThat(problems.count()).isZero();
  }

  @Test
  void a_later_row_replaces_the_switch_of_its_field_and_null_takes_it_away() throws IOException {
    TargetRules rules =
        TargetRules.shipped()
            .with(
                json(
                    "[{'doctype': 'Sales Invoice', 'send': {'set_posting_time': 'yes'}, 'keeps': ['due_date']},"
                        + "{'doctype': 'Sales Invoice', 'send': {'update_stock': true}},"
                        + "{'doctype': 'Stock Entry', 'send': {'set_posting_time': null}},"
                        + "{'doctype': 'My Voucher', 'send': {'never_there': null}}]"));

    assertThat(rules.of("Sales Invoice").send())
        .isEqualTo(
            Map.of(
                "set_posting_time", new Switch(TextNode.valueOf("yes"), Set.of("due_date")),
                "update_stock", new Switch(BooleanNode.TRUE, Set.of())));
    assertThat(rules.of("Stock Entry").send()).isEmpty();
    assertThat(rules.of("My Voucher").send()).isEmpty();
    assertThat(rules.of("Purchase Invoice"))
        .isEqualTo(TargetRules.shipped().of("Purchase Invoice"));
  }

  @Test
  void row_references_add_up_and_made_by_site_can_be_taken_back() throws IOException {
    TargetRules rules =
        TargetRules.shipped()
            .with(
                json(
                    "[{'doctype': 'Packed Item', 'row_references': ['my_row', 'parent_detail_docname']},"
                        + "{'doctype': 'Packed Item', 'made_by_site': true},"
                        + "{'doctype': 'Serial and Batch Bundle', 'made_by_site': false}]"));

    assertThat(rules.of("Packed Item").rowReferences())
        .containsExactlyInAnyOrder("parent_detail_docname", "my_row");
    assertThat(rules.of("Packed Item").madeBySite()).isTrue();
    assertThat(rules.of("Serial and Batch Bundle").madeBySite()).isFalse();
  }

  @Test
  void fields_that_the_site_sets_add_up_with_and_without_a_field_that_says_otherwise()
      throws IOException {
    TargetRules rules =
        TargetRules.NONE.with(
            json(
                "[{'doctype': 'My Voucher', 'set_by_site': ['note', 'title'], 'unless': 'own_words'},"
                    + "{'doctype': 'My Voucher', 'set_by_site': ['total']},"
                    + "{'doctype': 'My Voucher', 'set_by_site': ['title'], 'unless': 'own_title'}]"));

    assertThat(rules.of("My Voucher").setBySite()).containsExactly("total");
    assertThat(rules.of("My Voucher").setUnless())
        .isEqualTo(Map.of("note", "own_words", "title", "own_title"));
  }

  @Test
  void a_later_row_says_otherwise_what_a_linked_document_holds_and_null_takes_it_away()
      throws IOException {
    TargetRules rules =
        TargetRules.shipped()
            .with(
                json(
                    "[{'doctype': 'Packed Item', 'contents_of': {'serial_and_batch_bundle': null}},"
                        + "{'doctype': 'My Row', 'contents_of': {'lots': {'doctype': 'Lots', 'rows': 'Lot', 'fields': {'lot': 'name'}}}},"
                        + "{'doctype': 'My Row', 'send': {'is_lot': 1}}]"));

    assertThat(rules.of("Delivery Note Item").contents())
        .containsExactly(
            new Contents(
                "serial_and_batch_bundle",
                new Rows("Serial and Batch Entry", "Serial and Batch Bundle"),
                Map.of("serial_no", "serial_no", "batch_no", "batch_no")));
    assertThat(rules.of("Packed Item").contents()).isEmpty();
    assertThat(rules.of("My Row").contents())
        .containsExactly(new Contents("lots", new Rows("Lot", "Lots"), Map.of("lot", "name")));
  }

  private static JsonNode shipped() throws IOException {
    Problems problems = new Problems();
    JsonNode root =
        ReadMarkedFile.ofText(Path.of("erpnext.yaml"), text(), problems).orElseThrow().root();
    problems.refuseIfAny();
    return root;
  }

  private static String text() throws IOException {
    try (InputStream in = TargetRulesTest.class.getResourceAsStream("/targets/erpnext.yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JsonNode json(String singleQuoted) throws IOException {
    return new ObjectMapper().readTree(singleQuoted.replace('\'', '"'));
  }
}
