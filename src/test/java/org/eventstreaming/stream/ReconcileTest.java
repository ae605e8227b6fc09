package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eventstreaming.producer.Leaves;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Reconcile;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.RecordedHistory;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is here converges to what the producer has, whatever its update log tells. */
class ReconcileTest {
  @ParameterizedTest(name = "read by {0}")
  @EnumSource(Read.class)
  void the_recorded_history_ends_equal_to_the_site_and_nothing_is_here_that_is_gone_there(
      Read read) {
    RecordedHistory history =
        RecordedHistory.start(
            read == Read.LIST ? RecordedHistory.Form.TABLE : RecordedHistory.Form.METHOD);
    // as the consumer that was recorded
    ProducerDoctype[] rows =
        RecordedHistory.DOCTYPES.stream()
            .map(
                doctype ->
                    doctype.equals("Note")
                        ? TestRow.of(doctype).where("doc.public == 1").leaving(Leaves.REMOVE).row()
                        : ProducerDoctype.sameName(doctype))
            .toArray(ProducerDoctype[]::new);
    try (StandInSite site = history.site();
        TestStream stream = new TestStream.Builder().and(site, read, rows).reconciling().start()) {
      site.approveAll();
      stream.pull();
      history.releaseAll();
      stream.pull();

      stream.reconcile();

      assertThat(differences(stream)).isEmpty();
      assertThat(gone(stream)).isEmpty();
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      long logged = stream.database().count("event_sync_log");

      stream.reconcile();

      assertThat(stream.database().count("event_sync_log")).isEqualTo(logged);
    }
  }

  @Test
  void a_stock_site_is_followed_by_lists_alone_and_what_was_there_before_is_loaded() {
    ProducerDoctype[] rows =
        RecordedHistory.DOCTYPES.stream()
            .map(doctype -> TestRow.of(doctype).loadedSince("1900-01-01 00:00:00").row())
            .toArray(ProducerDoctype[]::new);
    try (StandInSite site = RecordedHistory.startStock();
        TestStream stream = new TestStream.Builder().and(site, Read.LIST, rows).probing().start()) {
      stream.pull();

      assertThat(differences(stream)).isEmpty();
      assertThat(gone(stream)).isEmpty();
      assertThat(stream.database().rows("select distinct status, cause from event_sync_log"))
          .containsExactly(List.of("Synced", "load"));
      long logged = stream.database().count("event_sync_log");

      stream.clock().advance(Reconcile.DEFAULT.rows());
      stream.pull();

      assertThat(stream.database().count("event_sync_log")).isEqualTo(logged);
    }
  }

  /** Documents of the history that are not here as the site has them. */
  private static Set<String> differences(TestStream stream) {
    Set<String> differences = new TreeSet<>();
    CompareDocuments compare = new CompareDocuments();
    Set<DocumentKey> told =
        RecordedHistory.entries(RecordedHistory.Form.METHOD).stream()
            .map(entry -> new DocumentKey(entry.refDoctype(), entry.docname()))
            .collect(Collectors.toSet());
    for (ObjectNode wanted : RecordedHistory.documents()) {
      String doctype = wanted.path("doctype").asText();
      String name = wanted.path("name").asText();
      if (told.contains(new DocumentKey(doctype, name))) {
        JsonNode here =
            here(stream).names(doctype).contains(name)
                ? here(stream).document(doctype, name)
                : null;
        differences.addAll(
            compare.differences(wanted, here).stream()
                .map(one -> doctype + " " + name + ": " + one)
                .toList());
      }
    }
    return differences;
  }

  /** Documents that are here and not on the site. */
  private static Set<String> gone(TestStream stream) {
    Set<String> there =
        RecordedHistory.documents().stream()
            .map(one -> one.path("doctype").asText() + " " + one.path("name").asText())
            .collect(Collectors.toSet());
    return stream.database().rows("select doctype || ' ' || name from document").stream()
        .map(row -> String.valueOf(row.get(0)))
        .filter(one -> !there.contains(one))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Here here(TestStream stream) {
    return new Here(stream.database());
  }
}
