package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.RecordedHistory;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;

/** What a real ERPNext site logged in a few minutes, streamed through a stand-in for that site. */
class RecordedErpHistoryTest {
  private static final ProducerDoctype[] TYPES =
      TestStream.sameName(RecordedHistory.DOCTYPES.toArray(String[]::new));

  /**
   * What the log does not say (changes written past the document, links that a rename rewrites):
   * only reading the documents themselves closes it.
   */
  private static final Set<String> NOT_IN_THE_LOG =
      Set.of(
          "Address Fabrikam Ltd-Billing",
          "Address Fabrikam plc-Billing",
          "Contact Fabrikam-Fabrikam Ltd",
          "Contact Fabrikam-Fabrikam plc",
          "Contact Ravi Kumar-1",
          "Item PRT-000",
          "Item PRT-001",
          "Item PRT-002",
          "Item PRT-003",
          "Item PRT-004",
          "Item PRT-005",
          "Item PRT-006",
          "Item PRT-007",
          "Lead CRM-LEAD-2026-00002",
          "Payment Entry ACC-PAY-2026-00001",
          "Sales Invoice ACC-SINV-2026-00002",
          "Sales Invoice ACC-SINV-2026-00002-1",
          "Sales Invoice ACC-SINV-2026-00003");

  @Test
  void read_by_list_every_document_equals_the_sites_but_those_that_the_log_does_not_report_of() {
    RecordedHistory history = RecordedHistory.start(RecordedHistory.Form.TABLE);
    try (StandInSite site = history.site();
        TestStream stream = TestStream.following(site, Read.LIST, TYPES).start()) {
      site.approveAll();
      stream.pull();

      history.releaseAll();
      stream.pull();

      assertThat(CompareRecorded.differences(stream.database()).keySet()).isEqualTo(NOT_IN_THE_LOG);
      assertThat(stream.database().rows("select update_log, status from event_sync_log"))
          .hasSize(122)
          .allSatisfy(row -> assertThat(row.get(1)).isEqualTo("Synced"));
      assertThat(new Here(stream.database()).names("Customer"))
          .contains("Fabrikam Ltd", "Fabrikam plc");
    }
  }

  @Test
  void
      read_by_the_method_every_document_equals_the_sites_but_those_that_the_log_does_not_report_of() {
    RecordedHistory history = RecordedHistory.start(RecordedHistory.Form.METHOD);
    try (StandInSite site = history.site();
        TestStream stream = TestStream.following(site, Read.METHOD, TYPES).start()) {
      site.approveAll();
      stream.pull();

      history.releaseAll();
      stream.pull();

      assertThat(CompareRecorded.differences(stream.database()).keySet()).isEqualTo(NOT_IN_THE_LOG);
      assertThat(
              stream.database().rows("select update_log from event_sync_log").stream()
                  .map(row -> row.get(0)))
          .containsExactlyInAnyOrderElementsOf(
              RecordedHistory.entries(RecordedHistory.Form.METHOD).stream()
                  .map(LogEntry::name)
                  .toList());
      assertThat(new Here(stream.database()).names("Customer"))
          .doesNotContain("Fabrikam Ltd", "Fabrikam plc");
    }
  }
}
