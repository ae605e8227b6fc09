package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Reconcile;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.RecordedHistory;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;

/** The recorded ERPNext history, written to a second ERPNext site that was empty. */
class ErpTargetTest {
  /**
   * What a site gives to its own documents, the default of a field that was empty, and the switch
   * that keeps the date of an invoice. What ERPNext computes with each save is left to it, and the
   * stand-in computes nothing.
   */
  private static final Set<String> GIVEN_BY_THE_SITE =
      Set.of(
          "name",
          "parent",
          "creation",
          "owner",
          "remote_docname",
          "remote_site_name",
          "idx",
          "discount_type",
          "set_posting_time",
          "item_tax_rate",
          "other_charges_calculation",
          "remarks");

  @Test
  void an_erp_history_arrives_on_an_empty_erp_site() {
    ProducerDoctype[] rows =
        RecordedHistory.DOCTYPES.stream()
            .map(
                doctype ->
                    TestRow.of(doctype)
                        .with(Dependencies.ALL)
                        .loadedSince("1900-01-01 00:00:00")
                        .row())
            .toArray(ProducerDoctype[]::new);
    try (StandInSite from = RecordedHistory.startStock();
        StandInSite to = StandInSite.start(Generation.STOCK_15)) {
      RecordedHistory.docTypes().forEach(to::putDocType);
      // set up as a company: what the followed types link to
      RecordedHistory.documents().stream()
          .filter(one -> !RecordedHistory.DOCTYPES.contains(one.path("doctype").asText()))
          .forEach(one -> to.put(one.path("doctype").asText(), one));
      try (TestStream stream =
          new TestStream.Builder()
              .and(TargetSiteTest.producer(from, Source.PROBE, TargetSiteTest.target(to), rows))
              .start()) {
        stream.pull();

        assertThat(
                stream.database().rows("select error from event_sync_log where status <> 'Synced'"))
            .isEmpty();
        Map<String, Set<String>> differences = new TreeMap<>();
        CompareDocuments compare = new CompareDocuments();
        int compared = 0;
        for (String type : RecordedHistory.DOCTYPES) {
          for (ObjectNode wanted : from.documents(type)) {
            Set<String> fields =
                new TreeSet<>(compare.differences(wanted, copy(to, type, name(wanted))));
            fields.removeIf(
                field -> GIVEN_BY_THE_SITE.contains(field.substring(field.lastIndexOf('.') + 1)));
            if (!fields.isEmpty()) {
              differences.put(type + " " + name(wanted), fields);
            }
            compared++;
          }
        }
        assertThat(compared).isGreaterThanOrEqualTo(84);
        assertThat(differences)
            .as(
                "but for a default that the site fills in: made in their order, they get their names")
            .isEmpty();
        ObjectNode amended = copy(to, "Sales Invoice", "ACC-SINV-2026-00002-1");
        assertThat(amended.path("amended_from").asText())
            .isEqualTo(name(copy(to, "Sales Invoice", "ACC-SINV-2026-00002")));
        ObjectNode payment = copy(to, "Payment Entry", "ACC-PAY-2026-00001");
        assertThat(payment.path("references").path(0).path("reference_name").asText())
            .isEqualTo(
                name(
                    copy(
                        to,
                        "Sales Invoice",
                        from.documents("Payment Entry")
                            .get(0)
                            .path("references")
                            .path(0)
                            .path("reference_name")
                            .asText())));
        System.out.println(
            "%d documents of an ERPNext site: %d calls to the target, %d of them write"
                .formatted(compared, to.requests().size(), TargetSiteTest.writes(to)));
        to.forgetRequests();

        stream.clock().advance(Reconcile.DEFAULT.rows());
        stream.pull();

        assertThat(TargetSiteTest.writes(to)).as("writes of an idle reconciliation").isZero();
      }
    }
  }

  private static String name(ObjectNode document) {
    return document.path("name").asText();
  }

  private static ObjectNode copy(StandInSite site, String type, String origin) {
    return site.documents(type).stream()
        .filter(one -> one.path("remote_docname").asText().equals(origin))
        .findFirst()
        .orElseThrow(() -> new AssertionError(type + " " + origin + " is not there"));
  }
}
