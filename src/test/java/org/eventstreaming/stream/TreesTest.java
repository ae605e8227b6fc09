package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.eventstreaming.producer.Reconcile;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.Request;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;

/** A site numbers a whole tree anew by SQL where one document of it changes. */
class TreesTest {
  private static final String ACCOUNT =
      "{'name': 'Account', 'doctype': 'DocType', 'is_tree': 1, 'fields': ["
          + "{'fieldname': 'parent_account', 'fieldtype': 'Link', 'options': 'Account'},"
          + "{'fieldname': 'lft', 'fieldtype': 'Int'}, {'fieldname': 'rgt', 'fieldtype': 'Int'},"
          + "{'fieldname': 'old_parent', 'fieldtype': 'Link', 'options': 'Account'}]}";

  @Test
  void positions_of_all_are_listed_once_after_one_document_changed() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll()) {
      site.putDocType(Here.json(ACCOUNT));
      try (TestStream stream =
          TestStream.following(site, TestStream.sameName("Account")).reconciling().start()) {
        stream.pull();
        site.insert("Account", Here.json("{'name': 'A', 'lft': 1, 'rgt': 4}"));
        site.insert(
            "Account",
            Here.json(
                "{'name': 'B', 'lft': 2, 'rgt': 3, 'parent_account': 'A', 'old_parent': 'A'}"));
        look(stream);
        look(stream);

        site.insert(
            "Account",
            Here.json(
                "{'name': 'C', 'lft': 2, 'rgt': 3, 'parent_account': 'A', 'old_parent': 'A'}"));
        site.dbSet("Account", "A", Here.json("{'rgt': 6}"), false);
        site.dbSet("Account", "B", Here.json("{'lft': 4, 'rgt': 5, 'old_parent': ''}"), false);
        look(stream);
        long rows = stream.database().count("event_sync_log");
        look(stream);

        assertThat(
                stream
                    .database()
                    .rows(
                        "select name, data ->> 'lft', data ->> 'rgt', data ->> 'old_parent'"
                            + " from document order by name"))
            .containsExactly(
                Arrays.asList("A", "1", "6", null),
                Arrays.asList("B", "4", "5", null),
                List.of("C", "2", "3", "A"));
        assertThat(stream.database().count("event_sync_log")).isEqualTo(rows);

        site.forgetRequests();
        look(stream);

        assertThat(site.requests()).extracting(Request::uri).noneMatch(uri -> uri.contains("lft"));
      }
    }
  }

  @Test
  void under_names_of_our_own_the_document_above_stays_as_it_is_named_here() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll()) {
      site.putDocType(Here.json(ACCOUNT));
      try (TestStream stream =
          TestStream.following(site, TestRow.of("Account").locallyNamed().row())
              .reconciling()
              .start()) {
        stream.pull();
        site.insert("Account", Here.json("{'name': 'A', 'lft': 1, 'rgt': 4}"));
        site.insert("Account", Here.json("{'name': 'B', 'lft': 2, 'rgt': 3, 'old_parent': 'A'}"));
        look(stream);
        look(stream);
        String above =
            String.valueOf(
                stream
                    .database()
                    .value(
                        "select data ->> 'old_parent' from document where remote_docname = 'B'"));

        site.insert("Account", Here.json("{'name': 'C', 'lft': 5, 'rgt': 6}"));
        site.dbSet("Account", "B", Here.json("{'lft': 3, 'rgt': 4}"), false);
        look(stream);
        look(stream);

        assertThat(
                stream
                    .database()
                    .rows(
                        "select data ->> 'lft', data ->> 'old_parent' from document"
                            + " where remote_docname = 'B'"))
            .containsExactly(List.of("3", above));
        assertThat(above).isNotEqualTo("null");
      }
    }
  }

  @Test
  void a_deletion_moves_the_others() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15)) {
      site.putDocType(Here.json(ACCOUNT));
      try (TestStream stream =
          TestStream.following(site, TestStream.sameName("Account")).probing().start()) {
        stream.pull();
        site.insert("Account", Here.json("{'name': 'A', 'lft': 1, 'rgt': 4}"));
        site.insert("Account", Here.json("{'name': 'B', 'lft': 2, 'rgt': 3}"));
        look(stream);
        look(stream);

        site.delete("Account", "B");
        site.dbSet("Account", "A", Here.json("{'rgt': 2}"), false);
        look(stream);
        look(stream);

        assertThat(
                stream.database().rows("select name, data ->> 'rgt' from document order by name"))
            .containsExactly(List.of("A", "2"));
      }
    }
  }

  private static void look(TestStream stream) {
    stream.clock().advance(Reconcile.DEFAULT.rows());
    stream.pull();
    stream.send("direct:reconcile");
  }
}
