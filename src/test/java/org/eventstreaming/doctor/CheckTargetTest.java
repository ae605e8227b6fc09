package org.eventstreaming.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;
import org.eventstreaming.main.SiteConnections;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.LinkedUsers;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Reconcile;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.producer.SiteAccess;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TargetRules;
import org.eventstreaming.producer.TargetSite;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.settings.HttpSettings;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.ReadOnce;
import org.eventstreaming.site.SiteCalls;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.TestStream;
import org.eventstreaming.update.DocumentJson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code doctor} says of a site that documents are to be written to. */
class CheckTargetTest {
  private static final String USER = "stream@example.com";

  private final StandInSite hq = StandInSite.start(Generation.V15_APP);
  private final StandInSite branch = StandInSite.start(Generation.STOCK_15);
  private final SiteConnections connections =
      TestStream.connections(
          Path.of(""), HttpSettings.DEFAULT.withResponseTimeout(Duration.ofSeconds(5)));
  private final SiteCalls calls = connections.calls();

  private LinkedUsers users = LinkedUsers.AS_THEY_ARE;
  private Set<String> asIs = Set.of();

  @BeforeEach
  void describe() {
    branch.keyOf(USER);
    branch.put("User", json("{'name': '%s', 'roles': [{'role': 'Streamer'}]}".formatted(USER)));
    for (StandInSite site : List.of(hq, branch)) {
      type(site, "Order", "prompt", "all", "{'fieldname': 'title', 'fieldtype': 'Data'}");
      type(site, "Buyer", "prompt", "all", "{'fieldname': 'disabled', 'fieldtype': 'Check'}");
    }
  }

  @AfterEach
  void close() {
    connections.close();
    hq.close();
    branch.close();
  }

  @Test
  void of_a_target_that_is_ready_everything_is_ok() {
    give(branch, "System Manager");

    List<Finding> findings = check(true, TestRow.of("Order"));

    assertThat(findings).extracting(Finding::level).containsOnly(Finding.Level.OK);
    assertThat(findings)
        .extracting(Finding::check)
        .containsExactly(
            "DNS",
            "reachable",
            "clock",
            "key",
            "user permissions",
            "time zone",
            "types",
            "rights",
            "fields",
            "names",
            "origin",
            "workflows",
            "disabled documents");
    assertThat(branch.requests()).allMatch(one -> isRead(one.method(), one.uri()));
    assertThat(hq.requests()).allMatch(one -> isRead(one.method(), one.uri()));
  }

  @Test
  void rights_that_are_missing_are_named_for_each_type() {
    type(branch, "Order", "prompt", "read create", "");
    type(branch, "Buyer", "prompt", "read create write", "");

    List<Finding> rights = only(check(true, TestRow.of("Order"), TestRow.of("Buyer")), "rights");

    assertThat(rights)
        .extracting(Finding::level)
        .containsExactly(Finding.Level.PROBLEM, Finding.Level.WARNING);
    assertThat(rights.get(0).what())
        .isEqualTo("The key may not write, submit, cancel, delete Order.");
    assertThat(rights.get(0).advice()).contains(USER, "Order");
    assertThat(rights.get(1).what())
        .isEqualTo("The key may not delete Buyer. What the producer deletes stays there.");
  }

  @Test
  void a_right_to_own_documents_alone_is_none_but_to_create() {
    ObjectNode order = type(branch, "Order", "prompt", "all", "");
    ((ObjectNode) order.path("permissions").get(0)).put("if_owner", 1);
    branch.putDocType(order);

    assertThat(only(check(true, TestRow.of("Order")), "rights").get(0).what())
        .isEqualTo("The key may not read, write, submit, cancel, delete Order.");
  }

  @Test
  void types_and_fields_that_the_target_does_not_have_are_named_once() {
    type(
        hq,
        "Order",
        "prompt",
        "all",
        "{'fieldname': 'title', 'fieldtype': 'Data'}, {'fieldname': 'color', 'fieldtype': 'Data'},"
            + "{'fieldname': 'shop', 'fieldtype': 'Link', 'options': 'Shop'},"
            + "{'fieldname': 'sum', 'fieldtype': 'Float', 'is_virtual': 1},"
            + "{'fieldname': 'items', 'fieldtype': 'Table', 'options': 'Item Row'}");
    type(hq, "Item Row", "", "", "{'fieldname': 'weight', 'fieldtype': 'Float'}");
    type(hq, "Shop", "", "", "");
    type(hq, "Ship", "", "", "");
    type(
        branch,
        "Order",
        "prompt",
        "all",
        "{'fieldname': 'title', 'fieldtype': 'Data'},"
            + "{'fieldname': 'tax_id', 'fieldtype': 'Data', 'reqd': 1},"
            + "{'fieldname': 'items', 'fieldtype': 'Table', 'options': 'Item Row'}");
    type(branch, "Item Row", "", "", "");

    List<Finding> findings =
        check(true, TestRow.of("Order").with(Dependencies.ALL), TestRow.of("Ship"));

    List<Finding> types = only(findings, "types");
    assertThat(types)
        .extracting(Finding::level)
        .containsExactly(Finding.Level.PROBLEM, Finding.Level.WARNING);
    assertThat(types.get(0).what()).startsWith("The site has no DocType Ship:");
    assertThat(types.get(1).what()).startsWith("The site has no DocType Shop, which");
    List<Finding> fields = only(findings, "fields");
    assertThat(fields).hasSize(2);
    assertThat(fields.get(0).what())
        .isEqualTo(
            "The site has no field for color, shop of Order; weight of Item Row. They are not written.");
    assertThat(fields.get(1).what()).startsWith("The site requires tax_id of Order,");
  }

  @Test
  void
      a_type_that_the_site_does_not_report_of_is_named_with_its_words_and_holds_up_no_other_check() {
    hq.putDocType(
        json(
            "{'name': 'Order', 'fields': [{'fieldname': 'buyer', 'fieldtype': 'Link', 'options': 'Buyer'}]}"));
    branch.fail(
        1,
        one -> one.uri().contains("getdoctype") && one.uri().contains("Buyer"),
        Fault.rejected("Field source is referring to non-existing doctype Lead Source"));

    List<Finding> findings = check(true, TestRow.of("Order").with(Dependencies.ALL));

    assertThat(only(findings, "types").get(0).what())
        .startsWith(
            "The site has no DocType Buyer (417 Field source is referring to non-existing doctype Lead Source), which");
    assertThat(only(findings, "rights").get(0).level()).isEqualTo(Finding.Level.OK);
  }

  @Test
  void a_type_whose_documents_cannot_have_the_names_of_the_producer_is_a_warning() {
    type(branch, "Order", "naming_series:", "all", "");

    Finding names = only(check(true, TestRow.of("Order")), "names").get(0);

    assertThat(names.level()).isEqualTo(Finding.Level.WARNING);
    assertThat(names.what()).startsWith("Order: use_same_name is 1").contains("'naming_series:'");

    ObjectNode renamable = type(branch, "Order", "naming_series:", "all", "");
    branch.putDocType(renamable.put("allow_rename", 1));

    assertThat(only(check(true, TestRow.of("Order")), "names").get(0).what())
        .contains("lets them be renamed");
    assertThat(only(check(true, TestRow.of("Order").locallyNamed()), "names")).isEmpty();
  }

  @Test
  void custom_fields_that_are_missing_and_may_not_be_added_are_a_problem() {
    Finding refused = only(check(true, TestRow.of("Order")), "origin").get(0);

    assertThat(refused.level()).isEqualTo(Finding.Level.PROBLEM);
    assertThat(refused.advice()).contains("System Manager", "of type Data");

    give(branch, "System Manager");

    assertThat(only(check(true, TestRow.of("Order")), "origin").get(0).what())
        .contains("are added with the first new document of: Order.");

    type(
        branch,
        "Order",
        "prompt",
        "all",
        "{'fieldname': 'remote_docname', 'fieldtype': 'Data'},"
            + "{'fieldname': 'remote_site_name', 'fieldtype': 'Data'}");
    give(branch, "Streamer");

    assertThat(only(check(true, TestRow.of("Order")), "origin").get(0).what())
        .startsWith("All types there have the fields");
  }

  @Test
  void what_becomes_of_links_to_users_is_reported_with_the_rights_that_it_needs() {
    type(
        branch,
        "Order",
        "prompt",
        "all",
        "{'fieldname': 'for', 'fieldtype': 'Link', 'options': 'User'}");
    type(branch, "User", "prompt", "read", "");

    assertThat(only(check(true, TestRow.of("Order")), "users").get(0).what())
        .contains("fail", "users.missing");

    users = new LinkedUsers(LinkedUsers.Missing.LEAVE_OUT, Map.of());
    assertThat(only(check(true, TestRow.of("Order")), "users").get(0).level())
        .isEqualTo(Finding.Level.OK);

    users = new LinkedUsers(LinkedUsers.Missing.CREATE, Map.of());
    Finding refused = only(check(true, TestRow.of("Order")), "users").get(0);
    assertThat(refused.level()).isEqualTo(Finding.Level.PROBLEM);
    assertThat(refused.what()).startsWith("The key may not create User:");
  }

  @Test
  void types_that_the_site_names_without_a_rule_in_their_definition_are_one_warning() {
    type(branch, "Order", "", "all", "");
    type(branch, "Buyer", "", "all", "");

    List<Finding> names = only(check(true, TestRow.of("Order"), TestRow.of("Buyer")), "names");

    assertThat(names).hasSize(1);
    assertThat(names.get(0).what())
        .startsWith("Order, Buyer: use_same_name is 1")
        .contains("by its code, or by a hash");
  }

  @Test
  void workflows_and_disabled_documents_are_mentioned() {
    hq.putDocType(
        json(
            "{'name': 'Order', 'fields': [{'fieldname': 'buyer', 'fieldtype': 'Link', 'options': 'Buyer'}]}"));
    branch.put("Workflow", json("{'name': 'Approval', 'document_type': 'Order', 'is_active': 1}"));
    branch.put("Workflow", json("{'name': 'Old', 'document_type': 'Order', 'is_active': 0}"));
    hq.put("Buyer", json("{'name': 'A', 'disabled': 1}"));
    hq.put("Buyer", json("{'name': 'B', 'disabled': 1}"));
    hq.put("Buyer", json("{'name': 'C', 'disabled': 0}"));
    branch.put("Buyer", json("{'name': 'A', 'disabled': 1}"));

    List<Finding> findings = check(true, TestRow.of("Order"));

    assertThat(only(findings, "workflows").get(0).what())
        .startsWith("Active there: Approval (of Order).");
    Finding disabled = only(findings, "disabled documents").get(0);
    assertThat(disabled.level()).isEqualTo(Finding.Level.WARNING);
    assertThat(disabled.what()).contains("on the producer: 2 Buyer; there: 1 Buyer.");
    assertThat(disabled.advice()).startsWith("Add Buyer to history: as_is");

    asIs = Set.of("Buyer");
    disabled = only(check(true, TestRow.of("Order")), "disabled documents").get(0);
    assertThat(disabled.level()).isEqualTo(Finding.Level.OK);
    assertThat(disabled.what()).contains("2 Buyer", "has all of these types in history: as_is");
  }

  @Test
  void time_zones_that_differ_are_reported_with_what_becomes_of_datetimes() {
    branch.zone(ZoneId.of("Europe/Berlin"));

    Finding zone = only(check(true, TestRow.of("Order")), "time zone").get(0);
    assertThat(zone.level()).isEqualTo(Finding.Level.OK);
    assertThat(zone.what()).endsWith("Datetimes are converted.");

    Finding asTheyCome = only(check(false, TestRow.of("Order")), "time zone").get(0);
    assertThat(asTheyCome.level()).isEqualTo(Finding.Level.WARNING);

    branch.zoneUnset();
    assertThat(only(check(true, TestRow.of("Order")), "time zone").get(0).what())
        .startsWith("None is set there");
  }

  @Test
  void a_key_that_the_target_refuses_ends_the_looking() {
    branch.fail(10, one -> one.uri().contains("get_logged_user"), Fault.unauthorized());

    List<Finding> findings = check(true, TestRow.of("Order"));

    Finding last = findings.get(findings.size() - 1);
    assertThat(last.check()).isEqualTo("key");
    assertThat(last.level()).isEqualTo(Finding.Level.CLOSED);
    assertThat(last.advice()).contains(USER);
  }

  @Test
  void calls_are_few_for_each_type_and_none_for_a_document() {
    give(branch, "System Manager");
    for (int i = 0; i < 50; i++) {
      hq.put("Order", json("{'name': 'O%d'}".formatted(i)));
      branch.put("Order", json("{'name': 'O%d'}".formatted(i)));
    }
    check(true, TestRow.of("Order"), TestRow.of("Buyer"));

    assertThat(branch.requests()).hasSizeLessThan(15);
    assertThat(hq.requests()).hasSizeLessThan(6);
  }

  private List<Finding> check(boolean convertsTimes, TestRow... rows) {
    Clock clock = Clock.systemUTC();
    return new CheckTarget(
            new CheckAddress(
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                Duration.ofSeconds(5),
                clock,
                false),
            new FrappeSites(calls, clock, ReadOnce.ONCE),
            clock)
        .check(
            new EventProducer(
                hq.url(),
                "Administrator",
                new Secret(hq.apiKey()),
                new Secret(hq.apiSecret()),
                Source.UPDATE_LOG,
                Read.LIST,
                Reconcile.OFF,
                null,
                null,
                new TargetSite(
                    "branch",
                    new SiteAccess(
                        branch.url(),
                        USER,
                        new Secret(branch.apiKey()),
                        new Secret(branch.apiSecret())),
                    convertsTimes,
                    users,
                    TargetRules.shipped(),
                    asIs),
                List.of(rows).stream().map(TestRow::row).toList()),
            true);
  }

  private static boolean isRead(String method, String uri) {
    return method.equals("GET") || uri.contains("get_roles");
  }

  private static List<Finding> only(List<Finding> findings, String check) {
    return findings.stream().filter(one -> one.check().equals(check)).toList();
  }

  private static void give(StandInSite site, String role) {
    site.put(
        "User",
        json(
            "{'name': '%s', 'roles': [{'role': 'Streamer'}, {'role': '%s'}]}"
                .formatted(USER, role)));
  }

  private static ObjectNode type(
      StandInSite site, String name, String autoname, String rights, String fields) {
    ObjectNode type =
        json(
            "{'name': '%s', 'doctype': 'DocType', 'autoname': '%s', 'is_submittable': %d, 'fields': [%s]}"
                .formatted(name, autoname, name.equals("Order") ? 1 : 0, fields));
    ObjectNode permission = type.putArray("permissions").addObject().put("role", "Streamer");
    for (String right :
        (rights.equals("all") ? "read create write submit cancel delete" : rights).split(" ", -1)) {
      permission.put(right, 1);
    }
    site.putDocType(type);
    return type;
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) DocumentJson.MAPPER.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
