package org.eventstreaming.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eventstreaming.condition.Commands;
import org.eventstreaming.condition.Conditions;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.Unread;
import org.eventstreaming.postgres.PostgresDocumentStore;
import org.eventstreaming.postgres.PostgresSyncLog;
import org.eventstreaming.postgres.Transactions;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.TestProducer;
import org.eventstreaming.settings.RetrySettings;
import org.eventstreaming.settings.SyncLogSettings;
import org.eventstreaming.site.Callers;
import org.eventstreaming.site.FetchDocuments;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.ReadOnce;
import org.eventstreaming.store.ReadStoredDocuments;
import org.eventstreaming.stream.TestDatabase;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.Cause;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A document that was read ahead is not read again, unless something newer is known of it. */
class FetchFullStatesTest {
  private static final ProducerDoctype ROW = ProducerDoctype.sameName("Part");
  private static final DocumentKey BOLT = new DocumentKey("Part", "Bolt");
  private static final Instant READ = Instant.parse("2026-01-02T10:00:00Z");
  private static final EventProducer PRODUCER = TestProducer.of(ROW);

  private final TestDatabase database = TestDatabase.create();
  private final Callers callers = new Callers();
  private final List<String> calls = new ArrayList<>();

  @AfterEach
  void close() {
    callers.close();
    database.close();
  }

  @Test
  void a_document_that_was_read_ahead_is_not_read_again() {
    FullState ahead = present(READ);

    assertThat(fetched(ahead)).isSameAs(ahead);
    assertThat(calls).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"last_creation", "remote_modified"})
  void what_came_since_lets_it_be_read_anew(String column) {
    known(column, "2026-01-02T10:00:01Z");

    assertThat(fetched(present(READ))).isInstanceOf(FullState.Unknown.class);
    assertThat(calls).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"last_creation", "remote_modified"})
  void what_it_contains_does_not(String column) {
    known(column, "2026-01-02T10:00:00Z");

    assertThat(fetched(present(READ))).isInstanceOf(FullState.Present.class);
    assertThat(calls).isEmpty();
  }

  @Test
  void one_that_does_not_say_when_it_changed_is_read_anew_where_anything_is_known() {
    known("last_creation", "2020-01-01T00:00:00Z");

    assertThat(fetched(present(null))).isInstanceOf(FullState.Unknown.class);
  }

  @Test
  void a_page_that_nothing_was_read_ahead_for_reads_its_documents() {
    assertThat(fetched(null)).isInstanceOf(FullState.Unknown.class);
  }

  private @Nullable FullState fetched(@Nullable FullState ahead) {
    UpdateLogEntry entry =
        new UpdateLogEntry("own", "Update", "Part", "Bolt", null, "2026-01-02 10:00:00")
            .because(Cause.LOAD);
    UpdatePage page =
        UpdatePage.read(
                new SyncRun(Lease.none(PRODUCER), ZoneOffset.UTC, Set.of("Part"), false, true),
                List.of(entry),
                "",
                Optional.empty(),
                false)
            .withStates(Map.of(), ahead == null ? Map.of() : Map.of(BOLT, ahead))
            .withUpdates(List.of(new AcceptedUpdate(entry, UpdateType.UPDATE, ROW, null)));
    Transactions transactions = new Transactions(database.database().pool());
    PostgresSyncLog syncLog =
        new PostgresSyncLog(
            transactions, RetrySettings.DEFAULT, SyncLogSettings.DEFAULT, Clock.systemUTC());
    FrappeSites silent =
        new FrappeSites(
            call -> {
              calls.add(call.toString());
              throw new IOException("it does not answer");
            },
            Clock.systemUTC(),
            ReadOnce.ONCE);
    FetchDocuments documents =
        new FetchDocuments(
            silent, DocTypes.NONE, callers, (url, doctype, unread) -> {}, Clock.systemUTC());
    return new FetchFullStates(
            syncLog,
            documents,
            new ReadStoredDocuments(new PostgresDocumentStore(transactions)),
            new Conditions(DocTypes.NONE, Commands.NONE, Clock.systemUTC()),
            (producer, update) -> false)
        .fetch(page)
        .fullStates()
        .get(BOLT);
  }

  private static FullState present(@Nullable Instant modified) {
    return new FullState.Present(
        JsonNodeFactory.instance.objectNode().put("name", "Bolt"), modified, Unread.NONE);
  }

  private void known(String column, String moment) {
    database.execute("insert into document (doctype, name, data) values ('Part', 'Bolt', '{}')");
    database.execute(
        "insert into document_link (producer_url, remote_doctype, remote_name, local_doctype, local_name, %s)"
                .formatted(column)
            + " values ('http://hq.example', 'Part', 'Bolt', 'Part', 'Bolt', '%s')"
                .formatted(moment));
  }
}
