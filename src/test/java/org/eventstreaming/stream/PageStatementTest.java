package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.camel.builder.AdviceWith;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Statements that a route makes between the steps of apply-page. */
class PageStatementTest {
  private static final String SEEN =
      "insert into seen select docname from event_sync_log on conflict do nothing";

  private final StandInSite site = StandInSite.start(Generation.V15_APP);
  private final TestStream stream =
      TestStream.following(site, TestStream.sameName("ToDo")).lease(Duration.ofMinutes(5)).start();
  private final Here here = new Here(stream.database());

  @BeforeEach
  void follow() {
    site.approveAll();
    stream.pull();
    stream.database().execute("create table seen (name text primary key)");
  }

  @AfterEach
  void close() {
    stream.close();
    site.close();
  }

  @Test
  void a_statement_sees_what_the_page_wrote_and_commits_with_it() throws Exception {
    statements(SEEN);
    site.insert("ToDo", Here.json("{'name': 'T-1'}"));

    stream.pull();

    assertThat(here.names("ToDo")).containsExactly("T-1");
    assertThat(stream.database().rows("select name from seen")).hasSize(1);
  }

  @Test
  void a_statement_changes_rows_that_the_page_has_locked_without_waiting() throws Exception {
    statements(
        """
        set local lock_timeout = '2s';
        update event_producer set lease_until = lease_until + interval '1 second'
        """);
    site.insert("ToDo", Here.json("{'name': 'T-1'}"));

    stream.pull();

    assertThat(here.names("ToDo")).containsExactly("T-1");
  }

  @Test
  void a_statement_that_fails_fails_the_page_and_takes_back_those_before_it() throws Exception {
    statements(SEEN, "insert into later values (1)");
    site.insert("ToDo", Here.json("{'name': 'T-1'}"));
    String cursor = cursor();

    stream.pull();

    assertThat(here.names("ToDo")).isEmpty();
    assertThat(stream.database().count("seen")).isZero();
    assertThat(stream.database().count("event_sync_log")).isZero();
    assertThat(cursor()).isEqualTo(cursor);
    assertThat(stream.database().value("select last_error from event_producer")).contains("later");
    assertThat(stream.database().value("select lease_until from event_producer")).isNull();

    stream.database().execute("create table later (number int)");
    stream.pull();

    assertThat(here.names("ToDo")).containsExactly("T-1");
    assertThat(stream.database().count("seen")).isOne();
  }

  @Test
  void outside_of_a_page_a_statement_commits_by_itself() throws Exception {
    AdviceWith.adviceWith(
        stream.application().context(),
        "views",
        route ->
            route
                .weaveAddFirst()
                .setBody()
                .constant("insert into seen values ('one')")
                .to("jdbc:eventStreaming"));

    stream.send("direct:views");

    assertThat(stream.database().count("seen")).isOne();
  }

  private String cursor() {
    return String.valueOf(stream.database().value("select last_update from event_producer"));
  }

  /** As a person would write them into the route: before the last step. */
  private void statements(String... statements) throws Exception {
    for (int i = statements.length - 1; i >= 0; i--) {
      String statement = statements[i];
      AdviceWith.adviceWith(
          stream.application().context(),
          "apply-page",
          route ->
              route
                  .weaveByToString(".*advanceCursor.*")
                  .selectFirst()
                  .after()
                  .setVariable("statement")
                  .constant(statement)
                  .toV("jdbc:eventStreaming", "statement", "answer"));
    }
  }
}
