package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With {@code nul: strip} NUL characters are removed wherever documents come from. */
class NulCharactersTest {
  @ParameterizedTest
  @EnumSource(
      value = Generation.class,
      names = {"V14", "V15_APP", "STOCK_15"})
  void they_are_removed_which_is_noted_and_the_document_is_equal_then(Generation generation) {
    try (StandInSite site = StandInSite.start(generation)) {
      if (generation.streams()) {
        site.approveAll();
      }
      site.putDocType(
          Here.json(
              "{'name': 'Line', 'doctype': 'DocType', 'istable': 1, 'fields': ["
                  + "{'fieldname': 'note', 'fieldtype': 'Data'}]}"));
      site.putDocType(
          Here.json(
              "{'name': 'Memo', 'doctype': 'DocType', 'fields': ["
                  + "{'fieldname': 'text', 'fieldtype': 'Text'},"
                  + "{'fieldname': 'person', 'fieldtype': 'Link', 'options': 'Person'},"
                  + "{'fieldname': 'lines', 'fieldtype': 'Table', 'options': 'Line'}]}"));
      site.putDocType(
          Here.json(
              "{'name': 'Person', 'doctype': 'DocType', 'fields': ["
                  + "{'fieldname': 'title', 'fieldtype': 'Data'}]}"));
      TestStream.Builder builder =
          new TestStream.Builder()
              .and(site, Read.LIST, TestRow.of("Memo").with(Dependencies.ALL).row())
              .probing()
              .strippingNul();
      EventProducer producer = builder.producers().get(0);
      try (TestStream stream = builder.start()) {
        stream.pull();
        site.insert("Person", Here.json("{'name': 'P-1', 'title': 'A\\u0000da'}"));
        site.insert(
            "Memo",
            Here.json(
                "{'name': 'M-1', 'text': '\\u0000a\\u0000b', 'person': 'P-1', 'lines': [{'note':"
                    + " 'c\\u0000'}]}"));
        look(stream);
        assertThat(stream.database().value("select note from event_sync_log where seq = 1"))
            .containsPattern(
                "NUL characters were removed from (lines.0..note, text|text, lines.0..note)");
        site.update("Memo", "M-1", Here.json("{'text': 'd\\u0000'}"));
        look(stream);

        Here here = new Here(stream.database());
        if (generation.streams()) {
          assertThat(here.message("M-1", "Update"))
              .isEqualTo("NUL characters were removed from text");
        }
        assertThat(here.document("Memo", "M-1").path("text").asText()).isEqualTo("d");
        assertThat(here.document("Memo", "M-1").path("lines").path(0).path("note").asText())
            .isEqualTo("c");
        assertThat(here.document("Person", "P-1").path("title").asText()).isEqualTo("Ada");
        assertThat(here.texts("select distinct status from event_sync_log"))
            .containsExactly("Synced");
        long reported = here.entries();

        site.dbSet("Memo", "M-1", Here.json("{}"), true);
        look(stream);

        assertThat(here.entries()).isEqualTo(reported);
        Reported compared = Reported.by(stream, producer, false, true, "Memo");
        assertThat(compared.differences()).isEmpty();
        assertThat(compared.ranges)
            .allSatisfy(range -> assertThat(range.checksumHere()).isEqualTo(range.checksumThere()));
      }
    }
  }

  private static void look(TestStream stream) {
    stream.pull();
    stream.reconcile();
    stream.pull();
  }
}
