package org.eventstreaming.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.TestProducer;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.Backlog;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.KnownDocument;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.ResolvedDependencies;
import org.eventstreaming.update.StoredDocument;
import org.eventstreaming.update.StoredDocuments;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;
import org.eventstreaming.update.Work;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OverlapPagesTest {
  private static final ProducerDoctype PART = ProducerDoctype.sameName("Part");
  private static final EventProducer PRODUCER = TestProducer.of(PART);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final OverlapPages pages = new OverlapPages(producer -> false, threads);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void a_page_about_other_documents_is_prepared_while_the_page_before_is_written() {
    UpdatePage before = page(Work.POLL, UpdateType.CREATE, "Bolt");
    assertThat(write(before)).isNotDone();

    assertThat(pages.proceed(before)).isSameAs(before);
    assertThat(pages.begin(page(Work.POLL, UpdateType.CREATE, "Nut")).updates()).hasSize(1);
  }

  @Test
  void a_page_about_the_same_document_waits_until_the_page_before_is_written() throws Exception {
    UpdatePage before = page(Work.POLL, UpdateType.CREATE, "Bolt");
    UpdatePage next = page(Work.POLL, UpdateType.UPDATE, "Bolt");
    CompletableFuture<UpdatePage> end = write(before);

    CompletableFuture<UpdatePage> begun = CompletableFuture.supplyAsync(() -> pages.begin(next));
    assertThat(begun).isNotDone();
    end.complete(before);

    assertThat(begun.get(1, TimeUnit.MINUTES)).isSameAs(next);
    // it was prepared from what the page before left
    assertThat(pages.isOutdated(next)).isFalse();
  }

  @Test
  void a_page_that_looked_for_what_the_page_before_creates_is_prepared_again() {
    assertThat(isOutdated(page(Work.POLL, UpdateType.CREATE, "Bolt"), "Bolt")).isTrue();
    assertThat(isOutdated(page(Work.POLL, UpdateType.CREATE, "Bolt"), "Screw")).isFalse();
  }

  @Test
  void a_page_that_looked_for_what_the_page_before_deletes_is_prepared_again() {
    assertThat(isOutdated(here(page(Work.POLL, UpdateType.DELETE, "Bolt")), "Bolt")).isTrue();
  }

  @Test
  void a_page_that_looked_for_what_the_page_before_changes_in_its_place_stays_as_it_is() {
    assertThat(isOutdated(here(page(Work.POLL, UpdateType.UPDATE, "Bolt")), "Bolt")).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Work.class,
      names = {"POLL", "LOAD"},
      mode = EnumSource.Mode.EXCLUDE)
  void pages_of_other_work_are_written_one_by_one(Work work) throws Exception {
    UpdatePage page = page(work, UpdateType.CREATE, "Bolt");
    UpdatePage written = page.withUpdates(List.of());
    CompletableFuture<UpdatePage> end = write(page);

    CompletableFuture<UpdatePage> proceeded =
        CompletableFuture.supplyAsync(() -> pages.proceed(page));
    assertThat(proceeded).isNotDone();
    end.complete(written);

    assertThat(proceeded.get(1, TimeUnit.MINUTES)).isSameAs(written);
  }

  @Test
  void the_page_after_one_whose_documents_here_are_very_large_waits() throws Exception {
    ArrayNode values = DocumentJson.MAPPER.createArrayNode();
    for (long i = Runtime.getRuntime().maxMemory() / 1_000; i >= 0; i--) {
      values.add(true);
    }
    DocumentKey bolt = new DocumentKey("Part", "Bolt");
    UpdatePage page =
        page(Work.POLL, UpdateType.UPDATE, "Bolt")
            .withStored(
                new StoredDocuments(
                    Map.of(
                        bolt,
                        new StoredDocument(
                            bolt,
                            DocumentJson.MAPPER.createObjectNode().set("rows", values),
                            null,
                            null,
                            1))));
    CompletableFuture<UpdatePage> end = write(page);

    CompletableFuture<UpdatePage> proceeded =
        CompletableFuture.supplyAsync(() -> pages.proceed(page));
    assertThat(proceeded).isNotDone();
    end.complete(page.withUpdates(List.of()));

    assertThat(proceeded.get(1, TimeUnit.MINUTES).updates()).isEmpty();
  }

  @Test
  void pages_of_a_site_without_a_log_are_written_one_by_one() throws Exception {
    UpdatePage page = page(Work.POLL, UpdateType.CREATE, "Bolt", false);
    CompletableFuture<UpdatePage> end = write(page);

    CompletableFuture<UpdatePage> proceeded =
        CompletableFuture.supplyAsync(() -> pages.proceed(page));
    assertThat(proceeded).isNotDone();
    end.complete(page.withUpdates(List.of()));

    assertThat(proceeded.get(1, TimeUnit.MINUTES).updates()).isEmpty();
  }

  @Test
  void a_page_that_can_not_be_written_ends_the_run_with_its_failure() {
    UpdatePage before = page(Work.POLL, UpdateType.CREATE, "Bolt");
    pages.write(
        before,
        () -> {
          throw new IllegalStateException("no database");
        });

    assertThatThrownBy(() -> pages.isOutdated(page(Work.POLL, UpdateType.CREATE, "Nut")))
        .hasMessage("no database");
    assertThatThrownBy(() -> pages.end(before.run().lease())).hasMessage("no database");
    // the next run under the same lease begins anew
    pages.end(before.run().lease());
  }

  @Test
  @Timeout(60)
  void a_page_whose_writing_ends_by_an_error_ends_the_run() {
    UpdatePage before = page(Work.POLL, UpdateType.CREATE, "Bolt");
    pages.write(
        before,
        () -> {
          throw new StackOverflowError("deep");
        });

    assertThatThrownBy(() -> pages.isOutdated(page(Work.POLL, UpdateType.CREATE, "Nut")))
        .hasRootCauseInstanceOf(StackOverflowError.class);
    assertThatThrownBy(() -> pages.end(before.run().lease()))
        .hasRootCauseInstanceOf(StackOverflowError.class);
  }

  @Test
  @Timeout(60)
  void a_page_that_no_thread_takes_is_not_waited_for() {
    UpdatePage before = page(Work.POLL, UpdateType.CREATE, "Bolt");
    threads.shutdown();

    assertThatThrownBy(() -> pages.write(before, () -> before))
        .isInstanceOf(RejectedExecutionException.class);
    pages.end(before.run().lease());
  }

  /** Begins to write the page; what is answered ends the writing. */
  private CompletableFuture<UpdatePage> write(UpdatePage page) {
    CompletableFuture<UpdatePage> end = new CompletableFuture<>();
    pages.write(page, end::join);
    return end;
  }

  private boolean isOutdated(UpdatePage before, String looksFor) {
    UpdatePage next = page(Work.POLL, UpdateType.CREATE, "Nut");
    pages.begin(before);
    CompletableFuture<UpdatePage> end = write(before);
    pages.begin(next);
    end.complete(before);
    return pages.isOutdated(
        next.withDependencies(
            Map.of(),
            new ResolvedDependencies(
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Set.of(new IdentityKey(new DocumentKey("Part", looksFor), "Part")))));
  }

  /** The same where its documents are here already. */
  private static UpdatePage here(UpdatePage page) {
    return page.withStates(
        Map.of(
            page.entries().get(0).remote(),
            new KnownDocument(true, false, Instant.EPOCH, null, Backlog.NONE)),
        Map.of());
  }

  private static UpdatePage page(Work work, UpdateType type, String part) {
    return page(work, type, part, true);
  }

  private static UpdatePage page(Work work, UpdateType type, String part, boolean hasLog) {
    Lease lease = new Lease(PRODUCER, "owner", false, work);
    UpdateLogEntry entry =
        new UpdateLogEntry(
            type + part, type.text(), "Part", part, "{}", "2026-11-28 00:00:00.000000");
    return UpdatePage.read(
            new SyncRun(lease, ZoneOffset.UTC, Set.of("Part"), work == Work.RETRY, hasLog),
            List.of(entry),
            "",
            Optional.empty(),
            false)
        .withUpdates(
            List.of(
                new AcceptedUpdate(
                    entry,
                    type,
                    PART,
                    type == UpdateType.DELETE ? null : DocumentJson.MAPPER.createObjectNode())));
  }
}
