package org.eventstreaming.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.TestProducer;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.junit.jupiter.api.Test;

class PagesAheadTest {
  @Test
  void the_next_page_is_read_while_the_present_one_is_worked_on() throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    try (PagesAhead pages =
        new PagesAhead(
            "site",
            sink -> {
              sink.page(page("1"));
              second.countDown();
              sink.page(page("2"));
            })) {
      UpdatePage present = pages.next();

      assertThat(second.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(name(present)).isEqualTo("1");
      assertThat(name(pages.next())).isEqualTo("2");
      assertThat(pages.hasNext()).isFalse();
    }
  }

  @Test
  void what_is_done_ahead_with_the_next_page_is_done_while_the_present_one_is_worked_on()
      throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    try (PagesAhead pages =
        new PagesAhead(
            "site",
            page -> {
              if (name(page).equals("2")) {
                second.countDown();
              }
              return page("ahead " + name(page));
            },
            sink -> {
              sink.page(page("1"));
              sink.page(page("2"));
            })) {
      assertThat(name(pages.next())).isEqualTo("ahead 1");

      assertThat(second.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(name(pages.next())).isEqualTo("ahead 2");
    }
  }

  @Test
  void a_page_that_can_not_be_read_ends_the_reading_behind_those_before_it() {
    try (PagesAhead pages =
        new PagesAhead(
            "site",
            sink -> {
              sink.page(page("1"));
              throw new IllegalStateException("the site is gone");
            })) {
      assertThat(name(pages.next())).isEqualTo("1");

      assertThatThrownBy(pages::next).hasMessage("the site is gone");
      assertThat(pages.hasNext()).isFalse();
    }
  }

  @Test
  void an_error_while_reading_comes_out_as_an_exception() {
    try (PagesAhead pages =
        new PagesAhead(
            "site",
            sink -> {
              throw new StackOverflowError("deep");
            })) {
      assertThatThrownBy(pages::next)
          .isInstanceOf(RuntimeException.class)
          .hasMessageContaining("StackOverflowError");
      assertThat(pages.hasNext()).isFalse();
    }
  }

  private static String name(UpdatePage page) {
    return page.entries().get(0).name();
  }

  private static UpdatePage page(String name) {
    EventProducer producer = TestProducer.of(ProducerDoctype.sameName("Part"));
    return UpdatePage.read(
        new SyncRun(Lease.none(producer), ZoneOffset.UTC, Set.of("Part"), false, true),
        List.of(new UpdateLogEntry(name, "Create", "Part", "Bolt", "{}", "2026-11-28 00:00:00")),
        "",
        Optional.empty(),
        false);
  }
}
