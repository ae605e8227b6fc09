package org.eventstreaming.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Objects;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImportTest extends CommandLineTest {
  private final StandInSite site = StandInSite.start(Generation.V14);

  @BeforeEach
  void aSiteThatFollowsAnother() {
    variable("FRAPPE_API_KEY", site.apiKey()).variable("FRAPPE_API_SECRET", site.apiSecret());
    export().forEach(mapping -> site.put("Document Type Mapping", (ObjectNode) mapping));
    site.put(
        "Event Producer",
        json(
            """
            {"name": "https://hq.example.com:8443", "producer_url": "https://hq.example.com:8443",
             "user": "stream@example.com", "api_key": "6e1f0c", "api_secret": "********",
             "incoming_change": 0, "owner": "Administrator", "producer_doctypes": [
               {"idx": 1, "name": "r1", "ref_doctype": "Item", "use_same_name": 1,
                "has_mapping": 0, "mapping": "Left Over", "status": "Approved", "condition": ""},
               {"idx": 2, "name": "r2", "ref_doctype": "Issue", "use_same_name": 0,
                "has_mapping": 1, "mapping": "Issue from Ticket", "unsubscribe": 1,
                "condition": "doc.status == 'Open' and\\ndoc.priority != \\"Low\\""}]}
            """));
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void an_event_producer_becomes_a_file_in_the_words_of_frappe_without_its_secrets() {
    assertThat(run("import", "--from", site.url())).isEqualTo(Command.DONE);

    assertThat(text("producers/hq-example-com-8443.yaml"))
        .isEqualTo(
            """
            # yaml-language-server: $schema=../src/main/resources/schema/event-producer-1.json
            producer_url: https://hq.example.com:8443
            user: stream@example.com
            api_key: '{{env:HQ_EXAMPLE_COM_8443_API_KEY}}'
            api_secret: '{{env:HQ_EXAMPLE_COM_8443_API_SECRET}}'
            producer_doctypes:
              - ref_doctype: Item
                use_same_name: 1
              - ref_doctype: Issue
                use_same_name: 0
                has_mapping: 1
                mapping: Issue from Ticket
                condition: |-
                  doc.status == 'Open' and
                  doc.priority != "Low"
                unsubscribe: 1
            """);
    assertThat(out()).doesNotContain("6e1f0c", site.apiSecret());
  }

  @Test
  void a_mapping_becomes_a_file_whose_unmapped_fields_stay_as_in_frappe() {
    assertThat(run("import", "--from", site.url() + "/")).isEqualTo(Command.DONE);

    assertThat(text("mappings/issue-from-ticket.yaml"))
        .isEqualTo(
            """
            # yaml-language-server: $schema=../src/main/resources/schema/document-type-mapping-1.json
            mapping_name: Issue from Ticket
            local_doctype: Issue
            remote_doctype: Ticket
            unmapped_fields: keep
            field_mapping:
              - local_fieldname: subject
                remote_fieldname: title
              - local_fieldname: customer
                remote_fieldname: account
                mapping_type: Document
                mapping: Customer from Account
                remote_value_filters:
                  account_name: account
                  region: eval:doc.region or 'EMEA'
              - local_fieldname: priority
                default_value: Medium
              - local_fieldname: name
                remote_fieldname: name
            """);
    assertThat(text("mappings/customer-from-account.yaml")).contains("unmapped_fields: keep");
  }

  @Test
  void what_is_written_is_accepted_once_the_placeholders_have_values() {
    assertThat(run("import", "--from", site.url())).isEqualTo(Command.DONE);

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);
    assertThat(out().lines())
        .hasSize(2)
        .allMatch(line -> line.matches("producers/hq.*the environment variable HQ.* is not set"));
    String file = text("producers/hq-example-com-8443.yaml");
    file("secret", "x")
        .file("producers/hq-example-com-8443.yaml", file.replaceAll("env:\\w+", "file:secret"));
    assertThat(run("validate")).isEqualTo(Command.DONE);
    assertThat(out()).contains("1 Event Producer(s), 2 mapping(s)");
  }

  @Test
  void it_says_what_was_written_and_what_a_person_does_next() {
    assertThat(run("import", "--from", site.url(), "-o", "json")).isEqualTo(Command.DONE);

    JsonNode reported = Rows.parsed(out());
    assertThat(reported.path("files"))
        .containsOnlyOnce(
            json(
                """
                {"file": "producers/hq-example-com-8443.yaml", "status": "written",
                 "doctype": "Event Producer", "name": "https://hq.example.com:8443", "why": null,
                 "notes": []}
                """))
        .hasSize(3);
    assertThat(reported.path("environment").toString())
        .isEqualTo("[\"HQ_EXAMPLE_COM_8443_API_KEY\",\"HQ_EXAMPLE_COM_8443_API_SECRET\"]");
    assertThat(reported.path("problems")).isEmpty();

    assertThat(run("import", "--from", site.url())).isEqualTo(Command.DONE);
    assertThat(out().lines())
        .anyMatch(line -> line.matches("\\| mappings/issue-from-ticket.yaml +\\| unchanged .*"))
        .anyMatch(
            line ->
                line.startsWith("Next: set HQ_EXAMPLE_COM_8443_API_KEY, ")
                    && line.contains("stream@example.com of https://hq.example.com:8443"))
        .anyMatch(line -> line.contains("approve the new Event Consumer"));
  }

  @Test
  void a_file_that_says_something_else_is_overwritten_only_by_force() {
    file(
        "mappings/issue-from-ticket.yaml",
        "mapping_name: Mine\nlocal_doctype: A\nremote_doctype: B\nfield_mapping: [{local_fieldname: a, constant: 1}]\n");

    assertThat(run("import", "--from", site.url())).isEqualTo(Command.SOME_FAILED);

    assertThat(text("mappings/issue-from-ticket.yaml")).startsWith("mapping_name: Mine");
    assertThat(out())
        .contains("mappings/issue-from-ticket.yaml was not written: the file has other content")
        .contains(
            "To be corrected: producers/hq-example-com-8443.yaml:",
            "there is no mapping 'Issue from Ticket'");
    assertThat(run("import", "--from", site.url(), "--force")).isEqualTo(Command.DONE);
    assertThat(text("mappings/issue-from-ticket.yaml")).contains("mapping_name: Issue from Ticket");
    assertThat(out()).contains("overwritten");
  }

  @Test
  void what_frappe_takes_no_account_of_is_left_out_and_reported() {
    site.put(
        "Document Type Mapping",
        json(
            """
            {"name": "A/B", "mapping_name": "A/B", "local_doctype": "A", "remote_doctype": "B",
             "field_mapping": [
               {"local_fieldname": "untouched", "remote_fieldname": "", "mapping_type": ""},
               {"local_fieldname": "rows", "remote_fieldname": "lines", "default_value": "none",
                "mapping_type": "Child Table", "mapping": "A B"}]}
            """));
    site.put(
        "Document Type Mapping",
        json(
            """
            {"name": "A B", "mapping_name": "A B", "local_doctype": "A Row", "remote_doctype": "B",
             "field_mapping": [{"local_fieldname": "no", "remote_fieldname": "no",
               "mapping": "Left Over", "remote_value_filters": "{}"}]}
            """));
    site.put(
        "Event Producer",
        json(
            """
            {"name": "http://b", "producer_url": "http://b", "user": "b", "producer_doctypes": [
               {"ref_doctype": "Item", "use_same_name": 1}, {"ref_doctype": "User"}]}
            """));

    assertThat(run("import", "--from", site.url())).isEqualTo(Command.DONE);

    assertThat(out())
        .contains("mappings/a-b-2.yaml: untouched: its row gives no value and is left out")
        .contains("mappings/a-b-2.yaml: rows: its default_value is left out, child rows have none")
        .contains("producers/b.yaml: User is left out: it is never streamed, ");
    assertThat(text("mappings/a-b.yaml"))
        .endsWith("field_mapping:\n  - local_fieldname: no\n    remote_fieldname: no\n");
    assertThat(text("producers/b.yaml")).doesNotContain("User");
  }

  @Test
  void a_document_that_no_file_can_be_made_of_stops_no_other() {
    site.put(
        "Event Producer",
        json(
            """
            {"name": "http://c", "producer_url": "http://u:hidden@c", "producer_doctypes": []}
            """));
    site.put(
        "Event Producer",
        json(
            """
            {"name": "http://d", "producer_url": "http://d", "user": "d", "producer_doctypes": [
               {"ref_doctype": "Item", "condition": "doc.a == '{{env:HOME}}'"}]}
            """));
    site.fail(100, request -> request.uri().contains("Customer%20from"), Fault.badGateway());

    assertThat(run("import", "--from", site.url())).isEqualTo(Command.SOME_FAILED);

    assertThat(out())
        .contains("http://c was not written: its producer_url must not hold a user or password")
        .contains("http://d was not written: its condition holds {{, which begins a placeholder")
        .contains("Customer from Account was not written: Could not read Document Type Mapping")
        .contains("To be corrected: mappings/issue-from-ticket.yaml:")
        .doesNotContain("hidden");
    assertThat(project.resolve("producers/hq-example-com-8443.yaml")).exists();
    assertThat(project.resolve("producers/d.yaml")).doesNotExist();
  }

  @Test
  void a_site_that_is_down_or_refuses_writes_nothing() {
    site.fail(CallKind.LIST, Fault.forbidden());
    assertThat(run("import", "--from", site.url())).isEqualTo(Command.UNREACHABLE);
    assertThat(err()).startsWith("Could not list the documents of Document Type Mapping at ");

    site.refuseConnections();
    assertThat(run("import", "--from", site.url())).isEqualTo(Command.UNREACHABLE);
    assertThat(err()).contains("no answer");
    assertThat(project).isEmptyDirectory();
  }

  @Test
  void a_site_that_never_had_event_streaming_is_reported() {
    site.withoutDocType("Document Type Mapping");

    assertThat(run("import", "--from", site.url())).isEqualTo(Command.UNREACHABLE);

    assertThat(err()).startsWith(site.url() + " has no Event Streaming: ");
  }

  @Test
  void the_credentials_come_from_the_environment() {
    variable("OTHER_KEY", "key").variable("OTHER_SECRET", "wrong");
    assertThat(
            run(
                "import",
                "--from",
                site.url(),
                "--api-key-env",
                "OTHER_KEY",
                "--api-secret-env",
                "OTHER_SECRET"))
        .isEqualTo(Command.UNREACHABLE);

    assertThat(run("import", "--from", site.url(), "--api-key-env", "UNSET"))
        .isEqualTo(Command.USAGE);
    assertThat(err()).startsWith("The environment variables UNSET and FRAPPE_API_SECRET must hold");
    assertThat(run("import", "--from", "hq.example.com")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("--from must start with http");
  }

  static JsonNode export() {
    try (var in = ImportTest.class.getResourceAsStream("/mappings/export.json")) {
      return Rows.parsed(new String(Objects.requireNonNull(in).readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode json(String text) {
    return (ObjectNode) Rows.parsed(text);
  }

  private String text(String file) {
    try {
      return Files.readString(project.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
