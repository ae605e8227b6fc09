package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValidateTest extends CommandLineTest {
  private static final String MINE =
      """
      - route:
          id: mine
          from:
            uri: direct:mine
            steps:
              - to:
                  uri: log:mine
      """;

  @Test
  void an_empty_project_is_fine_with_the_routes_of_the_jar() {
    assertThat(run("validate")).isEqualTo(Command.DONE);

    assertThat(out()).contains("0 Event Producer(s)", "the routes of the jar", "files are valid");
  }

  @Test
  void a_project_with_a_target_site_is_checked_without_a_database() {
    file("secret", "known to us\n");
    file(
        "sites/branch.yaml",
        """
        url: https://branch.example.com
        user: stream@example.com
        api_key: branch-key
        api_secret: "{{file:secret}}"
        """);
    file(
        "producers/hq.yaml",
        """
        producer_url: https://hq.example.com
        user: stream@example.com
        api_key: hq-key
        api_secret: "{{file:secret}}"
        target: branch
        producer_doctypes:
          - ref_doctype: Customer
        """);

    assertThat(run("validate")).as(out()).isEqualTo(Command.DONE);
  }

  @Test
  void a_directory_may_be_called_as_a_command_is() {
    assertThat(runAnywhere("-C", "resync", "validate")).isEqualTo(Command.USAGE);

    assertThat(err()).contains("-C: there is no directory ").doesNotContain("Expected parameter");
  }

  @Test
  void routes_of_the_project_are_counted() {
    ownRoutes().file("routes/mine.camel.yaml", MINE);

    assertThat(run("validate")).isEqualTo(Command.DONE);

    assertThat(out()).contains("the routes of the jar with 1 file(s) of this project");
  }

  @Test
  void the_problems_of_all_kinds_of_files_are_reported_together() {
    file("config/application.properties", "eventstreaming.poll.page = 0\n");
    file("producers/hq.yaml", "producer_url: [\n");
    file("doctypes/a.json", "{\"name\": 7}\n");
    file("doctypes/b.yaml", "name: [\n");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out())
        .contains("config/application.properties:1:", "producers/hq.yaml:2:1: ")
        .contains("doctypes/a.json:1:", "doctypes/b.yaml:2:1: ");
  }

  @Test
  void a_condition_that_is_no_expression_is_reported_with_its_place() {
    producer("producers/hq.yaml", "doc.disabled = 0");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out()).contains("producers/hq.yaml:7:29: condition is not an expression", "'=='");
  }

  @Test
  void a_broken_producer_file_hides_no_mistake_in_the_routes() {
    ownRoutes().file("producers/hq.yaml", "producer_url: [\n");
    route("retry", "method: anyDue", "metod: anyDue");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out()).contains("producers/hq.yaml:2:1: ", "routes/retry.camel.yaml:");
  }

  @Test
  void every_file_of_routes_has_its_first_mistake_reported_with_its_place() {
    ownRoutes();
    route("poll", "description: Polls", "description: \"Polls");
    route("retry", "- filter:", "- filterr:");
    route("consumer", "ref: acceptUpdate", "ref: acceptUpdat");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    List<String> consumer = textOf("routes/consumer.camel.yaml").lines().toList();
    int route = consumer.indexOf("    id: accept-page") + 1;
    assertThat(out().lines())
        .anyMatch(line -> line.matches("routes/poll.camel.yaml:\\d+:\\d+: .*"))
        .anyMatch(
            line ->
                line.matches(
                    "routes/retry.camel.yaml:\\d+:\\d+: unknown step 'filterr': did you mean filter[?]"))
        .anyMatch(
            line ->
                line.matches(
                    "routes/consumer.camel.yaml:%d:9: route accept-page, .*acceptUpdat"
                        .formatted(route)))
        .hasSize(3);
  }

  @Test
  void a_key_that_camel_does_not_know_is_reported_at_its_own_line() {
    String route =
        """
        - route:
            id: mine
            description: One of ours
            from:
              uri: direct:mine
              steps:
                - to:
                    uri: log:mine
                    parameters:
                      showAll: "true"
                - split:
                    simple: "${body}"
                    streaming: "true"
                    steps:
                      - log: one
        """;
    Map.of(
            "description: One",
                "descripton: One\n3:5: unknown key 'descripton': did you mean description?",
            "steps:\n        - to",
                "stesp:\n        - to\n6:7: unknown key 'stesp': did you mean steps?",
            "uri: log", "urii: log\n8:13: unknown key 'urii': did you mean uri?",
            "showAll", "showAl\n10:15: route mine, step to[log:mine?showAl=true]: ",
            "streaming",
                "streming\n13:13: unknown key 'streming', or a second expression where one is allowed")
        .forEach(
            (right, wrong) -> {
              int end = wrong.lastIndexOf('\n');
              file("routes/mine.camel.yaml", route.replace(right, wrong.substring(0, end)));

              assertThat(run("validate")).as(wrong).isEqualTo(Command.INVALID_FILES);

              assertThat(out())
                  .startsWith("routes/mine.camel.yaml:" + wrong.substring(end + 1))
                  .hasLineCount(1);
            });
  }

  @Test
  void a_step_that_camel_does_not_know_is_reported_with_the_nearest_one() {
    file(
        "routes/mine.camel.yaml",
        """
        - route:
            id: mine
            description: One of ours
            from:
              uri: direct:mine
              steps:
                - setHaeder:
                    name: a
                    constant: b
        """);

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out())
        .isEqualToIgnoringNewLines(
            "routes/mine.camel.yaml:7:11: unknown step 'setHaeder': did you mean setHeader?");
  }

  @Test
  void a_route_whose_address_is_a_slip_away_from_one_that_is_called_is_reported() {
    String route =
        """
        - route:
            id: mine
            description: Failures
            from:
              uri: direct:on-failures
              steps:
                - log: one
        """;
    file("routes/mine.camel.yaml", route);

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);
    assertThat(out())
        .isEqualToIgnoringNewLines(
            "routes/mine.camel.yaml:5:12: nothing calls direct:on-failures: did you mean direct:on-failure?");

    file("routes/mine.camel.yaml", route.replace("on-failures", "our-own"));
    assertThat(run("validate")).isEqualTo(Command.DONE);

    file("routes/mine.camel.yaml", route);
    file(
        "routes/other.camel.yaml",
        """
        - route:
            id: other
            description: Calls it
            from:
              uri: direct:other
              steps:
                - wireTap:
                    uri: direct:on-failures
        """);
    assertThat(run("validate")).as("a wire tap calls it").isEqualTo(Command.DONE);
  }

  @Test
  void folders_and_settings_that_are_not_read_are_warnings() {
    file("producer/hq.yaml", "producer_url: https://hq.example.com");
    file("config/application.yml", "eventstreaming: {}");
    file("notes/a.txt", "ours");

    assertThat(run("validate")).isEqualTo(Command.DONE);

    assertThat(out())
        .contains(
            "producer: warning: this folder is not read: did you mean producers?",
            "config/application.yml: warning: this file is not read: settings belong in config/application.properties",
            "with 2 warning(s)");
  }

  @Test
  void a_route_without_steps_is_reported_at_its_place() {
    file("routes/mine.camel.yaml", "- route:\n    id: mine\n    from:\n      uri: direct:mine\n");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out())
        .startsWith(
            "routes/mine.camel.yaml:2:9: route mine, step From[direct:mine]: Route mine has no");
  }

  @Test
  void a_step_that_hands_over_to_no_route_is_reported() {
    ownRoutes();
    route("poll", "uri: direct:each-producer", "uri: direct:each-producr");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out())
        .contains(
            "routes/poll.camel.yaml:",
            "no route begins with direct:each-producr: did you mean direct:each-producer?");
  }

  @Test
  void a_route_that_a_mapping_asks_and_nobody_has_is_reported_with_its_place() {
    file(
        "mappings/a.yaml",
        """
        mapping_name: A
        local_doctype: Ours
        remote_doctype: Theirs
        field_mapping:
          - {local_fieldname: a, route: direct:nope}
        """);

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out())
        .contains(
            "mappings/a.yaml:5:5: no route begins with direct:nope; `event-streaming routes list` shows");
  }

  @Test
  void a_condition_that_asks_for_other_documents_is_refused() {
    producer("producers/hq.yaml", "frappe.db.exists('Item', doc.name)");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out())
        .contains("producers/hq.yaml:7:16: condition sees its document alone: frappe.db is not");
  }

  @Test
  void broken_settings_hide_no_mistake_in_the_routes() {
    ownRoutes().file("config/application.properties", "eventstreaming.poll.page = 0\n");
    route("retry", "method: anyDue", "metod: anyDue");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out()).contains("config/application.properties:1:", "routes/retry.camel.yaml:");
  }

  @Test
  void every_file_of_every_kind_has_all_its_problems_reported() {
    file("config/application.properties", "eventstreaming.poll.page = 0\neventstreaming.x = 1\n");
    producer("producers/a.yaml", "doc.disabled = 0");
    file("producers/b.yaml", "user: [\n");
    file("sites/a.yaml", "url: nowhere\nuser: me\napi_key: '{{env:NO_KEY_HERE}}'\n");
    file("sites/b.yaml", "url: [\n");
    file("mappings/a.yaml", "mapping_name: A\n");
    file("mappings/b.yaml", "mapping_name: [\n");
    file("doctypes/a.json", "{\"name\": 7}\n");
    file("doctypes/b.yaml", "name: [\n");
    ownRoutes();
    route("poll", "description: Polls", "description: \"Polls");
    route("retry", "- filter:", "- filterr:");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out())
        .contains("application.properties:1:", "application.properties:2:")
        .contains("producers/a.yaml:7:", "producers/b.yaml:2:", "mappings/a.yaml:1:")
        .contains("sites/a.yaml:1:6: url", "sites/a.yaml:3:10: api_key", "sites/a.yaml:1:1: ")
        .contains("sites/b.yaml:2:", "mappings/b.yaml:2:", "doctypes/a.json:1:")
        .contains("doctypes/b.yaml:2:", "routes/poll.camel.yaml:", "routes/retry.camel.yaml:");
  }

  @Test
  void a_site_is_checked_where_nothing_is_followed_yet() {
    file("sites/branch.yaml", "url: [\n");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out()).contains("sites/branch.yaml:2:1: ");
  }

  @Test
  void a_secret_that_stands_in_a_file_as_text_is_warned_of_and_never_printed() {
    producer("producers/hq.yaml", "doc.disabled == 0");
    file(
        "sites/branch.yaml",
        "url: https://branch.example.com\nuser: me\napi_key: hush-1\napi_secret: '{{file:secret}}'\n");
    file(
        "config/application.properties",
        """
        eventstreaming.database.url = jdbc:postgresql://db/x?user=me&password=hush-2
        eventstreaming.database.password = hush-3
        their-hub.password = hush-4
        our-hub.password = {{env:SOMETHING}}
        """);
    ownRoutes()
        .file(
            "routes/mine.camel.yaml",
            """
            - route:
                id: mine
                from:
                  uri: direct:mine
                  steps:
                    - to:
                        uri: log:mine?marker=https://me:hush-5@hq.example.com
                    - setHeader:
                        name: x
                        expression:
                          constant: "https://hq.example.com?token=1&api_key=hush-6"
            """);

    assertThat(run("validate")).as(this::out).isEqualTo(Command.DONE);

    assertThat(out())
        .contains("producers/hq.yaml:3:10: warning: api_key holds a secret as text")
        .contains("sites/branch.yaml:3:10: warning: api_key", "application.properties:1:31: warn")
        .contains("application.properties:2:36: warn", "application.properties:3:22: warn")
        .contains("routes/mine.camel.yaml:7:", "routes/mine.camel.yaml:11:")
        .contains("all files are valid, with 7 warning(s).")
        .doesNotContain("hush", "properties:4:");
  }

  @Test
  void a_key_by_its_former_name_is_a_warning() {
    file("producers/secret.txt", "hush");
    file(
        "producers/hq.yaml",
        """
        producer_url: https://hq.example.com
        user: stream@example.com
        api_key: k
        api_secret: "{{file:producers/secret.txt}}"
        diff: 24h
        producer_doctypes:
          - ref_doctype: Item
        """);

    assertThat(run("validate")).as(this::out).isEqualTo(Command.DONE);

    assertThat(out())
        .contains("producers/hq.yaml:5:1: warning: diff is called compare now: rename the key");
  }

  @Test
  void a_secret_that_is_refused_as_text_is_reported_once_and_not_printed() {
    file(
        "producers/hq.yaml",
        """
        producer_url: https://hq.example.com
        user: stream@example.com
        api_key: "{{file:secret}}"
        api_secret: hush
        producer_doctypes:
          - ref_doctype: Item
        """);
    file("secret", "secret");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out()).contains("producers/hq.yaml:4:13: ").doesNotContain("warning", "hush");
  }

  @Test
  void a_broken_mapping_hides_no_mistake_in_the_producers() {
    producer("producers/hq.yaml", "doc.disabled = 0");
    file("mappings/a.yaml", "mapping_name: A\n");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out()).contains("mappings/a.yaml:1:1: ", "producers/hq.yaml:7:");
  }

  private void producer(String name, String condition) {
    file(
        name,
        """
        producer_url: https://hq.example.com
        user: stream@example.com
        api_key: key
        api_secret: "{{file:secret}}"
        producer_doctypes:
          - ref_doctype: Item
            condition: %s
        """
            .formatted(condition));
    file("secret", "secret");
  }

  @Test
  void a_route_that_the_program_calls_and_a_replacement_left_out_is_reported() {
    route("attachments", "uri: direct:attachments", "uri: direct:files");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out().lines())
        .anyMatch(
            line ->
                line.startsWith(
                    "routes/attachments.camel.yaml:18:12: has no route from direct:attachments any more, which the program calls. "));
  }
}
