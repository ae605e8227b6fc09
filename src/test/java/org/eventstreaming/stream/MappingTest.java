package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.mapping.Mappings;
import org.eventstreaming.mapping.ReadMappingFiles;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.RecordedHistory;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.ComparedRange;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents of one type on the producer become documents of another type here. */
class MappingTest {
  private static final String OPPORTUNITY =
      """
      mapping_name: Opportunity from ERPNext Opportunity
      local_doctype: Opportunity
      remote_doctype: ERPNext Opportunity
      field_mapping:
        - {local_fieldname: opportunity_from, default_value: Lead}
        - local_fieldname: party_name
          remote_fieldname: full_name
          mapping_type: Document
          mapping: Lead from ERPNext Opportunity
          remote_value_filters: {full_name: full_name, phone_number: phone_number}
        - {local_fieldname: contact_mobile, remote_fieldname: phone_number}
        - local_fieldname: items
          remote_fieldname: opportunity_items
          mapping_type: Child Table
          mapping: Opportunity Item from ERPNext Opportunity Item
      ---
      mapping_name: Opportunity Item from ERPNext Opportunity Item
      local_doctype: Opportunity Item
      remote_doctype: ERPNext Opportunity Item
      field_mapping:
        - {local_fieldname: item_code, remote_fieldname: item}
        - {local_fieldname: qty, remote_fieldname: quantity, default_value: 1}
      ---
      mapping_name: Lead from ERPNext Opportunity
      local_doctype: Lead
      remote_doctype: ERPNext Opportunity
      field_mapping:
        - {local_fieldname: lead_name, remote_fieldname: full_name}
        - {local_fieldname: phone, remote_fieldname: phone_number}
        - {local_fieldname: country, remote_fieldname: country, default_value: Germany}
      """;

  @TempDir Path project;

  @Test
  void an_opportunity_comes_with_the_lead_that_is_made_of_it() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = opportunities(site)) {
      stream.pull();

      site.insert("ERPNext Opportunity", opportunity("OPP-1", "Ada Lovelace"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows(
                      "select status, mapping, ref_doctype, producer_doctype from event_sync_log"))
          .containsExactly(
              List.of(
                  "Synced",
                  "Opportunity from ERPNext Opportunity",
                  "Opportunity",
                  "ERPNext Opportunity"));
      assertThat(
              stream
                  .database()
                  .rows(
                      """
                      select l.data ->> 'lead_name', l.data ->> 'phone', l.data ->> 'country',
                             o.data ->> 'opportunity_from', o.data ->> 'contact_mobile',
                             o.data #>> '{items,0,item_code}', o.data #>> '{items,0,qty}'
                        from document o
                        join document l on l.doctype = 'Lead' and l.name = o.data ->> 'party_name'
                       where o.doctype = 'Opportunity'
                      """))
          .containsExactly(List.of("Ada Lovelace", "0123", "Germany", "Lead", "0123", "Bolt", "1"));
    }
  }

  @Test
  void a_link_of_one_row_is_translated_though_another_row_took_the_default() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").mapped("Order", "Shop Order").with(Dependencies.ALL).row(),
                    TestRow.of("House").locallyNamed().row())
                .doctype(
                    new DocType(
                        "Order",
                        false,
                        null,
                        List.of(new DocField("items", "Table", "Order Item"))))
                .doctype(
                    new DocType(
                        "Order Item", true, null, List.of(new DocField("house", "Link", "House"))))
                .mappings(
                    mappings(
                        """
                        mapping_name: Order
                        local_doctype: Order
                        remote_doctype: Shop Order
                        field_mapping:
                          - local_fieldname: items
                            remote_fieldname: lines
                            mapping_type: Child Table
                            mapping: Line
                        ---
                        mapping_name: Line
                        local_doctype: Order Item
                        remote_doctype: Shop Line
                        field_mapping:
                          - {local_fieldname: house, remote_fieldname: house, default_value: Main}
                        """))
                .start()) {
      stream.pull();
      site.put("House", object("name", "Stores"));
      site.insert(
          "Shop Order",
          Here.json(
              "{'name': 'O-1', 'lines': [{'name': 'l1', 'doctype': 'Shop Line'},"
                  + "{'name': 'l2', 'doctype': 'Shop Line', 'house': 'Stores'}]}"));
      stream.pull();

      String house = stream.database().value("select name from document where doctype = 'House'");
      assertThat(house).isNotEqualTo("Stores");
      assertThat(
              stream
                  .database()
                  .rows(
                      "select data #>> '{items,0,house}', data #>> '{items,1,house}'"
                          + " from document where doctype = 'Order'"))
          .containsExactly(List.of("Main", house));
    }
  }

  @Test
  void a_link_of_an_unmapped_document_means_what_it_says_there() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Customer").mapped("Customer", "Lead").row(),
                    TestRow.of("Order").with(Dependencies.ALL).row())
                .doctype(
                    new DocType(
                        "Order",
                        false,
                        null,
                        List.of(new DocField("customer", "Link", "Customer"))))
                .mappings(
                    mappings(
                        """
                        mapping_name: Customer
                        local_doctype: Customer
                        remote_doctype: Lead
                        field_mapping: [{local_fieldname: title, remote_fieldname: title}]
                        """))
                .start()) {
      stream.pull();
      site.put("Customer", object("name", "ACME"));
      site.insert("Order", object("name", "O-1", "customer", "ACME"));
      stream.pull();

      assertThat(stream.database().rows("select status from event_sync_log"))
          .containsExactly(List.of("Synced"));
      assertThat(stream.database().rows("select name from document where doctype = 'Customer'"))
          .containsExactly(List.of("ACME"));
    }
  }

  @Test
  void a_filter_of_any_length_that_finds_nothing_waits() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").mapped("Order", "Shop Order").with(Dependencies.ALL).row())
                .mappings(
                    mappings(
                        """
                        mapping_name: Order
                        local_doctype: Order
                        remote_doctype: Shop Order
                        field_mapping:
                          - local_fieldname: customer
                            remote_fieldname: buyer
                            mapping_type: Document
                            mapping: Buyer
                            remote_value_filters: {full_name: buyer}
                        ---
                        mapping_name: Buyer
                        local_doctype: Customer
                        remote_doctype: Shop Buyer
                        field_mapping: [{local_fieldname: title, remote_fieldname: full_name}]
                        """))
                .start()) {
      site.put("Shop Buyer", object("name", "B-1", "full_name", "Ann"));
      stream.pull();
      // no database makes an entry of an index of it
      String person =
          new Random(7)
              .ints(20_000, 0x4e00, 0x9000)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      site.insert("Shop Order", object("name", "O-1", "buyer", person));
      site.insert("Shop Order", object("name", "O-2", "buyer", "Ann"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select producer_doc, status from event_sync_log order by seq"))
          .containsExactly(List.of("O-1", "Waiting"), List.of("O-2", "Synced"));
    }
  }

  @Test
  void a_number_that_is_emptied_is_zero_in_a_change_as_in_a_document() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll()) {
      site.putDocType(
          Here.json(
              "{'name': 'Shop Order', 'doctype': 'DocType', 'fields': ["
                  + "{'fieldname': 'qty', 'fieldtype': 'Int'},"
                  + "{'fieldname': 'lines', 'fieldtype': 'Table', 'options': 'Shop Line'}]}"));
      site.putDocType(
          Here.json(
              "{'name': 'Shop Line', 'doctype': 'DocType', 'istable': 1, 'fields': ["
                  + "{'fieldname': 'qty', 'fieldtype': 'Float'}]}"));
      try (TestStream stream =
          TestStream.following(site, TestRow.of("Order").mapped("Order", "Shop Order").row())
              .mappings(
                  mappings(
                      """
                      mapping_name: Order
                      local_doctype: Order
                      remote_doctype: Shop Order
                      field_mapping:
                        - {local_fieldname: qty, remote_fieldname: qty, default_value: 5}
                        - local_fieldname: items
                          remote_fieldname: lines
                          mapping_type: Child Table
                          mapping: Line
                      ---
                      mapping_name: Line
                      local_doctype: Item
                      remote_doctype: Shop Line
                      field_mapping:
                        - {local_fieldname: qty, remote_fieldname: qty, default_value: 7}
                      """))
              .start()) {
        stream.pull();
        site.insert(
            "Shop Order",
            Here.json(
                "{'name': 'O-1', 'qty': 1, 'lines': ["
                    + "{'name': 'l1', 'doctype': 'Shop Line', 'qty': 2}]}"));
        stream.pull();
        site.append(
            new LogEntry(
                "emptied",
                TestTimes.next(),
                "Update",
                "Shop Order",
                "O-1",
                """
                {"changed": {"qty": null}, "removed": {},
                 "added": {"lines": [{"name": "l2", "doctype": "Shop Line", "idx": 2}]},
                 "row_changed": {"lines": [{"name": "l1", "qty": null}]}}
                """));
        stream.pull();

        assertThat(
                stream
                    .database()
                    .rows(
                        "select data ->> 'qty', data #>> '{items,0,qty}', data #>> '{items,1,qty}'"
                            + " from document where doctype = 'Order'"))
            .containsExactly(List.of("0", "0", "0"));
      }
    }
  }

  @Test
  void mapped_documents_compare_equal_until_a_mapped_field_changes_unseen() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = opportunities(site)) {
      stream.pull();
      site.insert("ERPNext Opportunity", opportunity("OPP-1", "Ada Lovelace"));
      site.insert("ERPNext Opportunity", opportunity("OPP-2", "Grace Hopper"));
      stream.pull();
      EventProducer producer = TestStream.producer(site, Read.LIST, opportunity());

      Reported reported = Reported.by(stream, producer, false, false, "ERPNext Opportunity");

      assertThat(reported.differences()).isEmpty();
      assertThat(reported.ranges).extracting(ComparedRange::here).containsExactly(2L);
      site.dbSet(
          "ERPNext Opportunity",
          "OPP-2",
          object("phone_number", "0456", "not_mapped", "is no difference"),
          false);
      site.dbSet("ERPNext Opportunity", "OPP-1", object("not_mapped", "nor this"), false);
      assertThat(Reported.by(stream, producer, false, false, "ERPNext Opportunity").fields())
          .contains("OPP-2 contact_mobile: \"0123\", there \"0456\"")
          .noneMatch(field -> field.startsWith("OPP-1"));
    }
  }

  @Test
  void two_opportunities_of_one_person_share_the_lead_whichever_was_changed_last() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = opportunities(site)) {
      stream.pull();
      site.insert("ERPNext Opportunity", opportunity("OPP-1", "Ada Lovelace"));
      stream.pull();

      site.insert("ERPNext Opportunity", opportunity("OPP-2", "Ada Lovelace"));
      stream.pull();

      assertThat(stream.database().count("document where doctype = 'Opportunity'")).isEqualTo(2);
      assertThat(stream.database().count("document where doctype = 'Lead'")).isEqualTo(1);
    }
  }

  @Test
  void a_change_is_mapped_and_a_delete_removes_what_the_mapping_made() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = opportunities(site)) {
      stream.pull();
      site.insert("ERPNext Opportunity", opportunity("OPP-1", "Ada Lovelace"));
      stream.pull();

      site.update("ERPNext Opportunity", "OPP-1", object("phone_number", "999"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .value(
                      "select data ->> 'contact_mobile' from document where doctype = 'Opportunity'"))
          .isEqualTo("999");

      site.delete("ERPNext Opportunity", "OPP-1");
      stream.pull();

      assertThat(stream.database().count("document where doctype = 'Opportunity'")).isZero();
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void a_plain_change_asks_the_producer_for_nothing() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Lead")
                        .mapped("Lead from ERPNext Opportunity", "ERPNext Opportunity")
                        .row())
                .mappings(mappings(OPPORTUNITY))
                .start()) {
      stream.pull();
      site.insert("ERPNext Opportunity", opportunity("OPP-1", "Ada Lovelace"));
      stream.pull();
      site.update("ERPNext Opportunity", "OPP-1", object("phone_number", "999"));
      site.forgetRequests();

      stream.pull();

      assertThat(stream.database().value("select data ->> 'phone' from document")).isEqualTo("999");
      assertThat(site.count(CallKind.DOCUMENT) + site.count(CallKind.LIST)).isZero();
    }
  }

  @Test
  void a_document_that_cannot_be_mapped_fails_alone_and_resync_takes_the_fixed_mapping() {
    String strict =
        """
        mapping_name: Lead from Buyer
        local_doctype: Lead
        remote_doctype: Buyer
        field_mapping:
          - {local_fieldname: age, remote_fieldname: age, type: Int}
        """;
    StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
    TestStream stream =
        TestStream.following(site, TestRow.of("Lead").mapped("Lead from Buyer", "Buyer").row())
            .mappings(mappings(strict))
            .start();
    TestDatabase database = stream.database();
    try (site) {
      stream.pull();
      site.insert("Buyer", object("name", "B-1", "age", "old"));
      site.insert("Buyer", object("name", "B-2", "age", "41"));
      stream.pull();

      assertThat(database.rows("select producer_doc, status from event_sync_log order by seq"))
          .containsExactly(List.of("B-1", "Failed"), List.of("B-2", "Synced"));
      assertThat(database.value("select error from event_sync_log order by seq limit 1"))
          .contains("Create of Buyer B-1", "'old'", "mappings/mapping.yaml:5:")
          .endsWith(
              "After the correction, run event-streaming resync "
                  + database.value("select seq from event_sync_log where status = 'Failed'")
                  + ".");

      stream.application().close();
      TestStream corrected =
          TestStream.following(site, TestRow.of("Lead").mapped("Lead from Buyer", "Buyer").row())
              .mappings(mappings(strict.replace("type: Int", "type: Data")))
              .start(database);
      corrected.clock().advance(Duration.ofHours(1));
      corrected.pull();

      assertThat(database.count("event_sync_log where status = 'Synced'")).isEqualTo(2);
      corrected.close();
    }
  }

  @Test
  void a_document_that_the_filters_do_not_find_is_waited_for_or_left_out_as_its_row_says() {
    Map<String, List<@Nullable String>> expected =
        Map.of(
            "on_error: fail", Arrays.asList("Waiting", null),
            "on_error: skip", Arrays.asList("Synced", null),
            "on_error: default, default_value: Anybody", List.of("Synced", "Anybody"));
    expected.forEach(
        (onError, outcome) -> {
          try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
              TestStream stream = orders(site, onError)) {
            stream.pull();
            site.put("Buyer", object("name", "B-1", "email", "ada@example.com"));

            site.insert("Basket", object("name", "found", "buyer", "ada@example.com"));
            site.insert("Basket", object("name", "lost", "buyer", "nobody@example.com"));
            stream.pull();

            assertThat(customer(stream, "found")).as(onError).containsExactly("Synced", "B-1");
            assertThat(customer(stream, "lost")).as(onError).isEqualTo(outcome);
            assertThat(
                    stream
                        .database()
                        .value(
                            "select coalesce(note, error) from event_sync_log where producer_doc ="
                                + " 'lost'"))
                .as(onError)
                .contains("mappings/mapping.yaml:5:", "nobody@example.com", "no such document");
          }
        });
  }

  @Test
  void a_site_in_failure_is_waited_for_whatever_the_row_says_of_a_document_that_is_not_found() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = orders(site, "on_error: skip")) {
      stream.pull();
      site.put("Buyer", object("name", "B-1", "email", "ada@example.com"));
      site.fail(request -> request.uri().contains("/Buyer"), Fault.maintenance());
      site.insert("Basket", object("name", "found", "buyer", "ada@example.com"));
      stream.pull();

      assertThat(customer(stream, "found")).containsExactly("Waiting", null);

      site.heal();
      stream.clock().advance(Duration.ofMinutes(1));
      stream.pull();

      assertThat(customer(stream, "found")).containsExactly("Synced", "B-1");
    }
  }

  @Test
  void what_was_unusual_in_a_document_that_was_fetched_whole_is_noted() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            TestStream.following(site, TestRow.of("Lead").mapped("Lead from Buyer", "Buyer").row())
                .mappings(
                    mappings(
                        """
                        mapping_name: Lead from Buyer
                        local_doctype: Lead
                        remote_doctype: Buyer
                        field_mapping:
                          - {local_fieldname: state, remote_fieldname: state, value_map: {a: b}}
                          - {local_fieldname: copy, jsonpath: $.state}
                        """))
                .start()) {
      stream.pull();
      site.insert("Buyer", object("name", "B-1", "state", "a"));
      stream.pull();

      site.update("Buyer", "B-1", object("state", "strange"));
      stream.pull();

      assertThat(
              stream.database().value("select note from event_sync_log order by seq desc limit 1"))
          .contains("Fetched whole", "state: 'strange' is not in value_map, it stays");
    }
  }

  @Test
  void a_recorded_invoice_arrives_with_its_customer_found_by_value_and_its_rows_mapped() {
    RecordedHistory history = RecordedHistory.start(RecordedHistory.Form.TABLE);
    try (StandInSite site = history.site();
        TestStream stream =
            TestStream.following(
                    site,
                    Read.LIST,
                    TestRow.of("Bill").mapped("Bill from Sales Invoice", "Sales Invoice").row())
                .mappings(
                    mappings(
                        """
                        mapping_name: Bill from Sales Invoice
                        local_doctype: Bill
                        remote_doctype: Sales Invoice
                        field_mapping:
                          - local_fieldname: party
                            remote_fieldname: customer
                            mapping_type: Document
                            mapping: Party from Customer
                            remote_value_filters: {name: customer}
                          - {local_fieldname: total, remote_fieldname: grand_total}
                          - local_fieldname: lines
                            remote_fieldname: items
                            mapping_type: Child Table
                            mapping: Bill Line from Sales Invoice Item
                        ---
                        mapping_name: Bill Line from Sales Invoice Item
                        local_doctype: Bill Line
                        remote_doctype: Sales Invoice Item
                        field_mapping:
                          - {local_fieldname: article, remote_fieldname: item_code}
                          - {local_fieldname: amount, remote_fieldname: amount}
                        ---
                        mapping_name: Party from Customer
                        local_doctype: Party
                        remote_doctype: Customer
                        field_mapping:
                          - {local_fieldname: title, remote_fieldname: customer_name}
                        """))
                .start()) {
      site.approveAll();
      stream.pull();
      history.releaseAll();

      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select producer_doc, error from event_sync_log where status <> 'Synced'"))
          .isEmpty();
      assertThat(
              stream
                  .database()
                  .rows(
                      """
                      select b.name, p.data ->> 'title', b.data ->> 'total',
                             jsonb_array_length(b.data -> 'lines')
                        from document b
                        join document p on p.doctype = 'Party' and p.name = b.data ->> 'party'
                       where b.doctype = 'Bill' order by 1
                      """))
          .containsExactlyElementsOf(bills());
    }
  }

  private static List<List<@Nullable String>> bills() {
    return RecordedHistory.documents().stream()
        .filter(document -> document.path("doctype").asText().equals("Sales Invoice"))
        .map(
            document ->
                List.<@Nullable String>of(
                    document.path("name").asText(),
                    // both were renamed with it, the customer_name of an invoice was not
                    document.path("customer").asText(),
                    document.path("grand_total").asText(),
                    Integer.toString(document.path("items").size())))
        .sorted((one, other) -> String.valueOf(one.get(0)).compareTo(String.valueOf(other.get(0))))
        .toList();
  }

  /** Status of the entry and customer of the document that came of it. */
  private static List<@Nullable String> customer(TestStream stream, String basket) {
    return stream
        .database()
        .rows(
            """
            select l.status, d.data ->> 'customer' from event_sync_log l
              left join document d on d.doctype = 'Order' and d.name = l.producer_doc
             where l.producer_doc = '%s'
            """
                .formatted(basket))
        .get(0);
  }

  private TestStream orders(StandInSite site, String onError) {
    return TestStream.following(
            site,
            TestRow.of("Order").mapped("Order from Basket", "Basket").row(),
            TestRow.of("Customer").mapped("Customer from Buyer", "Buyer").row())
        .mappings(
            mappings(
                """
                mapping_name: Order from Basket
                local_doctype: Order
                remote_doctype: Basket
                field_mapping:
                  - local_fieldname: customer
                    remote_fieldname: buyer
                    mapping_type: Document
                    mapping: Customer from Buyer
                    remote_value_filters: {email: buyer}
                    %s
                ---
                mapping_name: Customer from Buyer
                local_doctype: Customer
                remote_doctype: Buyer
                field_mapping:
                  - {local_fieldname: mail, remote_fieldname: email}
                """
                    .formatted(onError.replace(", ", "\n    "))))
        .start();
  }

  private TestStream opportunities(StandInSite site) {
    return TestStream.following(site, opportunity()).mappings(mappings(OPPORTUNITY)).start();
  }

  private static ProducerDoctype opportunity() {
    return TestRow.of("Opportunity")
        .locallyNamed()
        .mapped("Opportunity from ERPNext Opportunity", "ERPNext Opportunity")
        .with(Dependencies.ALL)
        .row();
  }

  @Test
  void a_document_that_a_row_seeks_is_named_as_the_producer_names_its_type() {
    try (StandInSite site = StandInSite.start(Generation.V14).approveAll();
        TestStream stream =
            TestStream.following(
                    site, TestRow.of("ToDo").mapped("ToDo to Note Mapping", "Note").row())
                .mappings(
                    mappings(
                        """
                        mapping_name: Role to Note Dependency Creation
                        local_doctype: Role
                        remote_doctype: Note
                        field_mapping:
                          - {local_fieldname: role_name, remote_fieldname: title}
                        ---
                        mapping_name: ToDo to Note Mapping
                        local_doctype: ToDo
                        remote_doctype: Note
                        field_mapping:
                          - {local_fieldname: description, remote_fieldname: content}
                          - local_fieldname: role
                            remote_fieldname: title
                            mapping_type: Document
                            mapping: Role to Note Dependency Creation
                            remote_value_filters: {title: title}
                        """))
                .start()) {
      site.putDocType(
          Here.json(
              "{'name': 'Role', 'doctype': 'DocType', 'autoname': 'field:role_name', 'fields':"
                  + " [{'fieldname': 'role_name', 'fieldtype': 'Data'}]}"));
      stream.pull();
      site.insert("Note", object("name", "N-1", "title", "Inner Mapping", "content", "Test"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select doctype, name, data ->> 'role' from document order by doctype"))
          .containsExactly(
              Arrays.asList("Role", "Inner Mapping", null),
              Arrays.asList("ToDo", "N-1", "Inner Mapping"));
    }
  }

  @Test
  void a_mapping_that_reads_documents_here_reads_them_as_the_page_before_left_them() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            TestStream.following(
                    site,
                    ProducerDoctype.sameName("Customer"),
                    TestRow.of("Order").mapped("Order", "Shop Order").row())
                .mappings(
                    mappings(
                        """
                        mapping_name: Order
                        local_doctype: Order
                        remote_doctype: Shop Order
                        field_mapping:
                          - local_fieldname: territory
                            expression:
                              language: frappe
                              text: frappe.db.get_value('Customer', doc.customer, 'territory')
                        """))
                .page(1)
                .start()) {
      site.insert("Customer", object("name", "Ada", "territory", "nowhere"));
      stream.pull();
      List<String> territories = IntStream.range(100, 150).mapToObj(n -> "T" + n).toList();

      for (String territory : territories) {
        site.update("Customer", "Ada", object("territory", territory));
        site.insert("Shop Order", object("name", "O-" + territory, "customer", "Ada"));
      }
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows(
                      "select data ->> 'territory' from document"
                          + " where doctype = 'Order' order by name"))
          .isEqualTo(territories.stream().map(List::of).toList());
    }
  }

  @Test
  void a_store_that_fails_while_a_needed_document_is_mapped_gives_no_default_value() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            TestStream.following(
                    site,
                    ProducerDoctype.sameName("Rate"),
                    TestRow.of("Order").mapped("Order", "Basket").row())
                .mappings(
                    mappings(
                        """
                        mapping_name: Order
                        local_doctype: Order
                        remote_doctype: Basket
                        field_mapping:
                          - local_fieldname: customer
                            remote_fieldname: buyer
                            mapping_type: Document
                            mapping: Customer
                            remote_value_filters: {email: buyer}
                            on_error: default
                            default_value: Anybody
                        ---
                        mapping_name: Customer
                        local_doctype: Customer
                        remote_doctype: Buyer
                        field_mapping:
                          - {local_fieldname: email, remote_fieldname: email}
                          - local_fieldname: rate
                            expression:
                              language: frappe
                              text: frappe.db.get_value('Rate', 'R-1', 'percent')
                        """))
                .start()) {
      stream.pull();
      site.insert("Rate", object("name", "R-1", "percent", "7"));
      stream.pull();
      site.put("Buyer", object("name", "B-1", "email", "ada@example.com"));
      site.insert("Basket", object("name", "found", "buyer", "ada@example.com"));
      failReadsOfRates(stream, true);

      stream.pull();

      assertThat(stream.database().rows("select name from document where doctype = 'Order'"))
          .isEmpty();
      assertThat(stream.database().value("select last_error from event_producer"))
          .contains("rates cannot be read");

      failReadsOfRates(stream, false);
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows(
                      "select c.data ->> 'rate' from document o join document c"
                          + " on c.doctype = 'Customer' and c.name = o.data ->> 'customer'"
                          + " where o.doctype = 'Order'"))
          .containsExactly(List.of("7"));
    }
  }

  /** A view in the place of the table that fails where a row of Rate is read. */
  private static void failReadsOfRates(TestStream stream, boolean fail) {
    if (fail) {
      stream.database().execute("alter table document rename to document_rows");
      stream
          .database()
          .execute(
              """
              create function unread() returns boolean language plpgsql volatile as
                $$ begin raise exception 'rates cannot be read'; end $$
              """);
      stream
          .database()
          .execute(
              "create view document as select * from document_rows"
                  + " where doctype <> 'Rate' or unread()");
    } else {
      stream.database().execute("drop view document");
      stream.database().execute("alter table document_rows rename to document");
    }
  }

  private Mappings mappings(String yaml) {
    try {
      Files.createDirectories(project.resolve("mappings"));
      Files.writeString(project.resolve("mappings/mapping.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ReadMappingFiles(project, DocTypes.of(Map.of())).read();
  }

  private static ObjectNode opportunity(String name, String person) {
    ObjectNode opportunity =
        object("name", name, "full_name", person, "phone_number", "0123", "not_mapped", "dropped");
    opportunity
        .putArray("opportunity_items")
        .add(object("name", name + "-1", "item", "Bolt", "doctype", "ERPNext Opportunity Item"));
    return opportunity;
  }

  private static ObjectNode object(String... keysAndValues) {
    ObjectNode object = DocumentJson.MAPPER.createObjectNode();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return object;
  }
}
