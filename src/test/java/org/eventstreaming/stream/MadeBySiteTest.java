package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.TargetSiteTest.find;
import static org.eventstreaming.stream.TargetSiteTest.joined;
import static org.eventstreaming.stream.TargetSiteTest.names;
import static org.eventstreaming.stream.TargetSiteTest.note;
import static org.eventstreaming.stream.TargetSiteTest.only;
import static org.eventstreaming.stream.TargetSiteTest.producer;
import static org.eventstreaming.stream.TargetSiteTest.reconcile;
import static org.eventstreaming.stream.TargetSiteTest.target;
import static org.eventstreaming.stream.TargetSiteTest.writes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;

/**
 * What a target makes by itself with a document is not made twice when the producer's own comes.
 */
class MadeBySiteTest {
  private static final String LEAD =
      "{'name': 'Lead', 'doctype': 'DocType', 'autoname': 'naming_series:', 'fields': ["
          + "{'fieldname': 'naming_series', 'fieldtype': 'Select', 'label': 'Series', 'options': 'L-.####'},"
          + "{'fieldname': 'first_name', 'fieldtype': 'Data', 'label': 'First Name'}]}";
  private static final String ITEM =
      "{'name': 'Item', 'doctype': 'DocType', 'autoname': 'prompt', 'fields': ["
          + "{'fieldname': 'opening_stock', 'fieldtype': 'Float', 'label': 'Opening Stock'},"
          + "{'fieldname': 'standard_rate', 'fieldtype': 'Currency', 'label': 'Rate'}]}";
  private static final String ITEM_PRICE =
      "{'name': 'Item Price', 'doctype': 'DocType', 'autoname': 'hash', 'fields': ["
          + "{'fieldname': 'item_code', 'fieldtype': 'Link', 'options': 'Item', 'label': 'Item'},"
          + "{'fieldname': 'note', 'fieldtype': 'Data', 'label': 'Note'},"
          + "{'fieldname': 'price_list_rate', 'fieldtype': 'Currency', 'label': 'Rate'}]}";
  private static final String CONTACT =
      "{'name': 'Contact', 'doctype': 'DocType', 'allow_rename': 1, 'autoname': 'prompt', 'fields': ["
          + "{'fieldname': 'first_name', 'fieldtype': 'Data', 'label': 'First Name'},"
          + "{'fieldname': 'phone', 'fieldtype': 'Data', 'label': 'Phone'},"
          + "{'fieldname': 'phones', 'fieldtype': 'Table', 'options': 'Contact Phone', 'label': 'Phones'},"
          + "{'fieldname': 'links', 'fieldtype': 'Table', 'options': 'Dynamic Link', 'label': 'Links'}]}";
  private static final String CONTACT_PHONE =
      "{'name': 'Contact Phone', 'doctype': 'DocType', 'istable': 1, 'fields': ["
          + "{'fieldname': 'phone', 'fieldtype': 'Data', 'label': 'Phone'}]}";
  private static final String DYNAMIC_LINK =
      "{'name': 'Dynamic Link', 'doctype': 'DocType', 'istable': 1, 'fields': ["
          + "{'fieldname': 'link_doctype', 'fieldtype': 'Data', 'label': 'Type'},"
          + "{'fieldname': 'link_name', 'fieldtype': 'Dynamic Link', 'options': 'link_doctype', 'label': 'Name'}]}";

  @Test
  void what_comes_on_the_page_of_the_document_that_it_was_made_with_is_taken_over() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = streamed(hq, branch)) {
      lead(hq, "LEAD-1", "Ann");
      hq.update(
          "Contact",
          "Ann-LEAD-1",
          Here.json("{'phone': '1', 'phones': [{'doctype': 'Contact Phone', 'phone': '1'}]}"));
      stream.pull();

      ObjectNode there = only(branch, "Contact");
      assertThat(there.path("name").asText()).isEqualTo("Ann-LEAD-1");
      assertThat(there.path("phone").asText()).isEqualTo("1");
      assertThat(there.path("phones")).hasSize(1);
      assertThat(there.path("links")).hasSize(1);
      assertThat(there.path("links").path(0).path("link_name").asText()).isEqualTo("L-0001");
      assertThat(there.path("remote_docname").asText()).isEqualTo("Ann-LEAD-1");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      assertThat(
              stream
                  .database()
                  .value("select note from event_sync_log where ref_doctype = 'Contact' limit 1"))
          .asString()
          .contains("The site had made Ann-L-0001 by itself: taken over.");
    }
  }

  @Test
  void what_comes_later_is_taken_over_whatever_name_taken_says_and_streams_like_any_copy() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = streamed(hq, branch)) {
      hq.makesWith("Lead", lead -> Optional.empty());
      branch.makesWith("Lead", lead -> Optional.of(contact("Ann", lead, "Ann")));
      String lead = lead(hq, "LEAD-1", "Ann");
      stream.pull();
      assertThat(only(branch, "Contact").path("name").asText()).isEqualTo("Ann");
      hq.insert("Contact", contact("Ann", lead, "Ann of HQ"));
      stream.pull();

      assertThat(only(branch, "Contact").path("first_name").asText()).isEqualTo("Ann of HQ");
      assertThat(note(stream)).contains("taken over");

      hq.update("Contact", "Ann", Here.json("{'phone': '2'}"));
      stream.pull();
      assertThat(only(branch, "Contact").path("phone").asText()).isEqualTo("2");
      hq.delete("Contact", "Ann");
      stream.pull();
      assertThat(branch.documents("Contact")).isEmpty();
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void
      what_a_person_changed_or_another_made_or_was_there_before_or_links_elsewhere_is_left_alone() {
    for (String instead :
        List.of(
            "{'modified_by': 'person@branch.example'}",
            "{'owner': 'other@branch.example'}",
            "{'creation': '2001-01-01 10:00:00.000000'}",
            "{'docstatus': 1}",
            "links")) {
      try (StandInSite hq = site(Generation.V15_APP);
          StandInSite branch = site(Generation.STOCK_15);
          TestStream stream = streamed(hq, branch)) {
        hq.makesWith("Lead", lead -> Optional.empty());
        branch.makesWith("Lead", lead -> Optional.of(contact("Ann", lead, "Ann")));
        String lead = lead(hq, "LEAD-1", "Ann");
        stream.pull();
        if (instead.equals("links")) {
          branch.update("Contact", "Ann", Here.json("{'links': []}"));
        } else {
          branch.dbSet("Contact", "Ann", Here.json(instead), false);
        }
        hq.insert("Contact", contact("Ann", lead, "Ann of HQ"));
        stream.pull();

        assertThat(only(branch, "Contact").path("first_name").asText())
            .as(instead)
            .isEqualTo("Ann");
        assertThat(new Here(stream.database()).message("Ann", "Create"))
            .as(instead)
            .contains("the name Ann belongs to another Contact");
      }
    }
  }

  @Test
  void what_was_not_made_with_a_copy_of_the_producers_is_left_alone() {
    for (String instead :
        List.of("{'owner': 'other@branch.example'}", "{'remote_site_name': 'http://other'}")) {
      try (StandInSite hq = site(Generation.V15_APP);
          StandInSite branch = site(Generation.STOCK_15);
          TestStream stream = streamed(hq, branch)) {
        hq.makesWith("Lead", lead -> Optional.empty());
        branch.makesWith("Lead", lead -> Optional.of(contact("Ann", lead, "Ann")));
        lead(hq, "LEAD-1", "Ann");
        stream.pull();
        branch.dbSet("Lead", "L-0001", Here.json(instead), false);
        hq.insert("Contact", contact("Ann", find(hq, "Lead", "LEAD-1"), "Ann of HQ"));
        stream.pull();

        assertThat(only(branch, "Contact").path("first_name").asText())
            .as(instead)
            .isEqualTo("Ann");
      }
    }
  }

  @Test
  void what_is_older_than_its_own_document_is_left_alone_though_younger_than_that_of_another() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = streamed(hq, branch)) {
      hq.makesWith("Lead", lead -> Optional.empty());
      branch.makesWith(
          "Lead",
          lead ->
              Optional.of(
                  contact(
                      lead.path("first_name").asText(), lead, "of " + lead.path("name").asText())));
      lead(hq, "LEAD-1", "Ann");
      lead(hq, "LEAD-2", "Bob");
      stream.pull();
      String bob = find(branch, "Contact", "Bob").path("links").path(0).path("link_name").asText();
      String ann = find(branch, "Contact", "Ann").path("links").path(0).path("link_name").asText();
      String earlier = find(branch, "Lead", ann).path("creation").asText();
      assertThat(earlier).isLessThan(find(branch, "Lead", bob).path("creation").asText());
      branch.dbSet("Contact", "Bob", Here.json("{'creation': '%s'}".formatted(earlier)), false);
      hq.insert("Contact", contact("Ann", "LEAD-1", "Ann of HQ"));
      hq.insert("Contact", contact("Bob", "LEAD-2", "Bob of HQ"));
      stream.pull();

      assertThat(find(branch, "Contact", "Ann").path("first_name").asText()).isEqualTo("Ann of HQ");
      assertThat(find(branch, "Contact", "Bob").path("first_name").asText()).startsWith("of ");
      assertThat(new Here(stream.database()).message("Bob", "Create"))
          .contains("the name Bob belongs to another Contact");
    }
  }

  @Test
  void of_several_those_are_taken_over_that_have_the_name_and_others_are_left_alone() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = streamed(hq, branch)) {
      String lead = leadWithContactsThere(hq, branch, stream, "A", "B", "C");
      hq.insert("Contact", contact("A", lead, "A of HQ"));
      hq.insert("Contact", contact("D", lead, "D of HQ"));
      stream.pull();

      assertThat(names(branch, "Contact")).containsExactlyInAnyOrder("A", "B", "C", "D");
      assertThat(find(branch, "Contact", "A").path("first_name").asText()).isEqualTo("A of HQ");
      assertThat(find(branch, "Contact", "B").path("first_name").asText()).isEqualTo("B there");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void of_several_with_other_names_as_many_are_taken_over_in_the_order_in_which_they_were_made() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = streamed(hq, branch)) {
      String lead = leadWithContactsThere(hq, branch, stream, "Z", "Y");
      hq.insert("Contact", contact("A", lead, "A of HQ"));
      hq.insert("Contact", contact("B", lead, "B of HQ"));
      stream.pull();

      assertThat(branch.documents("Contact"))
          .extracting(one -> one.path("first_name").asText())
          .containsExactlyInAnyOrder("A of HQ", "B of HQ");
      assertThat(
              stream
                  .database()
                  .value(
                      "select string_agg(substring(note from 'The site had made . by itself'), ', '"
                          + " order by producer_doc)"
                          + " from event_sync_log where ref_doctype = 'Contact'"))
          .isEqualTo("The site had made Z by itself, The site had made Y by itself");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void one_that_a_link_field_names_keeps_its_name_where_the_type_has_no_other() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = streamed(hq, branch)) {
      for (StandInSite site : List.of(hq, branch)) {
        site.makesWith("Item", item -> Optional.of(price(item)));
      }
      for (int i = 0; i < 30; i++) {
        hq.insert(
            "Item",
            Here.json("{'name': 'I-%d', 'standard_rate': %d, 'opening_stock': 3}".formatted(i, i)));
        hq.update("Item Price", price(hq, i), Here.json("{'note': 'of HQ'}"));
      }
      int before = branch.requests().size();
      stream.pull();

      assertThat(branch.documents("Item Price"))
          .hasSize(30)
          .allMatch(price -> price.path("note").asText().equals("of HQ"))
          .allMatch(
              price ->
                  ("I-" + price.path("price_list_rate").asInt())
                      .equals(price.path("item_code").asText()));
      assertThat(branch.documents("Item"))
          .as("the site would book it")
          .allMatch(item -> item.path("opening_stock").asInt() == 0);
      assertThat(
              branch.requests().stream()
                  .skip(before)
                  .filter(request -> request.uri().contains("owner") && isList(request.uri()))
                  .filter(request -> request.uri().contains("Item%20Price"))
                  .filter(request -> request.uri().contains("creation%22%2C%22%3E")))
          .as("lists, whatever the number of documents")
          .hasSizeLessThanOrEqualTo(2);
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void a_lost_answer_takes_nothing_over_twice() {
    for (String call : List.of("insert_many", "rename_doc", "/api/resource/Contact/")) {
      try (StandInSite hq = site(Generation.V15_APP);
          StandInSite branch = site(Generation.STOCK_15);
          TestStream stream = streamed(hq, branch)) {
        lead(hq, "LEAD-1", "Ann");
        hq.update(
            "Contact",
            "Ann-LEAD-1",
            Here.json("{'phones': [{'doctype': 'Contact Phone', 'phone': '1'}]}"));
        lose(branch, call);
        stream.pull();
        stream.pull();

        assertThat(names(branch, "Contact")).as(call).containsExactly("Ann-LEAD-1");
        assertThat(only(branch, "Contact").path("phones")).as(call).hasSize(1);
        assertThat(only(branch, "Lead")).isNotNull();
        hq.update(
            "Contact",
            "Ann-LEAD-1",
            Here.json("{'phones': [{'doctype': 'Contact Phone', 'phone': '2'}]}"));
        stream.pull();
        assertThat(only(branch, "Contact").path("phones")).as(call).hasSize(1);
        assertThat(only(branch, "Contact").path("phones").path(0).path("phone").asText())
            .isEqualTo("2");
        assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      }
    }
  }

  @Test
  void where_two_sites_are_joined_both_ways_it_is_not_streamed_back() {
    try (StandInSite one = site(Generation.STOCK_15);
        StandInSite other = site(Generation.STOCK_14)) {
      ProducerDoctype[] rows = {
        TestRow.of("Lead").locallyNamed().row(),
        TestRow.of("Contact").with(Dependencies.SUBSCRIBED).row()
      };
      try (TestStream stream =
          new TestStream.Builder()
              .and(producer(one, Source.MODIFIED, target(other), rows))
              .and(producer(other, Source.MODIFIED, target(one), rows))
              .start()) {
        stream.pull();
        lead(one, "LEAD-1", "Ann");
        reconcile(stream);
        reconcile(stream);

        assertThat(names(one, "Contact")).containsExactly("Ann-LEAD-1");
        assertThat(names(other, "Contact")).containsExactly("Ann-LEAD-1");
        int before = writes(one) + writes(other);
        reconcile(stream);
        assertThat(writes(one) + writes(other))
            .as("writes of idle reconciliations")
            .isEqualTo(before);

        other.update("Contact", "Ann-LEAD-1", Here.json("{'phone': '7'}"));
        reconcile(stream);
        assertThat(only(one, "Contact").path("phone").asText()).isEqualTo("7");
        assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      }
    }
  }

  @Test
  void where_it_is_read_back_before_the_own_one_is_sent_nothing_is_made_of_it() {
    for (boolean sameName : List.of(true, false)) {
      try (StandInSite one = site(Generation.STOCK_15);
          StandInSite other = site(Generation.STOCK_14)) {
        one.makesWith("Lead", lead -> Optional.of(contact("Ann", lead, "Ann of one")));
        if (sameName) {
          other.makesWith("Lead", lead -> Optional.of(contact("Ann", lead, "Ann")));
        }
        ProducerDoctype[] rows = {
          TestRow.of("Lead").locallyNamed().row(),
          TestRow.of("Contact").with(Dependencies.SUBSCRIBED).row()
        };
        try (TestStream stream =
            new TestStream.Builder()
                .and(producer(one, Source.MODIFIED, target(other), rows))
                .and(producer(other, Source.MODIFIED, target(one), rows))
                .start()) {
          stream.pull();
          lead(one, "LEAD-1", "Ann");
          // the Lead is written, its Contact is not
          other.fail(
              2,
              request ->
                  request.uri().contains("Dynamic%20Link") && request.uri().contains("owner"),
              Fault.badGateway());
          reconcile(stream);
          reconcile(stream);
          assertThat(names(one, "Contact")).containsExactly("Ann");
          assertThat(only(one, "Contact").path("first_name").asText()).isEqualTo("Ann of one");
          assertThat(note(stream)).contains("made it by itself, as " + one.url() + " had");
          reconcile(stream);
          reconcile(stream);

          assertThat(names(one, "Contact")).containsExactly("Ann");
          assertThat(names(other, "Contact")).containsExactly("Ann");
          assertThat(only(other, "Contact").path("first_name").asText()).isEqualTo("Ann of one");
          assertThat(
                  stream
                      .database()
                      .rows(
                          "select status, event_producer, ref_doctype, producer_doc, docname, error, note from event_sync_log where status <> 'Synced'"))
              .isEmpty();

          other.update("Contact", "Ann", Here.json("{'phone': '7'}"));
          reconcile(stream);
          assertThat(only(one, "Contact").path("phone").asText()).isEqualTo("7");
        }
      }
    }
  }

  private static boolean isList(String uri) {
    return uri.contains("/api/resource/") || uri.contains("get_list");
  }

  private static void lose(StandInSite site, String call) {
    site.fail(
        1,
        request -> !request.method().equals("GET") && request.uri().contains(call),
        new Fault.LostAnswer());
  }

  private static String price(StandInSite site, int i) {
    return site.documents("Item Price").stream()
        .filter(one -> one.path("item_code").asText().equals("I-" + i))
        .map(one -> one.path("name").asText())
        .findFirst()
        .orElseThrow();
  }

  private static ObjectNode price(ObjectNode item) {
    return Here.json(
            "{'doctype': 'Item Price', 'price_list_rate': %s}"
                .formatted(item.path("standard_rate").asText()))
        .put("item_code", item.path("name").asText());
  }

  private static String lead(StandInSite site, String name, String firstName) {
    site.insert(
        "Lead",
        Here.json(
            "{'name': '%s', 'naming_series': 'L-.####', 'first_name': '%s'}"
                .formatted(name, firstName)));
    return name;
  }

  private static ObjectNode contact(String name, ObjectNode lead, String firstName) {
    return contact(name, lead.path("name").asText(), firstName);
  }

  private static ObjectNode contact(String name, String lead, String firstName) {
    return Here.json(
        "{'doctype': 'Contact', 'name': '%s', 'first_name': '%s', 'links': [{'doctype': 'Dynamic Link', 'link_doctype': 'Lead', 'link_name': '%s'}]}"
            .formatted(name, firstName, lead));
  }

  /**
   * A Lead without Contacts on the producer, with these on the target; its name on the producer.
   */
  private static String leadWithContactsThere(
      StandInSite hq, StandInSite branch, TestStream stream, String... names) {
    hq.makesWith("Lead", lead -> Optional.empty());
    branch.makesWith("Lead", lead -> Optional.empty());
    String lead = lead(hq, "LEAD-1", "Ann");
    stream.pull();
    for (String name : names) {
      branch.insert("Contact", contact(name, only(branch, "Lead"), name + " there"));
    }
    return lead;
  }

  private static TestStream streamed(StandInSite hq, StandInSite branch) {
    TestStream stream =
        joined(
                hq,
                branch,
                TestRow.of("Lead").locallyNamed(),
                TestRow.of("Contact"),
                TestRow.of("Item"),
                TestRow.of("Item Price"))
            .attempts(1)
            .start();
    stream.pull();
    return stream;
  }

  /** As ERPNext makes them: the name of a Contact ends with that of its Lead. */
  private static StandInSite site(Generation generation) {
    StandInSite site = StandInSite.start(generation);
    if (generation.streams()) {
      site.approveAll();
    }
    for (String doctype : List.of(LEAD, CONTACT, CONTACT_PHONE, DYNAMIC_LINK, ITEM, ITEM_PRICE)) {
      site.putDocType(Here.json(doctype));
    }
    return site.makesWith(
        "Lead",
        lead -> {
          String firstName = lead.path("first_name").asText();
          return Optional.of(
              contact(firstName + "-" + lead.path("name").asText(), lead, firstName));
        });
  }
}
