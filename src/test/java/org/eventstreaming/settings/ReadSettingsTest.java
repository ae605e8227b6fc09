package org.eventstreaming.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.files.TestProject.refusal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.eventstreaming.files.FilesRefused;
import org.eventstreaming.files.TestProject;
import org.eventstreaming.producer.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadSettingsTest {
  private static final String FILE = "config/application.properties";

  @TempDir Path directory;

  @Test
  void with_nothing_configured_the_defaults_hold() {
    assertThat(read(Map.of(), Map.of()))
        .isEqualTo(new Configuration(Settings.defaults(directory), Map.of()));
  }

  @Test
  void every_setting_is_read_from_the_file() {
    file(
        """
        eventstreaming.url = https://streaming.example.com/
        eventstreaming.http.host = 0.0.0.0
        eventstreaming.http.port = 80
        eventstreaming.http.connect-timeout = 1 s
        eventstreaming.http.response-timeout = 2 s
        eventstreaming.http.attempts = 3
        eventstreaming.http.header-timeout = 3 s
        eventstreaming.http.body-timeout = 4 s
        eventstreaming.http.idle-timeout = 5 s
        eventstreaming.http.connections = 6
        eventstreaming.http.body-size = 7MB
        eventstreaming.management.port = 0
        eventstreaming.database.url = jdbc:postgresql://db/streaming
        eventstreaming.database.user = me
        eventstreaming.database.password = {{env:DB_PASSWORD}}
        eventstreaming.data-dir = disk/d
        eventstreaming.poll.period = 3 s
        eventstreaming.poll.overlap = 100 d
        eventstreaming.poll.page = 4
        eventstreaming.poll.lease = 5 s
        eventstreaming.retry.attempts = 6
        eventstreaming.retry.period = 7 s
        eventstreaming.retry.first = 8 s
        eventstreaming.sync-log.data = failed
        eventstreaming.sync-log.keep = 200 days
        eventstreaming.routes.folders = routes, routes/alerts/
        eventstreaming.document-routes.parallel = 9
        eventstreaming.document-routes.timeout = 10 s
        """);

    var settings = read(Map.of("DB_PASSWORD", " pw "), Map.of()).settings();

    assertThat(settings)
        .isEqualTo(
            new Settings(
                "https://streaming.example.com",
                new HttpSettings(
                    "0.0.0.0",
                    80,
                    0,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    3,
                    new RequestLimits(
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        6,
                        7 * 1024 * 1024)),
                new DatabaseSettings("jdbc:postgresql://db/streaming", "me", new Secret(" pw ")),
                directory.resolve("disk/d"),
                new PollSettings(
                    Duration.ofSeconds(3), Duration.ofDays(100), 4, Duration.ofSeconds(5)),
                new RetrySettings(6, Duration.ofSeconds(7), Duration.ofSeconds(8)),
                new SyncLogSettings(false, Duration.ofDays(200)),
                new RouteSettings(List.of(Path.of("routes"), Path.of("routes/alerts"))),
                new DocumentRouteSettings(9, Duration.ofSeconds(10))));
  }

  @Test
  void the_environment_beats_the_file_and_a_system_property_beats_both() {
    file(
        """
        eventstreaming.poll.period = 1 s
        eventstreaming.poll.page = 1
        eventstreaming.sync-log.data = failed
        """);

    var settings =
        read(
                Map.of(
                    "EVENTSTREAMING_POLL_PERIOD", "2 s",
                    "EVENTSTREAMING_POLL_PAGE", "2",
                    "EVENTSTREAMING_SYNC_LOG_DATA", "",
                    "EVENTSTREAMING_OF_A_PRODUCER", "x"),
                Map.of("eventstreaming.poll.period", "3 s", "user.dir", "/"))
            .settings();

    assertThat(settings.poll().period()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.poll().page()).isEqualTo(2);
    assertThat(settings.syncLog().dataOfAll()).isFalse();
  }

  @Test
  void other_keys_are_left_to_camel_as_they_stand() {
    file("camel.main.name = {{env:NAME}}\nshop: a\\\n  b\n");

    assertThat(read(Map.of(), Map.of()).others())
        .isEqualTo(Map.of("camel.main.name", "{{env:NAME}}", "shop", "ab"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "eventstreaming.pol.page = 1 | 2:1: unknown setting eventstreaming.pol.page: did you mean eventstreaming.poll.page?",
        "eventsteaming.poll.page = 1 | 2:1: unknown setting eventsteaming.poll.page: did you mean eventstreaming.poll.page?",
        "eventstreaming.url=hq.example.com | 2:20: eventstreaming.url must start with http:// or https://",
        "eventstreaming.http.port : 99999 | 2:28: eventstreaming.http.port must be 0 to 65535, was 99999",
        "eventstreaming.management.port -1 | 2:32: eventstreaming.management.port must be 0 to 65535, was -1",
        "eventstreaming.http.port = web | 2:28: eventstreaming.http.port must be a whole number, was web",
        "eventstreaming.http.connect-timeout = 0 | 2:39: eventstreaming.http.connect-timeout must be longer than 0, was 0 s",
        "eventstreaming.http.idle-timeout = 0 | 2:36: eventstreaming.http.idle-timeout must be longer than 0, was 0 s",
        "eventstreaming.http.connections = 0 | 2:35: eventstreaming.http.connections must be 1 to 10000, was 0",
        "eventstreaming.http.body-size = 1GB | 2:33: eventstreaming.http.body-size must be 1KB to 100MB, was 1 GB",
        "eventstreaming.http.body-size = large | 2:33: eventstreaming.http.body-size must be a size such as 500KB, 25MB or 1GB, was 'large'",
        "eventstreaming.database.url = jdbc:mysql://u:p@h | 2:31: eventstreaming.database.url must start with jdbc:postgresql:, for example jdbc:postgresql://db.example.com/streaming",
        "eventstreaming.database.password = {{env:NOPE}} | 2:36: eventstreaming.database.password: the environment variable NOPE is not set",
        "eventstreaming.poll.period = soon | 2:30: eventstreaming.poll.period must be a length of time such as 500 ms, 30 s, 10 min, 1 h or 90 days, was soon",
        "eventstreaming.poll.overlap = 100 d | 2:31: eventstreaming.sync-log.keep must not be shorter than eventstreaming.poll.overlap (100 d), was 90 d",
        "eventstreaming.poll.overlap = -PT1S | 2:31: eventstreaming.poll.overlap must not be negative, was -1 s",
        "eventstreaming.poll.page = 0 | 2:28: eventstreaming.poll.page must be 1 to 10000, was 0",
        "eventstreaming.retry.attempts = 0 | 2:33: eventstreaming.retry.attempts must be at least 1, was 0",
        "eventstreaming.retry.first = {{env:WAIT}} | 2:30: eventstreaming.retry.first must be a length of time such as 500 ms, 30 s, 10 min, 1 h or 90 days, was {{env:WAIT}}",
        "eventstreaming.sync-log.data = some | 2:32: eventstreaming.sync-log.data must be all or failed, was some",
        "eventstreaming.sync-log.keep = 12 h | 2:32: eventstreaming.sync-log.keep must be at least 1 d, was 12 h",
        "a = \\u12 | 2:1: a \\u must be followed by four hexadecimal digits",
      })
  void what_is_not_allowed_is_refused_where_it_stands(String line, String problem) {
    file("# settings\n" + line + "\n");

    assertThat(refusal(() -> read(Map.of("WAIT", "confidential"), Map.of())))
        .containsExactly(FILE + ":" + problem);
  }

  @Test
  void an_unknown_setting_that_is_near_to_none_is_reported_what_is_allowed() {
    file("eventstreaming.colour = red\n");

    assertThat(refusal(() -> read(Map.of(), Map.of())))
        .singleElement()
        .asString()
        .startsWith(
            FILE + ":1:1: unknown setting eventstreaming.colour: allowed are eventstreaming.url,");
  }

  @Test
  void all_problems_are_reported_together() {
    file("eventstreaming.poll.page = 0\n\neventstreaming.poll.lease = 0\n");

    assertThat(
            refusal(
                () ->
                    read(
                        Map.of("EVENTSTREAMING_POL_PERIOD", "1 s", "EVENTSTREAMING_HTTP_PORT", "x"),
                        Map.of(
                            "eventstreaming.dta-dir", "d", "eventstreaming.retry.period", "0 s"))))
        .containsExactly(
            "environment: unknown setting EVENTSTREAMING_POL_PERIOD: did you mean"
                + " EVENTSTREAMING_POLL_PERIOD?",
            "environment: EVENTSTREAMING_HTTP_PORT must be a whole number, was x",
            "system properties: unknown setting eventstreaming.dta-dir: did you mean"
                + " eventstreaming.data-dir?",
            "system properties: eventstreaming.retry.period must be longer than 0, was 0 s",
            FILE + ":1:28: eventstreaming.poll.page must be 1 to 10000, was 0",
            FILE + ":3:29: eventstreaming.poll.lease must be longer than 0, was 0 s");
  }

  @Test
  void rows_are_never_removed_within_the_overlap() {
    file("eventstreaming.poll.overlap = 3 d\neventstreaming.sync-log.keep = 2 d\n");

    assertThat(refusal(() -> read(Map.of(), Map.of())))
        .containsExactly(
            FILE
                + ":2:32: eventstreaming.sync-log.keep must not be shorter than"
                + " eventstreaming.poll.overlap (3 d), was 2 d");
  }

  @Test
  void a_setting_that_stands_twice_is_refused() {
    file("eventstreaming.poll.page = 1\n  eventstreaming.poll.page = 2\n");

    assertThat(refusal(() -> read(Map.of(), Map.of())))
        .containsExactly(FILE + ":2:3: eventstreaming.poll.page appears twice: first in line 1");
  }

  @Test
  void settings_beside_the_directory_config_are_refused_where_they_stand() {
    TestProject project = new TestProject(directory);
    project.with("application.properties", "camel.main.name = a\n");
    assertThat(read(Map.of(), Map.of()).settings()).isEqualTo(Settings.defaults(directory));

    project.with("application.properties", "a = 1\n eventstreaming.poll.page = 1\n");
    assertThat(refusal(() -> read(Map.of(), Map.of())))
        .containsExactly(
            "application.properties:2:2: settings are read from config/application.properties only: move this file there");
  }

  @Test
  void a_value_over_several_lines_is_placed_at_its_first() {
    file("a = 1 \\\n  2\n! b\n\neventstreaming.poll.page = \\\n  0\n");

    assertThat(refusal(() -> read(Map.of(), Map.of())))
        .containsExactly(FILE + ":5:28: eventstreaming.poll.page must be 1 to 10000, was 0");
  }

  @Test
  void a_file_that_is_no_text_is_refused() {
    new TestProject(directory).with(FILE, "a = é".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(refusal(() -> read(Map.of(), Map.of())))
        .containsExactly(FILE + ":1:5: is not UTF-8 text here (byte 0xE9): save the file as UTF-8");
  }

  @Test
  void the_shipped_file_changes_nothing_and_its_lines_are_the_defaults() throws IOException {
    var shipped = Files.readString(Path.of(FILE));
    file(shipped);
    assertThat(read(Map.of(), Map.of()).settings()).isEqualTo(Settings.defaults(directory));

    file(shipped.replace("# eventstreaming.", "eventstreaming."));
    var uncommented = read(Map.of("DB_PASSWORD", "pw"), Map.of()).settings();

    assertThat(uncommented)
        .isEqualTo(
            Settings.defaults(directory)
                .withUrl("https://streaming.example.com")
                .with(
                    new DatabaseSettings(
                        "jdbc:postgresql://db.example.com/streaming",
                        "streaming",
                        new Secret("pw"))));
    assertThat(Setting.properties()).allSatisfy(name -> assertThat(shipped).contains(name + " = "));
  }

  @Test
  void every_default_that_the_reference_names_is_read_as_the_default() {
    List<String> lines =
        Stream.of(Setting.values())
            .flatMap(
                setting ->
                    setting.byDefault().map(text -> setting.property() + " = " + text).stream())
            .toList();
    file(String.join("\n", lines));

    Settings settings = read(Map.of(), Map.of()).settings();

    assertThat(lines).hasSize(24);
    assertThat(settings).isEqualTo(Settings.defaults(directory));
  }

  @Test
  void whatever_bytes_the_file_holds_it_is_read_or_refused() throws IOException {
    var seed = System.nanoTime();
    System.out.println("whatever_bytes_the_file_holds: seed " + seed);
    var random = new Random(seed);
    var valid =
        Files.readString(Path.of(FILE))
            .replace("# eventstreaming.", "eventstreaming.")
            .getBytes(StandardCharsets.UTF_8);

    for (var i = 0; i < 1_000; i++) {
      var bytes = valid.clone();
      for (var change = random.nextInt(20); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] =
            (byte) random.nextInt(random.nextBoolean() ? 128 : 256);
      }
      new TestProject(directory).with(FILE, bytes);
      try {
        assertThat(read(Map.of("DB_PASSWORD", "pw"), Map.of()).settings()).isNotNull();
      } catch (FilesRefused refused) {
        assertThat(refused.problems()).isNotEmpty();
      }
    }
  }

  private void file(String text) {
    new TestProject(directory).with(FILE, text);
  }

  private Configuration read(Map<String, String> environment, Map<String, String> system) {
    return new ReadSettings(directory, environment, system).read();
  }
}
