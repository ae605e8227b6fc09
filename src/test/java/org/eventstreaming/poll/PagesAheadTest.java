package org.eventstreaming.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.PassedOver;
import org.eventstreaming.update.Pull;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.junit.jupiter.api.Test;

class PagesAheadTest {
  @Test
  void the_next_page_is_accepted_while_the_present_one_is_worked_on() throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    AcceptPage accept =
        page -> {
          if (page.entries().get(0).name().equals("2")) {
            second.countDown();
          }
          return accepted(page);
        };
    try (PagesAhead pages = read(accept, "1", "2")) {
      UpdatePage present = pages.next();

      assertThat(second.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(present.updates()).hasSize(1);
      assertThat(pages.next().updates()).hasSize(1);
      assertThat(pages.hasNext()).isFalse();
    }
  }

  @Test
  void a_page_that_can_not_be_accepted_ends_the_reading_behind_those_before_it() {
    AcceptPage accept =
        page -> {
          if (page.entries().get(0).name().equals("2")) {
            throw new IllegalStateException("the route is gone");
          }
          return accepted(page);
        };
    try (PagesAhead pages = read(accept, "1", "2", "3")) {
      assertThat(pages.next().entries().get(0).name()).isEqualTo("1");

      assertThatThrownBy(pages::next).hasMessage("the route is gone");
      assertThat(pages.hasNext()).isFalse();
    }
  }

  /** Pages of one entry each. */
  private static PagesAhead read(AcceptPage accept, String... names) {
    return new PagesAhead(
        "site", accept, sink -> Stream.of(names).forEach(name -> sink.page(page(name))));
  }

  private static UpdatePage accepted(UpdatePage page) {
    return page.withUpdates(
        page.entries().stream()
            .<Update>map(entry -> new PassedOver(entry, PassedOver.Why.NOT_ASKED_FOR))
            .toList());
  }

  private static UpdatePage page(String name) {
    EventProducer producer =
        new EventProducer(
            "http://hq.example",
            "user",
            new Secret("key"),
            new Secret("secret"),
            Read.LIST,
            List.of(ProducerDoctype.sameName("Part")));
    return UpdatePage.read(
        new Pull(Lease.none(producer), ZoneOffset.UTC, Set.of("Part"), false, true),
        List.of(new UpdateLogEntry(name, "Create", "Part", "Bolt", "{}", "2026-11-28 00:00:00")),
        "",
        Optional.empty(),
        false);
  }
}
