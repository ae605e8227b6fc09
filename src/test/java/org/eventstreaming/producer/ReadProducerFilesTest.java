package org.eventstreaming.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.eventstreaming.files.TestProject.refusal;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.files.FilesRefused;
import org.eventstreaming.files.TestProject;
import org.eventstreaming.mapping.Mappings;
import org.eventstreaming.mapping.ReadMappingFiles;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadProducerFilesTest {
  private static final String SECRET = "s3cr3t-of-hq";
  private static final String SITE =
      """
      producer_url: https://hq.example.com
      user: stream@example.com
      api_key: abc
      api_secret: "{{env:HQ_API_SECRET}}"
      """;
  private static final String ROWS =
      """
      producer_doctypes:
        - ref_doctype: Item
      """;

  @TempDir Path directory;

  @Test
  void a_short_file_is_an_event_producer_with_the_defaults_of_frappe() {
    var producers = read(SITE + ROWS);

    assertThat(producers)
        .containsExactly(
            new EventProducer(
                "https://hq.example.com",
                "stream@example.com",
                new Secret("abc"),
                new Secret(SECRET),
                Source.PROBE,
                Read.LIST,
                Reconcile.DEFAULT,
                null,
                null,
                null,
                List.of(TestRow.of("Item").locallyNamed().with(Dependencies.ALL).row())));
  }

  @Test
  void where_a_route_authenticates_the_file_has_no_key() {
    var file =
        "producer_url: https://hq.example.com\nuser: stream@example.com\nauthentication: route\n";

    var producer = read(file + ROWS).get(0);

    assertThat(producer.apiKey()).isNull();
    assertThat(producer.apiSecret()).isNull();
    assertThat(refusal(() -> read(file.replace("route", "key") + ROWS)))
        .containsExactly(
            "producers/hq.yaml:1:1: the key api_key is missing",
            "producers/hq.yaml:1:1: the key api_secret is missing");
    assertThat(refusal(() -> read(SITE + "authentication: route\n" + ROWS)))
        .containsExactly(
            "producers/hq.yaml:3:10: api_key is not used with authentication: route: remove it",
            "producers/hq.yaml:4:13: api_secret is not used with authentication: route: remove it");
    assertThat(refusal(() -> read(SITE + "authentication: token\n" + ROWS)))
        .containsExactly(
            "producers/hq.yaml:5:17: authentication must be key or route, was 'token'");
  }

  @Test
  void how_often_to_look_beside_the_log_and_what_to_load_are_read() {
    var producer =
        read(SITE
                + "source: modified\nreconcile: 5m\nreconcile_rows: off\ncompare: 24h\nproducer_doctypes:\n"
                + "  - ref_doctype: Item\n    initial_load: all\n"
                + "  - ref_doctype: Customer\n    initial_load: {since: 2026-01-01}\n"
                + "  - ref_doctype: Lead\n    initial_load: none\n")
            .get(0);

    assertThat(producer.source()).isEqualTo(Source.MODIFIED);
    assertThat(producer.reconcile())
        .isEqualTo(new Reconcile(Duration.ofMinutes(5), Duration.ZERO, Duration.ofHours(24)));
    assertThat(producer.producerDoctypes())
        .extracting(ProducerDoctype::loadSince)
        .containsExactly("1900-01-01 00:00:00.000000", "2026-01-01 00:00:00.000000", null);
  }

  @Test
  void the_former_name_of_compare_is_read_and_refused_beside_the_present_one() {
    assertThat(read(SITE + "diff: 24h\nproducer_doctypes:\n  - ref_doctype: Item\n"))
        .singleElement()
        .satisfies(
            producer -> assertThat(producer.reconcile().all()).isEqualTo(Duration.ofHours(24)));
    assertThat(
            refused(SITE + "diff: 24h\ncompare: 24h\nproducer_doctypes:\n  - ref_doctype: Item\n"))
        .singleElement()
        .asString()
        .contains("diff is the former name of compare: remove it");
  }

  @Test
  void attachments_are_copied_where_a_row_says_so_up_to_the_limit_of_the_file() {
    assertThat(
            read(
                SITE
                    + "attachments_limit: 3 MB\nproducer_doctypes:\n"
                    + "  - ref_doctype: Item\n    attachments: 1\n"
                    + "  - ref_doctype: Lead\n"))
        .singleElement()
        .satisfies(
            producer ->
                assertThat(producer.producerDoctypes())
                    .extracting(ProducerDoctype::attachmentsLimit)
                    .containsExactly(3L * 1024 * 1024, 0L));
    assertThat(refusal(() -> read(SITE + "attachments_limit: much\n" + ROWS)))
        .singleElement(STRING)
        .contains("attachments_limit must be a size such as 500KB");
    assertThat(refusal(() -> read(SITE + "attachments_limit: 0MB\n" + ROWS)))
        .singleElement(STRING)
        .contains("attachments_limit must be larger than 0");
  }

  @Test
  void what_to_do_with_nul_characters_is_read() {
    assertThat(read(SITE + "nul: strip\n" + ROWS).get(0).nul()).isEqualTo(Nul.STRIP);
    assertThat(read(SITE + ROWS).get(0).nul()).isEqualTo(Nul.FAIL);
    assertThat(refusal(() -> read(SITE + "nul: drop\n" + ROWS)))
        .singleElement(STRING)
        .startsWith("producers/hq.yaml:5:6: nul must be fail or strip, was 'drop'");
  }

  @Test
  void quiet_hours_and_the_secret_of_webhooks_are_read() {
    var producer =
        read(SITE + "quiet_hours: 22:00-06:30\nwebhook_secret: \"{{env:HQ_API_SECRET}}\"\n" + ROWS)
            .get(0);

    assertThat(producer.quietHours())
        .isEqualTo(new QuietHours(LocalTime.of(22, 0), LocalTime.of(6, 30)));
    assertThat(producer.webhookSecret()).isEqualTo(new Secret(SECRET));
    assertThat(producer.webhookPath())
        .isEqualTo("/api/method/event_streaming.webhook/hq.example.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"22", "22:00-", "22:00-24:01", "night", "9:00-10:00", "22:00-22:00"})
  void quiet_hours_that_are_none_are_refused(String text) {
    assertThat(refusal(() -> read(SITE + "quiet_hours: \"" + text + "\"\n" + ROWS)))
        .singleElement(STRING)
        .startsWith("producers/hq.yaml:5:14: quiet_hours must");
  }

  @Test
  void a_webhook_secret_is_never_text() {
    assertThat(refusal(() -> read(SITE + "webhook_secret: open\n" + ROWS)))
        .singleElement(STRING)
        .contains("must be {{env:NAME}} or {{file:/path}}")
        .doesNotContain("open");
  }

  @Test
  void every_key_is_read() {
    var producers =
        read(
            """
            # yaml-language-server: $schema=event-producer-1.json
            producer_url: http://test_site:8000/
            user: "{{env:STREAM_USER}}"
            api_key: "{{env:HQ_API_KEY}}"
            api_secret: "{{env:HQ_API_SECRET}}"
            read: method
            source: update_log
            target: postgres
            reconcile: off
            reconcile_rows: off
            compare: off
            producer_doctypes:
              - ref_doctype: Sales Invoice
                use_same_name: 1
                condition: doc.docstatus == 1
                unsubscribe: true
                name_taken: rename
                has_mapping: 0
                initial_load: none
                dependencies: [Customer, Item]
                leaves: remove
              - {ref_doctype: Role, use_same_name: false, name_taken: adopt, condition: "",
                 dependencies: subscribed}
            """);

    assertThat(producers)
        .containsExactly(
            new EventProducer(
                "http://test_site:8000",
                "me@example.com",
                new Secret("key"),
                new Secret(SECRET),
                Read.METHOD,
                List.of(
                    TestRow.of("Sales Invoice")
                        .where("doc.docstatus == 1")
                        .leaving(Leaves.REMOVE)
                        .unsubscribed()
                        .ifTaken(NameTaken.RENAME)
                        .with(Dependencies.of(Set.of("Customer", "Item")))
                        .row(),
                    TestRow.of("Role")
                        .locallyNamed()
                        .ifTaken(NameTaken.ADOPT)
                        .with(Dependencies.SUBSCRIBED)
                        .row())));
  }

  @Test
  void a_row_with_a_mapping_follows_the_mappings_remote_doctype() {
    new TestProject(directory)
        .with(
            "mappings/lead.yaml",
            """
            mapping_name: Lead from Shop Buyer
            local_doctype: Lead
            remote_doctype: Shop Buyer
            field_mapping:
              - {local_fieldname: lead_name, remote_fieldname: buyer}
            """);

    var rows =
        read(SITE
                + """
                    producer_doctypes:
                      - {ref_doctype: Lead, has_mapping: 1, mapping: Lead from Shop Buyer}
                      - {ref_doctype: Item, has_mapping: 0, mapping: not looked at}
                    """)
            .get(0)
            .producerDoctypes();

    assertThat(rows)
        .extracting(ProducerDoctype::remoteDoctype, ProducerDoctype::mapping)
        .containsExactly(tuple("Shop Buyer", "Lead from Shop Buyer"), tuple("Item", null));
  }

  @Test
  void an_export_of_frappe_loads_once_its_secret_is_a_placeholder() {
    new TestProject(directory)
        .with(
            "producers/export.json",
            """
            [
             {
              "api_key": "abc",
              "api_secret": "{{env:HQ_API_SECRET}}",
              "creation": "2024-05-01 10:15:32.000001",
              "docstatus": 0,
              "doctype": "Event Producer",
              "idx": 0,
              "incoming_change": 0,
              "modified": "2024-05-01 10:15:32.000001",
              "modified_by": "Administrator",
              "name": "https://hq.example.com",
              "owner": "Administrator",
              "_user_tags": null,
              "producer_doctypes": [
               {
                "condition": null,
                "has_mapping": 0,
                "idx": 1,
                "mapping": null,
                "name": "f0e1d2c3b4",
                "parent": "https://hq.example.com",
                "parentfield": "producer_doctypes",
                "parenttype": "Event Producer",
                "ref_doctype": "Item",
                "status": "Approved",
                "unsubscribe": 0,
                "use_same_name": 1
               }
              ],
              "producer_url": "https://hq.example.com",
              "user": "stream@example.com"
             }
            ]
            """);

    var producers = reader().read();

    assertThat(producers)
        .singleElement()
        .extracting(EventProducer::producerDoctypes)
        .isEqualTo(List.of(TestRow.of("Item").with(Dependencies.ALL).row()));
  }

  @Test
  void files_are_read_by_name() {
    new TestProject(directory)
        .with("producers/b.yaml", SITE + ROWS)
        .with("producers/a.yml", (SITE + ROWS).replace("hq.", "branch."));

    assertThat(reader().read())
        .extracting(EventProducer::host)
        .containsExactly("branch.example.com", "hq.example.com");
  }

  @Test
  void an_empty_directory_follows_nobody() throws IOException {
    Files.createDirectory(directory.resolve("producers"));

    assertThat(reader().read()).isEmpty();
  }

  @Test
  void a_secret_may_stand_in_a_file_of_its_own() {
    new TestProject(directory).with("run/secret", "from-file\n");

    var producers =
        read(
            SITE.replace(
                    "{{env:HQ_API_SECRET}}", "{{file:" + directory.resolve("run/secret") + "}}")
                + ROWS);

    assertThat(producers)
        .extracting(producer -> Objects.requireNonNull(producer.apiSecret()).reveal())
        .containsExactly("from-file");
  }

  @Test
  void all_problems_of_all_files_are_reported_together_in_order() {
    new TestProject(directory)
        .with("producers/b.yaml", "")
        .with(
            "producers/a.yaml",
            """
            producer_url: ftp://hq.example.com
            api_key: 12
            api_secret: hunter2
            red: list
            producer_doctypes:
              - ref_doctype: Item
                use_samename: 1
            """);

    assertThat(refusal(() -> reader().read()))
        .containsExactly(
            "producers/a.yaml:1:1: the key user is missing",
            "producers/a.yaml:1:15: producer_url must start with http:// or https://",
            "producers/a.yaml:2:10: api_key must be text, was a number: put it in quotes",
            "producers/a.yaml:3:13: api_secret must be {{env:NAME}} or {{file:/path}}: secrets are"
                + " placeholders, never text",
            "producers/a.yaml:4:1: unknown key 'red': did you mean read?",
            "producers/a.yaml:7:5: unknown key 'use_samename': did you mean use_same_name?",
            "producers/b.yaml:1:1: the file is empty");
  }

  @Test
  void an_unknown_key_that_is_near_to_none_is_reported_what_is_allowed() {
    assertThat(refused(SITE + "password: x\n" + ROWS))
        .containsExactly(
            "producers/hq.yaml:5:1: unknown key 'password': allowed are producer_url, user, authentication, api_key,"
                + " api_secret, read, source, target, reconcile, reconcile_rows, compare, attachments_limit, nul, quiet_hours, webhook_secret, producer_doctypes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "read: lst | 5:7: read must be list or method, was 'lst'",
        "source: webhook | 5:9: source must be probe, update_log or modified, was 'webhook'",
        "target: branch | 5:9: there is no site 'branch' in sites/, and postgres keeps the documents here",
        "reconcile: often | 5:12: reconcile must be a length of time such as 500 ms, 30 s, 10 min, 1 h or 90 days, was often",
        "reconcile: 1s | 5:12: reconcile must be off or at least 5 s, was 1 s",
        "reconcile_rows: 1 | 5:17: reconcile_rows must be text, was a number: put it in quotes",
        "doctype: Customer | 5:10: doctype must be Event Producer, was 'Customer'",
      })
  void a_value_of_the_file_that_is_not_allowed_is_refused(String line, String problem) {
    assertThat(refused(SITE + line + "\n" + ROWS)).containsExactly("producers/hq.yaml:" + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "use_same_name: yes | 7:20: use_same_name must be 0, 1, false or true, was 'yes'",
        "unsubscribe: 2 | 7:18: unsubscribe must be 0, 1, false or true, was 2",
        "name_taken: skip | 7:17: name_taken must be fail, adopt or rename, was 'skip'",
        "condition: 1 | 7:16: condition must be text, was a number: put it in quotes",
        "has_mapping: 1 | 7:18: has_mapping is on and mapping is missing",
        "mapping: Lead | 7:14: there is no mapping 'Lead' in mappings/",
        "initial_load: {since: 2026} | 7:27: since must be text, was a number: put it in quotes",
        "initial_load: some | 7:19: initial_load must be all, none, or {since: 2026-01-01}, was 'some'",
        "initial_load: {since: soon} | 7:27: initial_load must be all, none, or {since: 2026-01-01}, was 'soon'",
        "dependencies: every | 7:19: dependencies 'every' must be all, subscribed, none, or a list of document types",
        "dependencies: 1 | 7:19: dependencies 1 must be all, subscribed, none, or a list of document types",
        "ref_docype: a | 7:5: unknown key 'ref_docype': did you mean ref_doctype?",
        "condition: doc.docstatus = 1 | 7:30: condition is not an expression: nothing can be assigned here; did you mean '=='?",
        "condition: '\"doc.docstatus =! 1\"' | 7:31: condition is not an expression: '=!' is not Python; did you mean '!='?",
        "condition: '\"{{env:X_IS}} = 1\"' | 7:16: condition is not an expression: nothing can be assigned here; did you mean '=='?",
        "condition: '\"cmd: \"' | 7:16: condition must name a route or a bean: cmd: dotted.name",
        "condition: '\"{{env:NOPE}}\"' | 7:16: condition: the environment variable NOPE is not set",
        "condition: '\"{{env:X\"' | 7:16: condition: a placeholder begins with {{ but does not end with }}",
        "condition: '\"{{vault:x}}\"' | 7:16: condition: {{vault:x}} is not a known placeholder: write {{env:NAME}} or {{file:/path}}",
        "condition: '\"{{file:/no/such}}\"' | 7:16: condition: the file /no/such cannot be read: there is no such file",
      })
  void a_value_of_a_row_that_is_not_allowed_is_refused(String line, String problem) {
    assertThat(refused(SITE + ROWS + "    " + line.replace("'", "") + "\n"))
        .containsExactly("producers/hq.yaml:" + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 1:1: the key producer_doctypes is missing",
        "producer_doctypes: | 5:1: producer_doctypes has no value",
        "producer_doctypes: [] | 5:20: producer_doctypes must have at least 1 row",
        "producer_doctypes: Item | 5:20: producer_doctypes must be a list, was text",
        "producer_doctypes: [Item] | 5:21: row 1 of producer_doctypes must be keys with values, was text",
        "producer_doctypes: [{idx: 1}] | 5:21: the key ref_doctype is missing",
        "producer_doctypes: [{ref_doctype: ~~}] | 5:35: ref_doctype must not be empty",
        "producer_doctypes: [{ref_doctype: ~Item ~}] | 5:35: ref_doctype must not begin or end with a space or line break",
      })
  void what_is_not_followed_properly_is_refused(String line, String problem) {
    assertThat(refused(SITE + line.replace("~", "\"") + "\n"))
        .containsExactly("producers/hq.yaml:" + problem);
  }

  @Test
  void the_same_type_in_two_rows_is_refused() {
    assertThat(refused(SITE + ROWS + "  - ref_doctype: Lead\n  - ref_doctype: Item\n"))
        .containsExactly(
            "producers/hq.yaml:8:18: this ref_doctype is in row 1 already: a type has one row");
  }

  @Test
  void names_longer_than_a_name_in_frappe_are_refused() {
    assertThat(refused(SITE + ROWS.replace("Item", "I".repeat(141))))
        .containsExactly(
            "producers/hq.yaml:6:18: ref_doctype must have at most 140 characters, has 141");
  }

  @Test
  void a_type_that_is_never_streamed_is_refused_with_the_reason() {
    assertThat(refused(SITE + ROWS.replace("Item", "Server Script")))
        .containsExactly(
            "producers/hq.yaml:6:18: ref_doctype Server Script is never streamed: it holds code that"
                + " would run here");
  }

  @Test
  void two_files_for_one_site_are_refused() {
    new TestProject(directory)
        .with("producers/a.yaml", SITE + ROWS)
        .with(
            "producers/b.yaml",
            (SITE + ROWS).replace("https://hq.example.com", "https://HQ.example.com/"));

    assertThat(refusal(() -> reader().read()))
        .containsExactly(
            "producers/b.yaml:1:15: this producer_url stands in producers/a.yaml already: a site has"
                + " one file");
  }

  @Test
  void two_event_producers_in_one_file_are_refused() {
    new TestProject(directory).with("producers/a.json", "[{}, {}]");

    assertThat(refusal(() -> reader().read()))
        .containsExactly("producers/a.json:1:1: a file holds one Event Producer, this one holds 2");
  }

  @Test
  void a_variable_with_blanks_around_it_is_refused_without_showing_it() {
    var environment = Map.of("HQ_API_SECRET", SECRET + "\n");
    new TestProject(directory).with("producers/hq.yaml", SITE + ROWS);

    assertThat(
            refusal(
                () ->
                    new ReadProducerFiles(directory, environment, Mappings.NONE, Secrets.READ)
                        .read()))
        .containsExactly(
            "producers/hq.yaml:4:13: api_secret must not begin or end with a space or line break");
  }

  @Test
  void a_missing_directory_is_refused() {
    assertThat(refusal(() -> reader().read()))
        .containsExactly(
            "producers: the directory is missing in "
                + directory.toAbsolutePath()
                + ": create it, empty if there is nothing to put in");
  }

  @Test
  void whatever_bytes_a_file_holds_it_is_read_or_refused() {
    var seed = System.nanoTime();
    System.out.println("whatever_bytes_a_file_holds: seed " + seed);
    var random = new Random(seed);
    var valid = (SITE + "read: list\n" + ROWS).getBytes(StandardCharsets.UTF_8);
    var project = new TestProject(directory);

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (var i = 0; i < 1_000; i++) {
            var name = i % 4 == 0 ? "producers/hq.json" : "producers/hq.yaml";
            Files.deleteIfExists(directory.resolve("producers/hq.json"));
            project.with(name, mutated(valid, random));
            try {
              assertThat(reader().read()).hasSizeBetween(1, 2);
            } catch (FilesRefused refused) {
              assertThat(refused.problems()).isNotEmpty();
              assertThat(refused.getMessage()).doesNotContain(SECRET);
            }
          }
        });
  }

  @Test
  void the_reference_page_reports_every_key_and_default_of_the_schema() throws IOException {
    var schema =
        new ObjectMapper()
            .readTree(Path.of("src/main/resources/schema/event-producer-1.json").toFile());
    var reported = new TreeSet<String>();
    var row =
        Pattern.compile(
                "^\\| `([a-z_]+)` \\| (?:`([A-Za-z_0-9]+)`|required|none) \\|", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("docs/reference/event-producer-file.md")));
    while (row.find()) {
      reported.add(row.group(1) + " " + row.group(2));
    }

    var known = new TreeSet<String>();
    for (var properties : List.of("/properties", "/$defs/row/properties")) {
      schema
          .at(properties)
          .properties()
          .forEach(
              key -> {
                var rule = key.getValue();
                assertThat(rule.path("description").asText()).as(key.getKey()).isNotEmpty();
                if (!rule.path("doNotSuggest").asBoolean()) {
                  known.add(key.getKey() + " " + rule.path("default").asText("null"));
                }
              });
    }

    assertThat(reported).isEqualTo(known).hasSize(28);
  }

  @Test
  void the_example_of_the_readme_is_an_event_producer() throws IOException {
    var readme = Files.readString(Path.of("producers/README.md"));

    var producers =
        read(readme.substring(readme.indexOf("```yaml\n") + 8, readme.lastIndexOf("```")));

    assertThat(producers.get(0).producerDoctypes())
        .extracting(ProducerDoctype::refDoctype)
        .containsExactly("Item", "Sales Invoice");
  }

  @Test
  void a_mistake_in_a_condition_of_several_lines_is_reported_where_it_stands() {
    assertThat(
            refused(
                SITE
                    + ROWS
                    + """
                          condition: |
                            doc.docstatus == 1
                            and doc.name.startwith("A")
                      """))
        .containsExactly(
            "producers/hq.yaml:9:20: condition is not an expression: there is no method 'startwith'; did"
                + " you mean 'startswith'?");
  }

  @Test
  void a_command_is_no_expression_and_is_not_read_as_one() {
    assertThat(read(SITE + ROWS + "    condition: 'cmd: shop.rules.is_open'\n"))
        .flatExtracting(EventProducer::producerDoctypes)
        .extracting(row -> row.command())
        .containsExactly(Optional.of("shop.rules.is_open"));
  }

  private static byte[] mutated(byte[] valid, Random random) {
    var bytes = valid.clone();
    for (var change = random.nextInt(4); change >= 0; change--) {
      var at = random.nextInt(bytes.length);
      bytes[at] =
          random.nextBoolean()
              ? (byte) random.nextInt(256)
              : (byte) "{}[]:-*&!|>'\"%@`#,? \t\n".charAt(random.nextInt(22));
    }
    return bytes;
  }

  private List<EventProducer> read(String text) {
    new TestProject(directory).with("producers/hq.yaml", text);
    return reader().read();
  }

  private String[] refused(String text) {
    new TestProject(directory).with("producers/hq.yaml", text);
    return refusal(() -> reader().read());
  }

  private ReadProducerFiles reader() {
    return new ReadProducerFiles(
        directory,
        Map.of(
            "HQ_API_SECRET",
            SECRET,
            "HQ_API_KEY",
            "key",
            "STREAM_USER",
            "me@example.com",
            "X_IS",
            "doc.x"),
        new ReadMappingFiles(directory, DocTypes.NONE).read(),
        Secrets.READ);
  }
}
