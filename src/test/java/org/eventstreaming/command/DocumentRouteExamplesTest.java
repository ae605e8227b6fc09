package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.eventstreaming.command.Receiver.Answer;
import org.eventstreaming.main.Application;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The examples whose routes see documents before they are mapped. */
class DocumentRouteExamplesTest extends ExampleTest {
  private final StandInSite hq = StandInSite.start(Generation.V15_APP).approveAll();

  @BeforeEach
  void customers() {
    hq.putDocType(
        doctype("Customer", "'autoname': 'prompt'", "customer_name", "customer_group", "tax_id"));
    site("HQ", hq);
  }

  @AfterEach
  void close() {
    hq.close();
  }

  @Test
  void customers_get_the_score_of_another_system_and_a_rating_made_of_it() throws IOException {
    try (Receiver credit = Receiver.start()) {
      set("CREDIT_URL", credit.url()).set("CREDIT_TOKEN", "of-the-system");
      credit.answering(call -> new Answer(200, "{\"score\": 71}"));
      Application application = start("enrich");
      application.pullOnce();
      customer("Fabrikam", "{'tax_id': 'DE \\\\ 1'}");
      customer("Private", "{}");

      application.pullOnce();

      assertThat(credit.taken())
          .containsExactly(
              new Receiver.Call(
                  "POST", "/scores", "Bearer of-the-system", "{\"tax_id\": \"DE \\\\ 1\"}"));
      assertThat(scores()).containsExactly(List.of("Fabrikam", "71", "A"), noScore("Private"));

      long logged = database.count("event_sync_log");
      clock.advance(Duration.ofHours(1));
      application.send("direct:reconcile");
      assertThat(database.count("event_sync_log")).isEqualTo(logged);

      credit.answering(call -> new Answer(500, "{}"));
      hq.update("Customer", "Fabrikam", json("{'customer_group': 'Retail'}"));
      customer("Contoso", "{}");
      application.pullOnce();
      assertThat(
              database.rows(
                  "select producer_doc, status from event_sync_log where status <> 'Synced'"))
          .containsExactly(List.of("Fabrikam", "Failed"));
      assertThat(database.value("select error from event_sync_log where status <> 'Synced'"))
          .contains("credit-of-customer", "500", "event-streaming resync")
          .doesNotContain("of-the-system");
      assertThat(scores()).contains(noScore("Contoso"));
    }
  }

  @Test
  void documents_are_dropped_by_what_a_jsonpath_finds_in_them() {
    hq.putDocType(
        doctype(
            "Sales Invoice",
            "'autoname': 'prompt'",
            "customer:Link:Customer",
            "items:Table:Sales Invoice Item"));
    hq.putDocType(doctype("Sales Invoice Item", "'istable': 1", "item_code", "item_group"));
    Application application = start("drop");
    application.pullOnce();
    customer("Fabrikam", "{'customer_group': 'Retail'}");
    customer("Group", "{'customer_group': 'Test'}");
    customer("test by name", "{}");
    invoice("SI-1", "Products");
    invoice("SI-2", "Internal");

    application.pullOnce();

    assertThat(names()).containsExactly("Fabrikam", "SI-1");
    assertThat(database.count("event_sync_log")).isEqualTo(2);

    hq.update("Customer", "Group", json("{'customer_group': 'Retail'}"));
    hq.update(
        "Sales Invoice",
        "SI-1",
        json(
            "{'items': [{'doctype': 'Sales Invoice Item', 'item_code': 'X', 'item_group': 'Internal'}]}"));
    application.pullOnce();

    assertThat(names()).containsExactly("Fabrikam", "Group");
    assertThat(database.count("event_sync_log where status <> 'Synced'")).isZero();
  }

  private void customer(String name, String others) {
    hq.insert("Customer", json(others).put("name", name).put("customer_name", name));
  }

  private void invoice(String name, String group) {
    hq.insert(
        "Sales Invoice",
        json("{'items': [{'doctype': 'Sales Invoice Item', 'item_code': 'X', 'item_group': '%s'}]}"
                .formatted(group))
            .put("name", name)
            .put("customer", "Group"));
  }

  private List<@Nullable String> names() {
    return database.rows("select name from document order by name").stream()
        .<@Nullable String>map(row -> row.get(0))
        .toList();
  }

  private List<List<@Nullable String>> scores() {
    return database.rows(
        "select name, coalesce(data ->> 'credit_score', ''), coalesce(data ->> 'credit_rating', '')"
            + " from document order by name");
  }

  private static List<@Nullable String> noScore(String name) {
    return List.of(name, "", "");
  }
}
