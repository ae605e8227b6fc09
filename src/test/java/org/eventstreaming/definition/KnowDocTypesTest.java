package org.eventstreaming.definition;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.TestProducer;
import org.eventstreaming.site.Callers;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.RateLimit;
import org.eventstreaming.site.ReadOnce;
import org.eventstreaming.site.SiteAnswer;
import org.eventstreaming.site.SiteCalls;
import org.eventstreaming.store.DocTypeStore;
import org.eventstreaming.store.LearntDocType;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;
import org.eventstreaming.update.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class KnowDocTypesTest {
  private static final EventProducer PRODUCER = TestProducer.of(ProducerDoctype.sameName("ToDo"));

  private final KnownDocTypes known = new KnownDocTypes(Map.of());

  @Test
  void a_page_waits_no_longer_than_its_patience_and_an_answer_that_comes_later_is_learnt() {
    CountDownLatch answers = new CountDownLatch(1);
    SiteCalls silent =
        call -> {
          try {
            answers.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          String body = "{\"docs\": [{\"name\": \"ToDo\", \"fields\": []}]}";
          return new SiteAnswer(
              200,
              "application/json",
              Duration.ZERO,
              RateLimit.NONE,
              null,
              null,
              new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        };
    try (Callers callers = new Callers()) {
      KnowDocTypes knowDocTypes =
          new KnowDocTypes(
              new FrappeSites(silent, Clock.systemUTC(), ReadOnce.ONCE),
              new NothingKept(),
              known,
              callers,
              Clock.systemUTC(),
              Duration.ofMillis(50));
      UpdatePage page = page();

      assertThat(knowDocTypes.know(page)).isSameAs(page);
      assertThat(known.find("ToDo")).isEmpty();

      answers.countDown();
      Awaitility.await().until(() -> known.find("ToDo").isPresent());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 200, 301, 401, 403, 404, 417, 429, 500, 503})
  void what_is_reported_of_a_site_that_does_not_answer_reads_as_sentences(int status) {
    Logger logger = (Logger) LoggerFactory.getLogger(KnowDocTypes.class);
    ListAppender<ILoggingEvent> reported = new ListAppender<>();
    reported.start();
    logger.addAppender(reported);
    try (Callers callers = new Callers()) {
      new KnowDocTypes(
              new FrappeSites(call -> answer(status), Clock.systemUTC(), ReadOnce.ONCE),
              new NothingKept(),
              known,
              callers,
              Clock.systemUTC(),
              Duration.ofMinutes(1))
          .know(page());
    } finally {
      logger.detachAppender(reported);
    }

    assertThat(reported.list).hasSize(1);
    assertThat(reported.list.get(0).getFormattedMessage())
        .containsPattern("[a-z)][.?] Documents of this type are streamed")
        .containsPattern("hashes\\. It is requested again in");
  }

  private static SiteAnswer answer(int status) throws IOException {
    if (status == 0) {
      throw new IOException("connection reset");
    }
    return new SiteAnswer(
        status,
        "application/json",
        Duration.ZERO,
        RateLimit.NONE,
        null,
        null,
        new ByteArrayInputStream(
            "{\"exception\": \"a.b.Error: No.\"}".getBytes(StandardCharsets.UTF_8)));
  }

  private static UpdatePage page() {
    SyncRun pull =
        new SyncRun(
            new Lease(PRODUCER, "owner", true, Work.POLL),
            ZoneOffset.UTC,
            Set.of("ToDo"),
            false,
            true);
    UpdateLogEntry entry =
        new UpdateLogEntry("1", "Create", "ToDo", "A", "{}", "2026-01-01 00:00:00");
    return UpdatePage.read(pull, List.of(entry), "", Optional.empty(), false)
        .withUpdates(
            List.of(
                new AcceptedUpdate(
                    entry,
                    UpdateType.CREATE,
                    ProducerDoctype.sameName("ToDo"),
                    JsonNodeFactory.instance.objectNode())));
  }

  private static final class NothingKept implements DocTypeStore {
    @Override
    public List<LearntDocType> find(Collection<String> names) {
      return List.of();
    }

    @Override
    public void keep(Collection<LearntDocType> definitions) {}
  }
}
