package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.eventstreaming.main.ProjectRoutes;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.Forwarder;
import org.eventstreaming.stream.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code doctor} against sites of all kinds, well and ill. */
class DoctorTest extends CommandLineTest {
  @ParameterizedTest
  @CsvSource({
    "V13, 'frappe 13.58.21', frappe.event_streaming.doctype",
    "V14, 'frappe 14.81.4', frappe.event_streaming.doctype",
    "V15_APP, 'event_streaming 0.0.1, frappe 15.45.0', event_streaming.event_streaming.doctype",
    "STOCK_15, 'frappe 15.45.0', It has no Event Streaming"
  })
  void of_a_healthy_site_everything_is_ok(Generation generation, String versions, String source) {
    try (StandInSite site = healthy(generation)) {
      following(site, "ToDo", "Order");

      assertThat(run("doctor")).as(this::out).isZero();

      assertThat(out())
          .contains("here\n  skipped  database: ", site.url() + "\n  ok ")
          .contains("versions: Installed are " + versions, source)
          .contains("key: The key belongs to Administrator")
          .contains("The site works in Asia/Kolkata")
          .contains("Order: It may be read, its rows too: Order Row.")
          .doesNotContain("warning", "problem");
      // the embedded database was not needed
      assertThat(project.resolve("data")).doesNotExist();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"V13", "V14", "V15_APP", "STOCK_13", "STOCK_15"})
  void a_wrong_secret_is_reported_as_one_and_ends_the_looking(Generation generation) {
    try (StandInSite site = healthy(generation)) {
      following(site, "ToDo");
      file("secret", "wrong");

      assertThat(run("doctor", "site")).isEqualTo(Command.UNREACHABLE);

      assertThat(out())
          .contains(
              "  problem  key: The site does not know this api_key, or the api_secret is wrong.")
          .contains("reachable: A Frappe site answers.")
          .doesNotContain("ToDo", "wrong\n");
    }
  }

  @Test
  void a_site_that_only_a_proxy_knows_is_called_by_it_and_not_looked_up() throws IOException {
    try (StandInSite site = healthy(Generation.V15_APP);
        Forwarder proxy = Forwarder.proxyOf(site)) {
      following(site, "ToDo");
      file(
          "producers/site.yaml",
          textOf("producers/site.yaml").replace(site.url(), "http://hq.invalid"));
      file(
          "routes/call-site.camel.yaml",
          ProjectRoutes.copy("call-site.camel.yaml")
                  .text()
                  .stripTrailing()
                  .concat("\n              proxyHost: 127.0.0.1\n              proxyPort: \"")
              + proxy.port()
              + "\"\n");

      assertThat(run("doctor")).as(this::out).isZero();

      assertThat(out())
          .contains("skipped  DNS: Calls go through the project's own routes/call-site.camel.yaml")
          .contains("key: The key belongs to Administrator")
          .doesNotContain("problem");
    }
  }

  @Test
  void a_right_that_is_missing_is_reported_for_its_type_alone() {
    try (StandInSite site = healthy(Generation.STOCK_15)) {
      following(site, "ToDo", "Order", "Nope");
      site.forbidden("Order Row").forbidden("Deleted Document").withoutDocType("Nope");

      assertThat(run("doctor", "-o", "json")).isEqualTo(Command.INVALID_FILES);

      assertThat(level("ToDo")).isEqualTo("ok");
      assertThat(level("Order")).isEqualTo("problem");
      assertThat(finding("Order").path("what").asText())
          .contains("Could not list Order Row", "403");
      assertThat(finding("Order").path("do").asText())
          .isEqualTo("Give Administrator a role that may read Order.");
      assertThat(level("Nope")).isEqualTo("problem");
      assertThat(level("deletions")).isEqualTo("warning");
      assertThat(level("renames")).isEqualTo("ok");
    }
  }

  @Test
  void user_permissions_that_narrow_the_key_are_named() {
    try (StandInSite site = healthy(Generation.STOCK_15)) {
      following(site, "ToDo");
      for (String permission :
          List.of(
              "{'user': 'Administrator', 'allow': 'Company', 'for_value': 'Alpha'}",
              "{'user': 'Administrator', 'allow': 'Territory', 'for_value': 'Nepal',"
                  + " 'applicable_for': 'Customer'}",
              "{'user': 'other@example.com', 'allow': 'Company', 'for_value': 'Beta'}")) {
        site.insert("User Permission", docType(permission));
      }

      assertThat(run("doctor")).as(this::out).isZero();

      assertThat(out())
          .contains(
              "  warning  user permissions: Administrator is restricted to Company Alpha (all"
                  + " document types); Territory Nepal (Customer alone).")
          .doesNotContain("Beta");
    }
  }

  @Test
  void user_permissions_that_may_not_be_read_are_reported_as_unknown() {
    try (StandInSite site = healthy(Generation.STOCK_15).forbidden("User Permission")) {
      following(site, "ToDo");

      assertThat(run("doctor")).as(this::out).isZero();

      assertThat(out()).contains("  warning  user permissions: The key may not read User Perm");
    }
  }

  @Test
  void a_log_that_may_not_be_listed_is_a_warning_and_no_problem() {
    try (StandInSite site = healthy(Generation.V14).logTableForbidden()) {
      following(site, "ToDo");

      assertThat(run("doctor")).isZero();

      assertThat(out()).contains("  warning  update log: ", "role System Manager");
    }
  }

  @Test
  void a_stock_site_that_is_asked_for_its_log_is_a_problem() {
    try (StandInSite site = healthy(Generation.STOCK_15)) {
      following(site, "ToDo").alsoInProducerFile("source: update_log");

      assertThat(run("doctor")).isEqualTo(Command.INVALID_FILES);

      assertThat(out()).contains("problem  source: ", "source: modified");
    }
  }

  @Test
  void nobody_there_and_somebody_else_there_are_distinguished() {
    try (StandInSite site = healthy(Generation.V15_APP)) {
      following(site, "ToDo");
      site.fail(100, call -> call.kind() == CallKind.METHOD, Fault.htmlPage());
      assertThat(run("doctor")).isEqualTo(Command.UNREACHABLE);
      assertThat(out()).contains("problem  reachable: ", "a page came instead of JSON", "proxy");

      site.refuseConnections();
      assertThat(run("doctor")).isEqualTo(Command.UNREACHABLE);
      assertThat(out()).contains("problem  reachable: ", "Is the site up and reachable?");
    }
  }

  @Test
  void a_key_of_another_user_and_a_zone_that_is_not_set_are_warnings() {
    try (StandInSite site = healthy(Generation.V13).zoneUnset()) {
      following(site, "ToDo");
      file("producers/site.yaml", textOf("producers/site.yaml").replace("user: Adm", "user: X"));

      assertThat(run("doctor")).isZero();

      assertThat(out())
          .contains(
              "warning  key: The key belongs to Administrator, the file says user Xinistrator")
          .contains("warning  time zone: None is set there");
    }
  }

  @Test
  void a_database_of_ours_is_looked_at_and_one_that_is_not_there_closes_the_door() {
    try (TestDatabase database = TestDatabase.create()) {
      settings(database);
      assertThat(run("doctor")).isZero();
      assertThat(out()).contains("ok       database: PostgreSQL ");

      file(
          "config/application.properties",
          "eventstreaming.database.url=jdbc:postgresql://127.0.0.1:1/nothing\n");
      assertThat(run("doctor")).isEqualTo(Command.UNREACHABLE);
      assertThat(out())
          .contains("problem  database: Could not connect to jdbc:postgresql://127.0.0.1:1");
    }
  }

  @Test
  void the_target_of_a_producer_is_looked_at_under_a_heading_of_its_own() {
    try (StandInSite site = healthy(Generation.V15_APP);
        StandInSite branch = healthy(Generation.STOCK_15)) {
      following(site, "ToDo").alsoInProducerFile("target: branch");
      file(
          "sites/branch.yaml",
          """
          url: %s
          user: Administrator
          api_key: %s
          api_secret: "{{file:branch-secret}}"
          """
              .formatted(branch.url(), branch.apiKey()));
      file("branch-secret", branch.apiSecret());

      assertThat(run("doctor")).as(this::out).isZero();

      assertThat(out())
          .contains(branch.url() + ", target of " + site.url() + "\n")
          .contains("  ok       rights: The key may do all that is needed with ToDo.");

      file("branch-secret", "wrong");

      assertThat(run("doctor", "-o", "json")).isEqualTo(Command.UNREACHABLE);

      JsonNode last = Rows.parsed(out()).path(Rows.parsed(out()).size() - 1);
      assertThat(last.path("site").asText()).isEqualTo(branch.url());
      assertThat(last.path("target_of").asText()).isEqualTo(site.url());
      assertThat(last.path("check").asText()).isEqualTo("key");
      assertThat(last.path("level").asText()).isEqualTo("problem");
    }
  }

  @Test
  void a_producer_that_no_file_describes_is_a_slip_of_the_person() {
    file("producers/README.md", "none yet");

    assertThat(run("doctor", "nobody")).isEqualTo(Command.USAGE);

    assertThat(err()).contains("'nobody' is neither");
  }

  private static StandInSite healthy(Generation generation) {
    StandInSite site = StandInSite.start(generation);
    site.putDocType(docType("{'name': 'ToDo', 'fields': []}"));
    site.putDocType(
        docType(
            "{'name': 'Order', 'fields': [{'fieldname': 'rows', 'fieldtype': 'Table',"
                + " 'options': 'Order Row'}]}"));
    site.putDocType(docType("{'name': 'Order Row', 'istable': 1, 'fields': []}"));
    return site;
  }

  private static ObjectNode docType(String text) {
    return (ObjectNode) Rows.parsed(text.replace('\'', '"'));
  }

  private String level(String check) {
    return finding(check).path("level").asText();
  }

  private JsonNode finding(String check) {
    for (JsonNode row : Rows.parsed(out())) {
      if (row.path("check").asText().equals(check)) {
        return row;
      }
    }
    throw new AssertionError(check + " is not in " + out());
  }
}
