package org.eventstreaming.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eventstreaming.update.DocumentJson;
import org.junit.jupiter.api.Test;

/** What sites of three generations answered when something went wrong, read for a person. */
class FrappeErrorTest {
  @Test
  void every_recorded_error_of_frappe_13_has_its_kind_and_a_message_without_markup()
      throws IOException {
    assertThat(errors("frappe-13"))
        .containsExactly(
            "403 REFUSED PermissionError: You are not permitted to access this resource. Function frappe.event_streaming.doctype.event_update_log.event_update_log.get_update_logs_for_consumer is not whitelisted.",
            "401 KEY_REFUSED AuthenticationError: Password not found",
            "403 REFUSED PermissionError: You are not permitted to access this resource. Function frappe.event_streaming.doctype.event_update_log.event_update_log.get_update_logs_for_consumer is not whitelisted.",
            "401 KEY_REFUSED AuthenticationError: Password not found",
            "404 NOT_FOUND DoesNotExistError: Event Consumer http://nobody.example not found",
            "500 FAULT TypeError: get_update_logs_for_consumer() missing 1 required positional argument: 'doctypes'",
            "500 FAULT JSONDecodeError: Expecting value: line 1 column 2 (char 1)",
            "404 NOT_FOUND DoesNotExistError: ToDo nope not found",
            "500 REJECTED ImportError: Module import failed for Nope (frappe.core.doctype.nope.nope Error: No module named 'frappe.core.doctype.nope')",
            "500 FAULT AttributeError: 'NoneType' object has no attribute 'strip'",
            "417 REJECTED LinkValidationError: Could not find Role: No Such Role",
            "409 REJECTED DuplicateEntryError: Role System Manager already exists",
            "500 FAULT JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
            "417 NO_SUCH_METHOD ValidationError: Failed to get method for command frappe.no.such with No module named 'frappe.no'",
            "417 STALE TimestampMismatchError: Error: Document has been modified after you have opened it (2026-11-22 13:55:27.339093, 2026-11-22 13:56:23.025979). Please refresh to get the latest document.",
            "403 REFUSED PermissionError: Insufficient Permission for Event Update Log");
  }

  @Test
  void every_recorded_error_of_frappe_14_has_its_kind_and_a_message_without_markup()
      throws IOException {
    assertThat(errors("frappe-14"))
        .containsExactly(
            "403 REFUSED PermissionError: You are not permitted to access this resource. Function frappe.event_streaming.doctype.event_update_log.event_update_log.get_update_logs_for_consumer is not whitelisted.",
            "401 KEY_REFUSED AuthenticationError: AuthenticationError",
            "401 KEY_REFUSED AuthenticationError: AuthenticationError",
            "401 KEY_REFUSED AuthenticationError: AuthenticationError",
            "404 NOT_FOUND DoesNotExistError: Event Consumer http://nobody.example not found",
            "500 FAULT TypeError: get_update_logs_for_consumer() missing 1 required positional argument: 'doctypes'",
            "500 FAULT JSONDecodeError: Expecting value: line 1 column 2 (char 1)",
            "404 NOT_FOUND DoesNotExistError: ToDo nope not found",
            "500 REJECTED ImportError: Module import failed for Nope, the DocType you're trying to open might be deleted. Error: No module named 'frappe.core.doctype.nope'",
            "500 FAULT AttributeError: 'NoneType' object has no attribute 'strip'",
            "417 REJECTED LinkValidationError: Could not find Role: No Such Role",
            "409 REJECTED DuplicateEntryError: Role System Manager already exists",
            "417 REJECTED MandatoryError: Error: Value missing for ToDo: Description",
            "417 NO_SUCH_METHOD ValidationError: Failed to get method for command frappe.no.such with No module named 'frappe.no'",
            "417 STALE TimestampMismatchError: Error: Document has been modified after you have opened it (2026-11-22 13:56:46.534837, 2026-11-22 13:57:05.569666). Please refresh to get the latest document.",
            "403 REFUSED PermissionError: User reader14@example.com does not have doctype access via role permission for document Event Update Log");
  }

  @Test
  void every_recorded_error_of_frappe_15_has_its_kind_and_a_message_without_markup()
      throws IOException {
    assertThat(errors("app-15"))
        .containsExactly(
            "403 REFUSED PermissionError: You are not permitted to access this resource. Function event_streaming.event_streaming.doctype.event_update_log.event_update_log.get_update_logs_for_consumer is not whitelisted.",
            "401 KEY_REFUSED AuthenticationError: AuthenticationError",
            "401 KEY_REFUSED AuthenticationError: AuthenticationError",
            "401 KEY_REFUSED AuthenticationError: AuthenticationError",
            "404 NOT_FOUND DoesNotExistError: Event Consumer http://nobody.example not found",
            "500 FAULT TypeError: get_update_logs_for_consumer() missing 1 required positional argument: 'doctypes'",
            "500 FAULT JSONDecodeError: Expecting value: line 1 column 2 (char 1)",
            "404 NOT_FOUND DoesNotExistError: ToDo nope not found",
            "500 REJECTED ImportError: No module named 'frappe.core.doctype.nope'",
            "417 REJECTED MandatoryError: Error: Value missing for Note: Title",
            "417 REJECTED LinkValidationError: Could not find Role: No Such Role",
            "409 REJECTED DuplicateEntryError: Role System Manager already exists",
            "417 REJECTED MandatoryError: Error: Value missing for ToDo: Description",
            "417 NO_SUCH_METHOD ValidationError: Failed to get method for command frappe.no.such with No module named 'frappe.no'",
            "417 STALE TimestampMismatchError: Error: Document has been modified after you have opened it (2026-11-22 13:58:20.724846, 2026-11-22 13:58:41.444138). Please refresh to get the latest document.",
            "403 REFUSED PermissionError: User reader15@example.com does not have doctype access via role permission for document Event Update Log");
  }

  @Test
  void a_page_instead_of_json_is_reported_by_its_status_alone() {
    FrappeError error = FrappeError.of(502, "<html><h1>502 Bad Gateway</h1></html>");

    assertThat(error.kind("")).isEqualTo(SiteFailure.Kind.BUSY);
    assertThat(error.message()).isEqualTo("HTTP 502 with a page instead of JSON");
  }

  @Test
  void a_site_says_in_its_own_language_that_it_does_not_have_a_method() {
    String method = "event_streaming.event_streaming.doctype.event_consumer.register_consumer";
    FrappeError error =
        FrappeError.of(
            417,
            """
            {"exception": "frappe.exceptions.ValidationError: Methode für den Befehl %s mit App
            event_streaming is not installed konnte nicht abgerufen werden"}
            """
                .replace("\n", " ")
                .formatted(method));

    assertThat(error.kind("/api/method/" + method)).isEqualTo(SiteFailure.Kind.NO_SUCH_METHOD);
    assertThat(error.kind("/api/method/frappe.client.insert")).isEqualTo(SiteFailure.Kind.REJECTED);
  }

  @Test
  void an_empty_answer_is_reported_by_its_status_alone() {
    assertThat(FrappeError.of(404, "").kind("")).isEqualTo(SiteFailure.Kind.NOT_FOUND);
    assertThat(FrappeError.of(404, "{}").message()).isEqualTo("HTTP 404");
    assertThat(FrappeError.of(503, "[]").kind("")).isEqualTo(SiteFailure.Kind.BUSY);
  }

  @Test
  void a_page_that_says_404_reports_nothing_of_the_document() {
    assertThat(FrappeError.of(404, "<p>No such site</p>").kind(""))
        .isEqualTo(SiteFailure.Kind.UNREADABLE);
  }

  @Test
  void the_message_that_was_raised_goes_before_messages_beside_it() {
    FrappeError error =
        FrappeError.of(
            417,
            """
            {"_server_messages": "[\\"{\\\\\\"message\\\\\\": \\\\\\"raised\\\\\\", \\\\\\"raise_exception\\\\\\": 1}\\", \\"{\\\\\\"message\\\\\\": \\\\\\"beside\\\\\\"}\\"]"}
            """);

    assertThat(error.message()).isEqualTo("raised");
  }

  @Test
  void what_looks_like_markup_and_is_none_stays() {
    FrappeError error =
        FrappeError.of(417, "{\"exception\": \"ValidationError: 3 &lt; 5 and <b>a</b><br>b\"}");

    assertThat(error.message()).isEqualTo("3 < 5 and a b");
    assertThat(error.excType()).isEqualTo("ValidationError");
  }

  @Test
  void an_error_of_the_second_api_is_read_too() {
    FrappeError error =
        FrappeError.of(
            404, "{\"errors\": [{\"type\": \"DoesNotExistError\", \"message\": \"no\"}]}");

    assertThat(error.message()).isEqualTo("no");
    assertThat(error.kind("")).isEqualTo(SiteFailure.Kind.NOT_FOUND);
  }

  private static List<String> errors(String folder) throws IOException {
    List<String> errors = new ArrayList<>();
    for (String line :
        Files.readAllLines(
            Path.of("src/test/resources/recordings", folder, "exchanges.jsonl"),
            StandardCharsets.UTF_8)) {
      JsonNode response = DocumentJson.MAPPER.readTree(line).path("response");
      int status = Integer.parseInt(response.path("status").asText().substring(0, 3));
      if (status >= 400) {
        FrappeError error = FrappeError.of(status, response.path("body").asText());
        errors.add(
            "%d %s %s: %s".formatted(status, error.kind(""), error.excType(), error.message()));
      }
    }
    return errors;
  }
}
