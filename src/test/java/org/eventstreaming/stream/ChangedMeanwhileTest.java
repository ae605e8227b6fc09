package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.builder.AdviceWith;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Documents that somebody changes between the reading of a page's documents and their writing. */
class ChangedMeanwhileTest {
  private final StandInSite site = StandInSite.start(Generation.V15_APP);
  private final TestStream stream =
      TestStream.following(site, TestStream.sameName("ToDo")).lease(Duration.ofMinutes(5)).start();
  private final Here here = new Here(stream.database());
  private final AtomicReference<String> meanwhile = new AtomicReference<>();

  @BeforeEach
  void follow() throws Exception {
    site.approveAll();
    stream.pull();
    AdviceWith.adviceWith(
        stream.application().context(),
        "prepare-entries",
        route ->
            route
                .weaveAddLast()
                .process(
                    exchange -> {
                      String statement = meanwhile.getAndSet(null);
                      if (statement != null) {
                        stream.database().execute(statement);
                      }
                    }));
  }

  @AfterEach
  void close() {
    stream.close();
    site.close();
  }

  @Test
  void what_somebody_writes_into_a_document_stays_beside_what_its_page_changes() {
    site.insert("ToDo", Here.json("{'name': 'T-1', 'status': 'Open', 'priority': 'Low'}"));
    stream.pull();
    site.update("ToDo", "T-1", Here.json("{'status': 'Closed'}"));
    meanwhile.set("update document set data = data || '{\"priority\": \"High\"}'");

    stream.pull();

    assertThat(here.document("ToDo", "T-1").path("status").asText()).isEqualTo("Closed");
    assertThat(here.document("ToDo", "T-1").path("priority").asText()).isEqualTo("High");
    assertThat(stream.database().count("event_sync_log where status = 'Synced'")).isEqualTo(2);
  }

  @Test
  void a_document_that_somebody_deletes_is_not_made_of_what_was_read_before() {
    site.insert("ToDo", Here.json("{'name': 'T-1', 'status': 'Open'}"));
    stream.pull();
    site.update("ToDo", "T-1", Here.json("{'status': 'Closed'}"));
    meanwhile.set("delete from document");

    stream.pull();

    assertThat(here.names("ToDo")).isEmpty();
    assertThat(stream.database().count("event_sync_log where status = 'Synced'")).isEqualTo(1);
  }

  @Test
  void a_document_that_somebody_makes_is_not_replaced_by_a_new_one_of_its_name() {
    site.insert("ToDo", Here.json("{'name': 'T-1', 'status': 'Open'}"));
    meanwhile.set(
        "insert into document (doctype, name, data) values ('ToDo', 'T-1', '{\"status\": \"Mine\"}')");

    stream.pull();

    assertThat(here.document("ToDo", "T-1").path("status").asText()).isEqualTo("Mine");
    assertThat(stream.database().value("select error from event_sync_log"))
        .contains("the name T-1 belongs to another ToDo here");
  }

  @Test
  void other_documents_of_the_page_are_written_all_the_same() {
    site.insert("ToDo", Here.json("{'name': 'T-1'}"));
    site.insert("ToDo", Here.json("{'name': 'T-2'}"));
    meanwhile.set("insert into document (doctype, name, data) values ('ToDo', 'T-1', '{}')");

    stream.pull();

    assertThat(here.names("ToDo")).containsExactly("T-1", "T-2");
    assertThat(here.statuses("T-1")).containsExactly("Failed");
    assertThat(here.statuses("T-2")).containsExactly("Synced");
  }
}
