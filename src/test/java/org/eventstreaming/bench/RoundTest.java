package org.eventstreaming.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.TestDatabase;
import org.eventstreaming.stream.TestStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoundTest {
  private static final int ENTRIES = 120;

  @ParameterizedTest
  @EnumSource(names = {"UPDATES_BY_LIST", "INVOICES", "LOAD_WITH_ROWS", "RETRY"})
  void a_work_is_measured_beside_its_bound(Work work) {
    Round round = Round.measure(work, ENTRIES, 1);

    assertThat(round.stream()).isPositive();
    assertThat(round.bound()).isPositive();
  }

  @Test
  void the_bound_leaves_the_rows_of_the_stream() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll().plainSelection();
        TestStream stream =
            TestStream.following(site, Work.UPDATES_BY_LIST.row()).page(50).start()) {
      Work.UPDATES_BY_LIST.prepare(site, stream, ENTRIES, 1);
      Bound bound = Bound.before(stream.database());
      stream.pull();

      for (boolean isCopyFirst : new boolean[] {true, false}) {
        bound.pages(3, isCopyFirst);

        assertThat(BoundTable.DOCUMENT.read(stream.database()))
            .hasSize(ENTRIES)
            .isEqualTo(rows(stream.database(), BoundTable.DOCUMENT));
        assertThat(BoundTable.LINK.read(stream.database()))
            .isEqualTo(rows(stream.database(), BoundTable.LINK));
        assertThat(BoundTable.LOG.read(stream.database()))
            .hasSize(2 * ENTRIES)
            .isEqualTo(rows(stream.database(), BoundTable.LOG));
      }
    }
  }

  private static Object rows(TestDatabase database, BoundTable table) {
    return database.rows(table.query(table.qualified()));
  }
}
