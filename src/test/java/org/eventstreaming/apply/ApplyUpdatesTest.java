package org.eventstreaming.apply;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.Unread;
import org.eventstreaming.naming.NameDocument;
import org.eventstreaming.postgres.PostgresDocumentStore;
import org.eventstreaming.postgres.PostgresOpenedMasters;
import org.eventstreaming.postgres.PostgresProducerStates;
import org.eventstreaming.postgres.PostgresSeries;
import org.eventstreaming.postgres.PostgresSiteLinks;
import org.eventstreaming.postgres.PostgresSyncLog;
import org.eventstreaming.postgres.PostgresUnreadableFields;
import org.eventstreaming.postgres.Transactions;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.TestProducer;
import org.eventstreaming.settings.RetrySettings;
import org.eventstreaming.settings.SyncLogSettings;
import org.eventstreaming.site.Callers;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.ReadOnce;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.stream.TestDatabase;
import org.eventstreaming.target.Targets;
import org.eventstreaming.target.WriteAsHistory;
import org.eventstreaming.target.WriteToSite;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.Dependency;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.MappingDetails;
import org.eventstreaming.update.ResolvedDependencies;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;
import org.eventstreaming.update.Work;
import org.junit.jupiter.api.Test;

class ApplyUpdatesTest {
  private static final ProducerDoctype ROW = ProducerDoctype.sameName("Part");
  private static final EventProducer PRODUCER = TestProducer.of(ROW);

  @Test
  void a_page_of_which_an_entry_comes_to_no_outcome_is_not_applied() {
    UpdateLogEntry entry =
        new UpdateLogEntry("LOG-7", "Create", "Part", "Bolt", "{}", "2026-01-01 00:00:00");
    UpdatePage page =
        UpdatePage.read(
                new SyncRun(
                    new Lease(PRODUCER, "owner", true, Work.POLL),
                    ZoneOffset.UTC,
                    Set.of("Part"),
                    false,
                    true),
                List.of(entry),
                "",
                Optional.empty(),
                false)
            .withUpdates(List.of(new AcceptedUpdate(entry, UpdateType.CREATE, ROW, part())));
    // the same document as one that comes along: no step before gives such a page
    UpdatePage contradicting =
        page.withDependencies(
            Map.of(),
            new ResolvedDependencies(
                Map.of(),
                Map.of(
                    page.identity(entry.remote()),
                    new Dependency(
                        page.identity(entry.remote()),
                        ROW,
                        true,
                        Dependencies.NONE,
                        part(),
                        MappingDetails.NONE,
                        Unread.NONE,
                        null)),
                Map.of(),
                Map.of(),
                Map.of(),
                Set.of()));
    try (TestDatabase database = TestDatabase.create()) {
      Transactions transactions = new Transactions(database.database().pool());
      PostgresDocumentStore store = new PostgresDocumentStore(transactions);
      Targets targets =
          new Targets(
              new FrappeSites(
                  call -> {
                    throw new IOException("nothing is written to a site");
                  },
                  Clock.systemUTC(),
                  ReadOnce.ONCE),
              new Callers(),
              DocTypes.NONE,
              new PostgresProducerStates(transactions, Duration.ofSeconds(15)),
              new PostgresUnreadableFields(transactions),
              Clock.systemUTC());
      SyncLog syncLog =
          new PostgresSyncLog(
              transactions, RetrySettings.DEFAULT, SyncLogSettings.DEFAULT, Clock.systemUTC());
      WriteAsHistory site =
          new WriteAsHistory(
              new WriteToSite(targets, new PostgresSiteLinks(transactions), List.of()),
              targets,
              new PostgresOpenedMasters(transactions));
      ApplyUpdates applyUpdates =
          new ApplyUpdates(
              new PlanUpdates(
                  store,
                  targets,
                  new PostgresSiteLinks(transactions),
                  site,
                  syncLog,
                  DocTypes.NONE,
                  new FindLinks(DocTypes.NONE),
                  new NameDocument(Clock.systemUTC(), new Random(1)),
                  new PostgresSeries(transactions),
                  new PostgresUnreadableFields(transactions)),
              store,
              store,
              site,
              syncLog,
              DocTypes.NONE);

      assertThatThrownBy(() -> transactions.run(connection -> applyUpdates.apply(contradicting)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("LOG-7")
          .hasMessageContaining("Create of Part Bolt");
    }
  }

  private static ObjectNode part() {
    return JsonNodeFactory.instance.objectNode().put("name", "Bolt");
  }
}
