package org.eventstreaming.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayInputStream;
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
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.site.Callers;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.SiteAnswer;
import org.eventstreaming.site.SiteCalls;
import org.eventstreaming.store.DocTypeStore;
import org.eventstreaming.store.LearntDocType;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.Pull;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;
import org.junit.jupiter.api.Test;

class KnowDocTypesTest {
  private static final EventProducer PRODUCER =
      new EventProducer(
          "http://hq.example",
          "user",
          new Secret("key"),
          new Secret("secret"),
          Read.LIST,
          List.of(ProducerDoctype.sameName("ToDo")));

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
              new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        };
    try (Callers callers = new Callers()) {
      KnowDocTypes knowDocTypes =
          new KnowDocTypes(
              new FrappeSites(silent),
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

  private static UpdatePage page() {
    Pull pull =
        new Pull(new Lease(PRODUCER, "owner", true), ZoneOffset.UTC, Set.of("ToDo"), false, true);
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
