package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.TargetSiteTest.find;
import static org.eventstreaming.stream.TargetSiteTest.joined;
import static org.eventstreaming.stream.TargetSiteTest.names;
import static org.eventstreaming.stream.TargetSiteTest.only;
import static org.eventstreaming.stream.TargetSiteTest.producer;
import static org.eventstreaming.stream.TargetSiteTest.reconcile;
import static org.eventstreaming.stream.TargetSiteTest.site;
import static org.eventstreaming.stream.TargetSiteTest.target;

import java.net.URI;
import java.util.List;
import org.eventstreaming.producer.NameTaken;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.SiteDatabase;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A name that a target site has in another spelling is taken there, if the site compares so. */
class SpellingAtTargetTest {
  @Test
  void a_name_that_is_taken_in_another_spelling_fails_with_what_the_producer_file_can_say() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Buyer")).attempts(1).start()) {
      branch.put("Buyer", Here.json("{'name': 'BUG ÜLM', 'title': 'theirs'}"));
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'BUG Ulm', 'title': 'ours'}"));
      stream.pull();

      assertThat(only(branch, "Buyer").path("title").asText()).isEqualTo("theirs");
      assertThat(new Here(stream.database()).message("BUG Ulm", "Create"))
          .contains(
              "the name BUG Ulm belongs to another Buyer at "
                  + branch.url()
                  + ", which is spelled BUG ÜLM there")
          .contains("name_taken");
    }
  }

  @Test
  void a_name_that_is_taken_in_another_spelling_is_adopted_and_links_name_it_as_the_target_does() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(
                    hq,
                    branch,
                    TestRow.of("Buyer").ifTaken(NameTaken.ADOPT),
                    TestRow.of("Order").locallyNamed())
                .start()) {
      branch.put("Buyer", Here.json("{'name': 'BUG ULM', 'title': 'theirs', 'lft': 3}"));
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'BUG Ulm', 'title': 'ours'}"));
      hq.insert(
          "Order", Here.json("{'name': 'O', 'naming_series': 'X-.####', 'customer': 'BUG Ulm'}"));
      stream.pull();

      assertThat(only(branch, "Buyer").path("name").asText()).isEqualTo("BUG ULM");
      assertThat(only(branch, "Buyer").path("title").asText()).isEqualTo("ours");
      assertThat(only(branch, "Buyer").path("lft").asInt()).as("the site's own").isEqualTo(3);
      assertThat(only(branch, "Order").path("customer").asText()).isEqualTo("BUG ULM");
      assertThat(
              stream
                  .database()
                  .value("select local_name from document_link where remote_name = 'BUG Ulm'"))
          .isEqualTo("BUG ULM");

      hq.update("Buyer", "BUG Ulm", Here.json("{'title': 'changed'}"));
      stream.pull();
      assertThat(only(branch, "Buyer").path("title").asText()).isEqualTo("changed");
      hq.delete("Order", "O");
      hq.delete("Buyer", "BUG Ulm");
      stream.pull();
      assertThat(branch.documents("Buyer")).isEmpty();
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void a_name_that_is_taken_in_another_spelling_gets_the_host_of_the_producer() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(
                    hq,
                    branch,
                    TestRow.of("Buyer").ifTaken(NameTaken.RENAME),
                    TestRow.of("Order").locallyNamed())
                .start()) {
      branch.put("Buyer", Here.json("{'name': 'BUG ULM', 'title': 'theirs'}"));
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'BUG Ulm', 'title': 'ours'}"));
      hq.insert("Buyer", Here.json("{'name': 'Free', 'title': 'free'}"));
      hq.insert(
          "Order", Here.json("{'name': 'O', 'naming_series': 'X-.####', 'customer': 'BUG Ulm'}"));
      stream.pull();

      String other = "BUG Ulm-" + URI.create(hq.url()).getAuthority();
      assertThat(names(branch, "Buyer")).containsExactlyInAnyOrder("BUG ULM", "Free", other);
      assertThat(find(branch, "Buyer", "BUG ULM").path("title").asText()).isEqualTo("theirs");
      assertThat(find(branch, "Buyer", other).path("title").asText()).isEqualTo("ours");
      assertThat(only(branch, "Order").path("customer").asText()).isEqualTo(other);
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "SQLITE"})
  void a_target_that_compares_names_exactly_takes_both_spellings(SiteDatabase database) {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15).database(database);
        TestStream stream = joined(hq, branch, TestRow.of("Buyer")).start()) {
      branch.put("Buyer", Here.json("{'name': 'BUG ULM', 'title': 'theirs'}"));
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'BUG Ulm', 'title': 'ours'}"));
      stream.pull();

      assertThat(names(branch, "Buyer")).containsExactlyInAnyOrder("BUG ULM", "BUG Ulm");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void two_documents_that_are_one_name_to_the_target_are_reported_or_kept_apart_by_the_host() {
    for (NameTaken taken : List.of(NameTaken.FAIL, NameTaken.RENAME)) {
      try (StandInSite hq = site(Generation.V15_APP).database(SiteDatabase.POSTGRESQL);
          StandInSite branch = site(Generation.STOCK_15);
          TestStream stream =
              joined(hq, branch, TestRow.of("Buyer").ifTaken(taken)).attempts(1).start()) {
        stream.pull();
        hq.insert("Buyer", Here.json("{'name': 'abc', 'title': 'small'}"));
        stream.pull();
        hq.insert("Buyer", Here.json("{'name': 'ABC', 'title': 'large'}"));
        stream.pull();

        assertThat(find(branch, "Buyer", "abc").path("title").asText()).isEqualTo("small");
        if (taken == NameTaken.FAIL) {
          assertThat(new Here(stream.database()).message("ABC", "Create"))
              .contains("the name ABC belongs to another Buyer")
              .contains("spelled abc there")
              .contains("name_taken");
        } else {
          assertThat(names(branch, "Buyer"))
              .containsExactlyInAnyOrder("abc", "ABC-" + URI.create(hq.url()).getAuthority());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MARIADB", "POSTGRESQL"})
  void a_rename_that_changes_only_the_case_is_one_on_the_target_too(SiteDatabase database) {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15).database(database);
        TestStream stream =
            new TestStream.Builder()
                .and(producer(hq, Source.UPDATE_LOG, target(branch), TestRow.of("Buyer").row()))
                .reconciling()
                .start()) {
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'BUG Ulm', 'title': 'ours'}"));
      stream.pull();
      hq.rename("Buyer", "BUG Ulm", "BUG ULM");
      reconcile(stream);

      assertThat(names(branch, "Buyer")).containsExactly("BUG ULM");
      assertThat(only(branch, "Buyer").path("remote_docname").asText()).isEqualTo("BUG ULM");
      assertThat(stream.database().rows("select remote_name, local_name from document_link"))
          .containsExactly(List.of("BUG ULM", "BUG ULM"));

      // somebody changes the case on the target alone
      branch.rename("Buyer", "BUG ULM", "Bug ulm");
      hq.update("Buyer", "BUG ULM", Here.json("{'title': 'changed'}"));
      reconcile(stream);

      assertThat(names(branch, "Buyer")).containsExactly("Bug ulm");
      assertThat(only(branch, "Buyer").path("title").asText()).isEqualTo("changed");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }
}
