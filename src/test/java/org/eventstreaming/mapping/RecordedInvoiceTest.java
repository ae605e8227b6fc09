package org.eventstreaming.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.doctype.ReadDocTypeFiles;
import org.eventstreaming.document.NormalForm;
import org.eventstreaming.files.TestProject;
import org.eventstreaming.update.DocumentJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An invoice of the recorded ERPNext site, mapped with the definitions of that site. */
class RecordedInvoiceTest {
  private static final String MAPPINGS =
      """
      mapping_name: Invoice of headquarters
      local_doctype: Sales Invoice
      remote_doctype: Sales Invoice
      field_mapping:
        - local_fieldname: customer
          remote_fieldname: customer
          mapping_type: Document
          mapping: Customer of headquarters
          remote_value_filters: {customer_name: customer_name, disabled: "eval:0"}
        - {local_fieldname: company, default_value: Branch Ltd, remote_fieldname: none}
        - {local_fieldname: posting_time, remote_fieldname: posting_time, type: Time}
        - local_fieldname: remarks
          expression: {language: frappe, text: "'%s of %s' % (doc.name, doc.company)"}
        - local_fieldname: items
          remote_fieldname: items
          mapping_type: Child Table
          mapping: Invoice item of headquarters
      ---
      mapping_name: Invoice item of headquarters
      local_doctype: Sales Invoice Item
      remote_doctype: Sales Invoice Item
      field_mapping:
        - local_fieldname: item_code
          remote_fieldname: item_code
          mapping_type: Document
          mapping: Item of headquarters
          remote_value_filters: {item_code: item_code}
        - {local_fieldname: uom, constant: Pieces}
        - {local_fieldname: warehouse, default_value: Stores - B, remote_fieldname: none}
      ---
      mapping_name: Customer of headquarters
      local_doctype: Customer
      remote_doctype: Customer
      field_mapping:
        - {local_fieldname: customer_name, remote_fieldname: customer_name}
      ---
      mapping_name: Item of headquarters
      local_doctype: Item
      remote_doctype: Item
      field_mapping:
        - {local_fieldname: item_code, remote_fieldname: item_code}
      """;

  @TempDir Path directory;

  @Test
  void an_invoice_is_mapped_with_its_rows_and_the_documents_that_it_points_to() throws IOException {
    var project = new TestProject(directory).with("mappings/hq.yaml", MAPPINGS);
    for (String doctype :
        List.of("Sales Invoice", "Sales Invoice Item", "Sales Taxes and Charges", "Customer")) {
      project.with("doctypes/" + doctype + ".json", recorded("doctypes", doctype).toString());
    }
    Map<String, DocType> definitions = new ReadDocTypeFiles(directory).read();
    DocTypes doctypes = DocTypes.of(definitions);
    Mappings mappings = new ReadMappingFiles(directory, doctypes).read();
    var mapDocument =
        new MapDocument(
            mappings, doctypes, (uri, doc) -> MissingNode.getInstance(), TestMappings::scope);
    ObjectNode invoice =
        new NormalForm(doctypes)
            .of((ObjectNode) recorded("documents", "ACC-SINV-2026-00001").get("document"));

    var mapped = mapDocument.map(mappings.find("Invoice of headquarters").orElseThrow(), invoice);
    ObjectNode finished =
        new NormalForm(doctypes)
            .of(mapDocument.finish(mapped, List.of("C-1", "ITEM-A", "ITEM-B", "ITEM-C")));

    assertThat(mapped.needed())
        .extracting(needed -> needed.mapping().remoteDoctype() + " " + needed.filters())
        .containsExactly(
            "Customer {\"customer_name\":\"Adventure Works Parts\",\"disabled\":0}",
            "Item {\"item_code\":\"PRT-000\"}",
            "Item {\"item_code\":\"PRT-002\"}",
            "Item {\"item_code\":\"PRT-005\"}");
    ObjectNode expected = invoice.deepCopy();
    expected
        .put("customer", "C-1")
        .put("company", "Branch Ltd")
        .put("posting_time", "13:18:06.140767")
        .put("remarks", "ACC-SINV-2026-00001 of Northwind Traders");
    List<String> names = List.of("ITEM-A", "ITEM-B", "ITEM-C");
    for (int i = 0; i < names.size(); i++) {
      ((ObjectNode) expected.get("items").get(i))
          .put("item_code", names.get(i))
          .put("uom", "Pieces")
          .put("warehouse", "Stores - B");
    }
    assertThat(finished).isEqualTo(expected);
  }

  private static JsonNode recorded(String file, String name) throws IOException {
    try (var in =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    RecordedInvoiceTest.class.getResourceAsStream(
                        "/demo/erpnext-15/" + file + ".jsonl")),
                UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        JsonNode record = DocumentJson.MAPPER.readTree(line);
        if (record.path("name").asText().equals(name)) {
          return record;
        }
      }
      throw new IOException(name + " was not recorded");
    }
  }
}
