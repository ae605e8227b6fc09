package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eventstreaming.main.Application;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.Request;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples that write to sites. */
class JoinedSitesExamplesTest extends ExampleTest {

  @ParameterizedTest(name = "the seller has the customer: {0}")
  @ValueSource(booleans = {true, false})
  void a_submitted_purchase_order_becomes_a_sales_order_of_the_other_company(boolean known) {
    try (StandInSite buyer = StandInSite.start(Generation.V15_APP).approveAll();
        StandInSite seller = StandInSite.start(Generation.STOCK_15)) {
      masters(buyer);
      masters(seller);
      buyer.putDocType(
          doctype(
              "Purchase Order",
              "'is_submittable': 1, 'autoname': 'naming_series:'",
              "naming_series:Select:PO-.####",
              "supplier:Link:Supplier",
              "company:Link:Company",
              "transaction_date:Date",
              "schedule_date:Date",
              "currency:Link:Currency",
              "items:Table:Purchase Order Item"));
      buyer.putDocType(
          doctype(
              "Purchase Order Item",
              "'istable': 1",
              "item_code:Link:Item",
              "supplier_part_no",
              "schedule_date:Date",
              "qty:Float",
              "uom:Link:UOM",
              "rate:Currency"));
      buyer.putDocType(doctype("Company", "'autoname': 'field:company_name'", "company_name"));
      seller.putDocType(
          doctype(
              "Sales Order",
              "'is_submittable': 1, 'autoname': 'naming_series:'",
              "naming_series:Select:SO-.####",
              "order_type",
              "company:Link:Company",
              "customer:Link:Customer",
              "po_no",
              "po_date:Date",
              "transaction_date:Date",
              "delivery_date:Date",
              "currency:Link:Currency",
              "items:Table:Sales Order Item"));
      seller.putDocType(
          doctype(
              "Sales Order Item",
              "'istable': 1",
              "item_code:Link:Item",
              "delivery_date:Date",
              "qty:Float",
              "uom:Link:UOM",
              "rate:Currency"));
      seller.insert("Company", json("{'name': 'Seller Ltd'}"));
      seller.insert("Currency", json("{'name': 'EUR'}"));
      seller.insert("UOM", json("{'name': 'Nos'}"));
      for (String item : new String[] {"S-BOLT", "S-NUT"}) {
        seller.insert("Item", json("{}").put("name", item).put("item_code", item));
      }
      if (known) {
        seller.insert("Customer", customer("Buyer Inc").put("customer_group", "Wholesale"));
      }
      buyer.insert("Company", json("{'name': 'Buyer Inc', 'company_name': 'Buyer Inc'}"));
      site("BUYER", buyer).site("SELLER", seller);
      Application application = start("order-to-order");
      application.pullOnce();

      buyer.insert("Purchase Order", order("PO-1", "Seller Ltd"));
      buyer.insert("Purchase Order", order("PO-2", "Other Ltd"));
      application.pullOnce();
      assertThat(seller.documents("Sales Order")).as("of drafts").isEmpty();
      buyer.update("Purchase Order", "PO-1", json("{'docstatus': 1}"));
      buyer.update("Purchase Order", "PO-2", json("{'docstatus': 1}"));
      application.pullOnce();

      assertThat(
              database.rows("select docname, error from event_sync_log where status <> 'Synced'"))
          .isEmpty();
      assertThat(seller.documents("Sales Order")).hasSize(1);
      ObjectNode order = seller.documents("Sales Order").get(0);
      assertThat(order.path("name").asText()).isEqualTo("SO-0001");
      assertThat(order.path("docstatus").asInt()).isEqualTo(1);
      assertThat(order.path("po_no").asText()).isEqualTo("PO-1");
      assertThat(order.path("customer").asText()).isEqualTo("Buyer Inc");
      assertThat(order.path("delivery_date").asText()).isEqualTo("2026-12-24");
      assertThat(order.path("items")).hasSize(2);
      assertThat(order.path("items").get(0).path("item_code").asText()).isEqualTo("S-BOLT");
      assertThat(order.path("items").get(1).path("qty").asInt()).isEqualTo(3);
      assertThat(seller.documents("Customer")).hasSize(1);
      assertThat(texts(seller.documents("Customer"), "customer_group"))
          .as("what the seller says of its customer stays")
          .containsExactly(known ? "Wholesale" : "");
      assertThat(texts(seller.documents("Customer"), "name")).containsExactly("Buyer Inc");
    }
  }

  private static void masters(StandInSite site) {
    site.putDocType(
        doctype(
            "Customer",
            "'autoname': 'field:customer_name'",
            "customer_name",
            "customer_type",
            "customer_group"));
    site.putDocType(
        doctype(
            "Item",
            "'autoname': 'field:item_code'",
            "item_code",
            "item_name",
            "item_group",
            "stock_uom:Link:UOM"));
  }

  private static ObjectNode order(String name, String supplier) {
    return json("{'company': 'Buyer Inc', 'transaction_date': '2026-12-01', 'schedule_date': '2026-12-24',"
            + "'currency': 'EUR', 'items': ["
            + "{'doctype': 'Purchase Order Item', 'name': 'r1', 'item_code': 'BOLT', 'supplier_part_no': 'S-BOLT', 'qty': 2, 'uom': 'Nos', 'rate': 4},"
            + "{'doctype': 'Purchase Order Item', 'name': 'r2', 'item_code': 'NUT', 'supplier_part_no': 'S-NUT', 'qty': 3, 'uom': 'Nos', 'rate': 5}]}")
        .put("name", name)
        .put("supplier", supplier);
  }

  @Test
  void a_branch_that_was_offline_for_days_catches_up_in_both_directions_without_an_echo() {
    try (StandInSite hq = StandInSite.start(Generation.STOCK_15).clock(clock);
        StandInSite branch = StandInSite.start(Generation.STOCK_15).clock(clock)) {
      for (StandInSite site : new StandInSite[] {hq, branch}) {
        masters(site);
        site.putDocType(
            doctype(
                "Sales Invoice",
                "'is_submittable': 1, 'autoname': 'naming_series:'",
                "naming_series:Select:SINV-.####",
                "customer:Link:Customer",
                "total:Currency",
                "items:Table:Sales Invoice Item"));
        site.putDocType(
            doctype("Sales Invoice Item", "'istable': 1", "item_code:Link:Item", "qty:Float"));
      }
      hq.insert("Customer", customer("Fabrikam"));
      hq.insert("Item", json("{'name': 'BOLT', 'item_code': 'BOLT', 'item_name': 'Bolt'}"));
      site("HQ", hq).site("BRANCH", branch);
      Application application = start("branch");
      pull(application);
      assertThat(texts(branch.documents("Customer"), "name")).containsExactly("Fabrikam");

      hq.refuseConnections();
      for (int day = 1; day <= 3; day++) {
        clock.advance(Duration.ofDays(1));
        hq.insert("Customer", customer("Headquarters " + day));
        invoice(branch, "B-" + day, "Fabrikam");
        pull(application);
      }
      branch.insert("Customer", customer("Walk-in"));
      invoice(branch, "B-4", "Walk-in");
      pull(application);
      assertThat(hq.documents("Sales Invoice")).isEmpty();
      assertThat(
              database.rows("select producer_url from event_producer where last_error is not null"))
          .hasSize(2);

      String own = own(branch);
      hq.resume();
      pull(application);
      pull(application);

      assertThat(own(branch)).as("what the branch itself made comes back to it").isEqualTo(own);

      assertThat(
              database.rows("select docname, error from event_sync_log where status <> 'Synced'"))
          .isEmpty();
      assertThat(texts(branch.documents("Customer"), "name"))
          .containsExactly(
              "Fabrikam", "Headquarters 1", "Headquarters 2", "Headquarters 3", "Walk-in");
      assertThat(texts(hq.documents("Sales Invoice"), "remote_docname"))
          .containsExactly("B-1", "B-2", "B-3", "B-4");
      assertThat(texts(hq.documents("Sales Invoice"), "docstatus"))
          .containsExactly("1", "1", "1", "1");
      assertThat(texts(hq.documents("Customer"), "name"))
          .as("a customer of the branch comes with its invoice")
          .containsExactly(
              "Fabrikam", "Headquarters 1", "Headquarters 2", "Headquarters 3", "Walk-in");

      assertThat(database.rows("select producer_doc from event_sync_log order by producer_doc"))
          .as("each document that was made goes one way, once")
          .extracting(row -> row.get(0))
          .containsExactly(
              "B-1",
              "B-2",
              "B-3",
              "B-4",
              "BOLT",
              "Fabrikam",
              "Headquarters 1",
              "Headquarters 2",
              "Headquarters 3");
      assertThat(writes(branch))
          .as("new masters, and nothing that changes what is there")
          .containsOnly("/api/method/frappe.client.insert_many");

      long logged = database.count("event_sync_log");
      List<String> writtenToHq = writes(hq);
      List<String> writtenToBranch = writes(branch);
      String hqBefore = hq.documents("Customer").toString() + hq.documents("Sales Invoice");
      String branchBefore =
          branch.documents("Customer").toString() + branch.documents("Sales Invoice");
      pull(application);
      pull(application);
      assertThat(database.count("event_sync_log")).as("entries that are echoes").isEqualTo(logged);
      assertThat(writes(hq)).isEqualTo(writtenToHq);
      assertThat(writes(branch)).isEqualTo(writtenToBranch);
      assertThat(hq.documents("Customer").toString() + hq.documents("Sales Invoice"))
          .isEqualTo(hqBefore);
      assertThat(branch.documents("Customer").toString() + branch.documents("Sales Invoice"))
          .isEqualTo(branchBefore);
    }
  }

  /** The documents of a site that came from no other. */
  private static String own(StandInSite site) {
    return Stream.of("Customer", "Sales Invoice")
        .flatMap(doctype -> site.documents(doctype).stream())
        .filter(document -> document.path("remote_docname").asText().isEmpty())
        .map(ObjectNode::toString)
        .collect(Collectors.joining("\n"));
  }

  /** The calls that created or changed documents of a site. */
  private static List<String> writes(StandInSite site) {
    return site.requests().stream()
        .filter(request -> !request.method().equals("GET"))
        .map(Request::uri)
        .filter(uri -> !uri.contains("Custom%20Field"))
        .toList();
  }

  private void pull(Application application) {
    clock.advance(Duration.ofMinutes(10));
    application.pullOnce();
  }

  private static ObjectNode customer(String name) {
    return json("{}").put("name", name).put("customer_name", name);
  }

  private static void invoice(StandInSite branch, String name, String customer) {
    branch.insert(
        "Sales Invoice",
        json("{'docstatus': 1, 'total': 8, 'items': [{'doctype': 'Sales Invoice Item', 'item_code': 'BOLT', 'qty': 2}]}")
            .put("name", name)
            .put("customer", customer));
  }
}
