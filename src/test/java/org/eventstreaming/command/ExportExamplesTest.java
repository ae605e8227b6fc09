package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eventstreaming.command.Receiver.Answer;
import org.eventstreaming.main.Application;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples that hand documents of the copy to others. */
class ExportExamplesTest extends ExampleTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path exports;
  private final StandInSite hq = StandInSite.start(Generation.V15_APP).approveAll();

  @AfterEach
  void close() {
    hq.close();
  }

  @Test
  void open_invoices_are_written_to_a_file_by_routes_in_xml() throws IOException {
    hq.putDocType(
        doctype(
            "Sales Invoice",
            "'is_submittable': 1, 'autoname': 'prompt'",
            "customer",
            "due_date:Date",
            "outstanding_amount:Currency"));
    invoice("SI-1", 1, 12.5);
    invoice("SI-2", 0, 7);
    invoice("SI-3", 1, 0);
    site("HQ", hq).set("EXPORT_DIRECTORY", exports.toString());
    Application application = start("nightly-export");
    application.pullOnce();
    application.pullOnce();

    application.send("direct:nightly-export");

    assertThat(exported())
        .isEqualTo(
            JSON.readTree(
                "[{\"invoice\": \"SI-1\", \"customer\": \"Fabrikam\", \"due_date\": \"2026-12-31\", \"open\": 12.5}]"));

    invoice("SI-4", 1, 1);
    application.pullOnce();
    application.send("direct:nightly-export");

    assertThat(exported()).hasSize(2);
  }

  private void invoice(String name, int docstatus, double open) {
    hq.insert(
        "Sales Invoice",
        json("{'customer': 'Fabrikam', 'due_date': '2026-12-31'}")
            .put("name", name)
            .put("docstatus", docstatus)
            .put("outstanding_amount", open));
  }

  private JsonNode exported() throws IOException {
    try (Stream<Path> files = Files.list(exports)) {
      List<Path> all = files.toList();
      assertThat(all)
          .singleElement()
          .satisfies(
              file ->
                  assertThat(file.getFileName().toString())
                      .matches("open-invoices-\\d{4}-\\d\\d-\\d\\d\\.json"));
      return JSON.readTree(all.get(0).toFile());
    }
  }

  @Test
  void items_are_sent_to_a_shop_as_its_products_once_and_again_where_that_failed()
      throws IOException {
    try (Receiver shop = Receiver.start()) {
      hq.putDocType(
          doctype(
              "Item",
              "'autoname': 'field:item_code'",
              "item_code",
              "item_name",
              "disabled:Check",
              "stock_uom:Link:UOM",
              "barcodes:Table:Item Barcode"));
      hq.putDocType(doctype("Item Barcode", "'istable': 1", "barcode"));
      item("BOLT", "{'item_name': 'Bolt', 'barcodes': [{'barcode': '4006381333931'}]}");
      item("NUT?active=0", "{'item_name': 'Nut', 'disabled': 1}");
      site("HQ", hq).set("SHOP_URL", shop.url()).set("SHOP_TOKEN", "of-the-shop");
      Application application = start("shop");
      application.pullOnce();
      application.pullOnce();
      shop.answering(call -> new Answer(call.body().contains("BOLT") ? 503 : 200, "{}"));

      application.send("direct:send-to-shop");

      List<Receiver.Call> calls = shop.taken();
      assertThat(calls)
          .allSatisfy(
              call -> {
                assertThat(call.method() + " " + call.path()).isEqualTo("PUT /api/products");
                assertThat(call.authorization()).isEqualTo("Bearer of-the-shop");
              });
      assertThat(bodies(calls))
          .containsExactly(
              JSON.readTree(
                  "{\"sku\":\"BOLT\",\"title\":\"Bolt\",\"unit\":\"nos\",\"active\":true,\"barcodes\":[\"4006381333931\"]}"),
              JSON.readTree(
                  "{\"sku\":\"NUT?active=0\",\"title\":\"Nut\",\"unit\":\"nos\",\"active\":false,\"barcodes\":[]}"));

      shop.answering(call -> new Answer(200, "{}"));
      application.send("direct:send-to-shop");
      assertThat(bodies(shop.taken())).extracting(JsonNode::size).containsExactly(5);
      application.send("direct:send-to-shop");
      assertThat(shop.taken()).isEmpty();

      hq.delete("Item", "BOLT");
      hq.update("Item", "NUT?active=0", json("{'item_name': 'Wing nut'}"));
      application.pullOnce();
      application.send("direct:send-to-shop");
      application.send("direct:send-to-shop");

      List<JsonNode> changed = bodies(shop.taken());
      assertThat(changed).hasSize(2);
      assertThat(changed.get(0)).isEqualTo(JSON.readTree("{\"sku\":\"BOLT\",\"active\":false}"));
      assertThat(changed.get(1).path("title").asText()).isEqualTo("Wing nut");
    }
  }

  private void item(String code, String others) {
    hq.insert(
        "Item", json(others).put("name", code).put("item_code", code).put("stock_uom", "Nos"));
  }

  private static List<JsonNode> bodies(List<Receiver.Call> calls) throws IOException {
    List<JsonNode> bodies = new ArrayList<>();
    for (Receiver.Call call : calls) {
      bodies.add(JSON.readTree(call.body()));
    }
    return bodies;
  }
}
