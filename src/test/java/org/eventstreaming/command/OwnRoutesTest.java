package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eventstreaming.main.ProjectRoutes;
import org.junit.jupiter.api.Test;

/** A project's own routes, and those that replace files of the jar. */
class OwnRoutesTest extends CommandLineTest {
  private static final String MINE =
      """
      - route:
          id: mine
          description: One of ours
          from:
            uri: direct:mine
            steps:
              - to:
                  uri: log:mine
      """;

  @Test
  void a_file_that_is_no_file_of_the_jar_adds_its_routes() {
    file("routes/mine.camel.yaml", MINE);

    assertThat(run("validate")).as(out()).isEqualTo(Command.DONE);
    assertThat(run("routes", "list")).isEqualTo(Command.DONE);

    assertThat(out().lines())
        .anyMatch(line -> line.matches("\\| mine .* own +\\| One of ours +\\|"))
        .anyMatch(line -> line.matches("\\| poll-producer .* direct:poll-producer .* built-in .*"));
  }

  @Test
  void a_file_of_routes_with_another_ending_is_refused_with_the_right_name() {
    file("routes/README.md", "What these routes do.");
    file("routes/.hidden.yaml", "");
    file("routes/notes.txt", "");
    assertThat(run("validate")).as(out()).isEqualTo(Command.DONE);

    file("routes/alert.yaml", MINE);
    file("routes/mail.camel.yml", MINE);
    file("routes/night.XML", "<routes/>");
    file("routes/mine.yml", MINE);
    file("routes/mine.camel.yaml", MINE);
    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    String right = ", as files of routes end in .camel.yaml or .camel.xml";
    assertThat(out().lines())
        .containsExactly(
            "routes/alert.yaml: is not loaded: name it alert.camel.yaml" + right,
            "routes/mail.camel.yml: is not loaded: name it mail.camel.yaml" + right,
            "routes/mine.yml: is not loaded, and mine.camel.yaml is: remove this file, or give it"
                + " another name that ends in .camel.yaml",
            "routes/night.XML: is not loaded: name it night.camel.xml" + right);
  }

  @Test
  void a_description_in_xml_is_an_attribute_and_validate_says_so() {
    file(
        "routes/mine.camel.xml",
        """
        <routes>
          <route id="mine">
            <description>One of ours</description>
            <from uri="direct:mine"/>
            <to uri="log:mine"/>
          </route>
        </routes>
        """);

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out())
        .contains(
            "routes/mine.camel.xml:3:18: Unexpected element description: in XML a description is an"
                + " attribute, <route id=\"…\" description=\"…\">");
  }

  @Test
  void a_replacement_that_changes_an_address_which_built_in_routes_call_is_blamed_itself() {
    route("producers", "uri: direct:each-producer", "uri: direct:every-producer");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out().lines())
        .singleElement()
        .asString()
        .startsWith(
            "routes/producers.camel.yaml:7:12: has no route from direct:each-producer any more,"
                + " which routes/attachments.camel.yaml:24 of the jar and ")
        .contains(
            " call. The built-in producers.camel.yaml has route each-producer from it, which is"
                + " from direct:every-producer here.");
  }

  @Test
  void routes_in_xml_are_added_and_their_mistakes_have_places() {
    file(
        "routes/mine.camel.xml",
        """
        <routes xmlns="http://camel.apache.org/schema/xml-io">
          <route id="mine">
            <from uri="direct:mine"/>
            <to uri="log:mine"/>
          </route>
        </routes>
        """);

    assertThat(run("validate")).as(out()).isEqualTo(Command.DONE);

    file("routes/mine.camel.xml", textOf("routes/mine.camel.xml").replace("<to uri", "<to urii"));
    file("routes/open.camel.xml", "<routes>\n  <route");
    file(
        "routes/named.camel.xml",
        """
        <routes>
          <route id="n">
            <from uri="direct:n"/>
            <to uri="lgo:n"/>
          </route>
        </routes>
        """);
    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out().lines())
        .anyMatch(
            line -> line.matches("routes/mine.camel.xml:4:\\d+: Unexpected attribute .*urii.*"))
        .anyMatch(line -> line.matches("routes/open.camel.xml:2:\\d+: is not XML here: .*"))
        .anyMatch(line -> line.matches("routes/named.camel.xml:2:3: .* did you mean log\\?"))
        .hasSize(3);
  }

  @Test
  void a_route_for_documents_of_a_type_that_nobody_follows_is_refused_with_its_place() {
    file("secret", "s");
    file(
        "producers/hq.yaml",
        """
        producer_url: https://hq.example.com
        user: stream@example.com
        api_key: "{{file:secret}}"
        api_secret: "{{file:secret}}"
        producer_doctypes:
          - ref_doctype: Sales Order
            adds: [region]
        """);
    file("routes/mine.camel.yaml", MINE.replace("direct:mine", "direct:document.Sales Odrer"));

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out().lines())
        .singleElement()
        .asString()
        .startsWith("routes/mine.camel.yaml:")
        .contains(
            "no producer file follows Sales Odrer: did you mean direct:document.Sales Order?");

    file("routes/mine.camel.yaml", MINE.replace("direct:mine", "direct:document.Sales Order"));
    assertThat(run("validate")).as(out()).isEqualTo(Command.DONE);
  }

  @Test
  void a_route_that_has_the_id_of_another_is_refused_with_both_places() {
    file("routes/mine.camel.yaml", MINE.replace("id: mine", "id: retry"));
    file("routes/other.camel.yaml", MINE.replace("id: mine", "id: other"));

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out().lines())
        .containsExactly(
            "routes/mine.camel.yaml:2:9: id retry is that of another route too, at"
                + " routes/retry.camel.yaml:2 of the jar: give this one another",
            "routes/other.camel.yaml:5:12: from direct:mine is that of another route too, at"
                + " routes/mine.camel.yaml:5: give this one another");
  }

  @Test
  void a_route_of_calls_that_does_not_end_in_the_http_step_is_refused_with_its_place() {
    String copy = ProjectRoutes.copy("call-site.camel.yaml").text();
    file(
        "routes/call-site.camel.yaml",
        copy.replace("              httpClientConfigurer: \"#siteKeys\"\n", ""));
    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);
    assertThat(out())
        .contains("the step to http: is without httpClientConfigurer: \"#siteKeys\"")
        .containsPattern("routes/call-site.camel.yaml:1[0-9]:1: route call-site: ");

    file("routes/call-site.camel.yaml", copy + "        - log: sent\n");
    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);
    assertThat(out())
        .containsPattern(
            "routes/call-site.camel.yaml:\\d\\d:1: route call-site: the last step, log, is none to http:");

    String step = copy.substring(copy.indexOf("        - to:")).indent(8);
    String begin = copy.substring(0, copy.indexOf("        - to:"));
    String choice =
        begin
            + "        - choice:\n            when:\n              - simple: \"${variable.site} == 'https://hq.example.com'\"\n                steps:\n"
            + step;
    file("routes/call-site.camel.yaml", choice);
    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);
    assertThat(out()).contains("the choice has no otherwise, so that some requests are not sent");

    file(
        "routes/call-site.camel.yaml",
        choice
            + "            otherwise:\n              steps:\n                - to:\n                    uri: direct:elsewhere\n");
    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);
    assertThat(out()).contains("no route of this file begins with direct:elsewhere");

    file(
        "routes/call-site.camel.yaml",
        choice
            + "            otherwise:\n              steps:\n                - to:\n                    uri: direct:elsewhere\n"
            + "- route:\n    id: elsewhere\n    from:\n      uri: direct:elsewhere\n      steps:\n"
            + copy.substring(copy.indexOf("        - to:")));
    assertThat(run("validate")).as(out()).isEqualTo(Command.DONE);
  }

  @Test
  void a_step_that_has_the_id_of_another_is_refused_with_the_place_of_its_route() {
    file(
        "routes/mine.camel.yaml",
        MINE.replace("uri: log:mine", "uri: log:mine\n            id: twice")
            + "        - to:\n            uri: log:mine\n            id: twice\n");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out())
        .startsWith("routes/mine.camel.yaml:2:9: route mine: Duplicate id detected: twice.");
  }

  @Test
  void options_make_no_other_address_of_a_direct_or_seda_name() {
    file("routes/a.camel.yaml", MINE.replace("uri: direct:mine", "uri: seda:views?size=7"));
    file(
        "routes/b.camel.yaml", MINE.replace("id: mine", "id: b").replace("direct:mine", "file:in"));
    file(
        "routes/c.camel.yaml",
        MINE.replace("id: mine", "id: c").replace("direct:mine", "file:in?include=x"));

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out().lines()).hasSize(1);
    assertThat(out()).contains("routes/a.camel.yaml:5:12: from seda:views is that of ");
  }

  @Test
  void folders_below_are_read_where_the_settings_name_them() {
    file("routes/alerts/mine.camel.yaml", MINE);

    assertThat(run("routes", "list")).isEqualTo(Command.DONE);
    assertThat(out()).doesNotContain("mine");

    file(
        "config/application.properties",
        "eventstreaming.routes.folders = routes, routes/alerts, nowhere\n");
    assertThat(run("routes", "list")).isEqualTo(Command.INVALID_FILES);
    assertThat(out()).contains("routes/alerts/mine.camel.yaml");
    assertThat(err()).contains("nowhere: there is no such folder");
    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);
    assertThat(out()).contains("nowhere: there is no such folder");
  }

  @Test
  void two_files_that_replace_the_same_are_refused() {
    route("poll", "id: poll\n", "id: poll\n");
    file("routes/poll.camel.yaml", textOf("routes/poll.camel.yaml") + "# ours\n");
    file("more/poll.camel.yaml", textOf("routes/poll.camel.yaml"));
    file("config/application.properties", "eventstreaming.routes.folders = routes, more\n");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out())
        .contains("more/poll.camel.yaml: routes/poll.camel.yaml already replaces poll.camel.yaml");
  }

  @Test
  void a_copied_file_replaces_that_of_the_jar_alone() {
    assertThat(run("routes", "copy", "poll")).isEqualTo(Command.DONE);
    file(
        "routes/poll.camel.yaml",
        textOf("routes/poll.camel.yaml")
            .replaceFirst("concurrentConsumers: \"4\"", "concurrentConsumers: \"5\""));

    assertThat(run("validate")).as(out()).isEqualTo(Command.DONE);
    assertThat(run("routes", "list")).isEqualTo(Command.DONE);

    assertThat(out().lines())
        .anyMatch(line -> line.matches("\\| poll-producer .* replaced .*"))
        .anyMatch(line -> line.matches("\\| retry-producer .* built-in .*"));
    assertThat(run("routes", "diff")).isEqualTo(Command.DONE);
    assertThat(out())
        .contains("--- poll.camel.yaml of event-streaming ", "+++ routes/poll.camel.yaml")
        .contains(
            "@@ -", "-        concurrentConsumers: \"4\"\n+        concurrentConsumers: \"5\"\n");
    assertThat(run("routes", "diff", "retry")).isEqualTo(Command.DONE);
    assertThat(out()).contains("No file of this project replaces retry.camel.yaml.");
    route("retry", "id: retry", "id: retry");
    file(
        "routes/views.camel.yaml", ProjectRoutes.copy("views.camel.yaml").text().split("\n", 2)[1]);
    for (String name : List.of("retry", "views")) {
      assertThat(run("routes", "diff", name)).isEqualTo(Command.DONE);
      assertThat(out())
          .isEqualToIgnoringNewLines(
              "routes/%1$s.camel.yaml is equal to the built-in %1$s.camel.yaml.".formatted(name));
    }
    assertThat(run("routes", "diff", "-o", "json")).isEqualTo(Command.DONE);
    assertThat(out()).contains("\"added\" : 1", "\"removed\" : 1");
  }

  @Test
  void a_copy_never_overwrites_a_file() {
    file("routes/poll.camel.yaml", "ours");

    assertThat(run("routes", "copy", "routes/poll.camel.yaml")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("is there already", "event-streaming routes diff poll.camel.yaml");
    assertThat(textOf("routes/poll.camel.yaml")).isEqualTo("ours");

    assertThat(run("routes", "copy", "pol")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("no file of routes pol. It has ", "poll.camel.yaml");
  }

  @Test
  void a_replacement_that_does_not_say_of_which_version_is_refused_unless_accepted() {
    ownRoutes();
    file("routes/retry.camel.yaml", textOf("routes/retry.camel.yaml") + "# ours\n");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);
    assertThat(out())
        .contains("routes/retry.camel.yaml:1:1: replaces retry.camel.yaml of the jar and does not")
        .contains("adds 1 line(s) and removes 0", "event-streaming routes diff retry.camel.yaml")
        .contains("make this its first line: \"# replaces retry.camel.yaml of event-streaming ")
        .contains("--accept-replaced");

    assertThat(run("validate", "--accept-replaced")).as(out()).isEqualTo(Command.DONE);
  }

  @Test
  void a_replacement_of_another_version_is_refused_unless_accepted() {
    String copy = ProjectRoutes.copy("retry.camel.yaml").text();
    file(
        "routes/retry.camel.yaml",
        copy.replaceFirst("event-streaming \\S+ sha256:....", "event-streaming 0.0.9 sha256:0000"));

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);
    assertThat(out())
        .contains(
            "routes/retry.camel.yaml:1:54: replaces retry.camel.yaml of event-streaming 0.0.9")
        .contains("make this its first line: \"" + copy.lines().findFirst().orElseThrow() + "\"");

    assertThat(run("validate", "--accept-replaced")).as(out()).isEqualTo(Command.DONE);
  }

  @Test
  void routes_that_another_version_has_in_another_file_are_one_problem_that_says_what_to_do() {
    String moved = ProjectRoutes.copy("poll.camel.yaml").text();
    file(
        "routes/retry.camel.yaml",
        ProjectRoutes.copy("retry.camel.yaml").text() + moved.substring(moved.indexOf('\n') + 1));

    assertThat(run("validate", "--accept-replaced")).isEqualTo(Command.INVALID_FILES);

    assertThat(out().lines())
        .singleElement()
        .asString()
        .startsWith("routes/retry.camel.yaml:")
        .contains(
            "replaces retry.camel.yaml of the jar and has routes that the jar has in"
                + " poll.camel.yaml: poll, poll-producer, ")
        .contains("event-streaming routes copy poll.camel.yaml");
  }

  @Test
  void a_line_that_names_another_file_is_refused() {
    file("routes/retry.camel.yaml", ProjectRoutes.copy("poll.camel.yaml").text());

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out())
        .contains("routes/retry.camel.yaml:1:12: says that it replaces poll.camel.yaml, but its");
  }

  @Test
  void line_ends_of_another_system_make_no_other_file() {
    ownRoutes();
    file("routes/retry.camel.yaml", textOf("routes/retry.camel.yaml").replace("\n", "\r\n"));

    assertThat(run("validate")).as(out()).isEqualTo(Command.DONE);
    assertThat(out()).contains("and the routes of the jar: all files are valid");
  }

  @Test
  void every_file_of_the_jar_can_be_replaced_by_its_copy() {
    ProjectRoutes.builtIn().forEach(name -> assertThat(run("routes", "copy", name)).isZero());
    ProjectRoutes.builtIn()
        .forEach(name -> file("routes/" + name, textOf("routes/" + name) + "# ours\n"));

    assertThat(run("validate")).as(out()).isEqualTo(Command.DONE);
  }

  @Test
  void a_page_whose_log_is_outside_of_its_transaction_is_refused() {
    String write =
        "              - bean:\n                  ref: writeSyncLog\n                  method: write\n";
    for (List<String> change :
        List.of(
            List.of(write, ""),
            List.of("- policy:\n            ref: oneTransaction\n", "- step:\n"),
            List.of(
                "- bean:\n                  ref: takeLease\n                  method: renew\n              - bean:\n                  ref: applyUpdates",
                "- bean:\n                  ref: applyUpdates"),
            List.of(
                "method: advance\n              - bean:\n                  ref: takeLease\n                  method: renew",
                "method: advance"),
            List.of(
                "ref: applyUpdates\n                  method: apply",
                "ref: dropKnown\n                  method: drop"))) {
      route("consumer", change.get(0), change.get(1));

      assertThat(run("validate")).as(change.toString()).isEqualTo(Command.INVALID_FILES);

      assertThat(out())
          .as(change.toString())
          .containsPattern("routes/consumer.camel.yaml:\\d+:1: ")
          .contains(
              "takeLease.renew, applyUpdates.apply, writeSyncLog.write, advanceCursor.advance")
          .doesNotContain("Unexpected");
    }
  }

  @Test
  void page_steps_in_another_order_are_refused_for_their_order() {
    String log = bean("writeSyncLog", "write");
    String apply = bean("applyUpdates", "apply");
    String cursor = bean("advanceCursor", "advance");
    String renew = bean("takeLease", "renew");
    String policy = "        - policy:\n            ref: oneTransaction\n            steps:\n";
    String inPolicy = renew + apply + log + cursor + renew;
    String atSite = policy + renew + log + cursor + renew;
    Map.of(
            inPolicy,
            apply
                + renew
                + log
                + cursor
                + renew
                + "|in another order: applyUpdates.apply, takeLease.renew, writeSyncLog.write, ",
            log + cursor,
            cursor + log + "|in another order: takeLease.renew, applyUpdates.apply, advanceCursor.",
            apply.replaceAll("(?m)^ {6}", "") + atSite,
            atSite
                + apply.replaceAll("(?m)^ {6}", "")
                + "|applyUpdates.apply is a step after the page's transaction")
        .forEach(
            (from, change) -> {
              String[] to = change.split("\\|", 2);
              String copy = ProjectRoutes.copy("consumer.camel.yaml").text();
              assertThat(copy).contains(from);
              file("routes/consumer.camel.yaml", copy.replaceFirst(Pattern.quote(from), to[0]));

              assertThat(run("validate")).as(change).isEqualTo(Command.INVALID_FILES);

              assertThat(out().lines()).singleElement().asString().contains(to[1]);
            });
  }

  private static String bean(String ref, String method) {
    return "              - bean:\n                  ref: %s\n                  method: %s\n"
        .formatted(ref, method);
  }

  @Test
  void a_replacement_that_applies_no_pages_is_refused() {
    String copy = ProjectRoutes.copy("consumer.camel.yaml").text();
    String page = "(?s)(uri: direct:apply-page\n      steps:\n).*?(- route:)";
    assertThat(copy).containsPattern(page);
    file(
        "routes/consumer.camel.yaml",
        copy.replaceFirst(page, "$1        - to:\n            uri: log:none\n$2"));

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out())
        .startsWith("routes/consumer.camel.yaml:1:1: no route applies the pages of PostgreSQL any");
  }

  @Test
  void a_step_of_ours_may_stand_in_the_page_s_transaction() {
    route(
        "consumer",
        "              - bean:\n                  ref: writeSyncLog",
        "              - to:\n                  uri: log:ours\n              - bean:\n                  ref: writeSyncLog");

    assertThat(run("validate")).as(out()).isEqualTo(Command.DONE);
  }

  @Test
  void a_route_of_ours_that_moves_a_cursor_is_refused() {
    file(
        "routes/mine.camel.yaml",
        MINE + "        - bean:\n            ref: advanceCursor\n            method: advance\n");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out())
        .contains("routes/mine.camel.yaml:9:1: route mine: advanceCursor.advance is outside of");
  }

  @Test
  void what_others_may_write_is_refused_with_the_command_that_corrects_it() throws IOException {
    file("routes/mine.camel.yaml", MINE);
    Files.setPosixFilePermissions(
        project.resolve("routes/mine.camel.yaml"), PosixFilePermissions.fromString("rw-rw-rw-"));

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(out())
        .contains(
            "routes/mine.camel.yaml: may be written by every user",
            "chmod o-w " + project.resolve("routes/mine.camel.yaml"));
  }

  @Test
  void the_route_of_the_page_about_extending_is_valid() throws IOException {
    Matcher block =
        Pattern.compile("(?s)```yaml\n(- route:.*?)```")
            .matcher(Files.readString(Path.of("docs/extending.md")));
    int found = 0;
    while (block.find()) {
      file("routes/page-" + found++ + ".camel.yaml", block.group(1));
    }

    assertThat(found).isPositive();
    assertThat(run("validate")).as(out()).isEqualTo(Command.DONE);
  }
}
