package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.Shop.keys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.RecordedHistory;
import org.eventstreaming.standin.Request;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentJson;
import org.junit.jupiter.api.Test;

/** The recorded ERPNext history, of which only a few types are followed. */
class RecordedDependenciesTest {
  private static final Set<String> FOLLOWED =
      Set.of("Sales Invoice", "Payment Entry", "Opportunity");

  @Test
  void
      the_recorded_invoices_payments_and_opportunities_arrive_with_all_that_they_link_to_in_few_calls() {
    RecordedHistory history = RecordedHistory.start(RecordedHistory.Form.TABLE);
    try (StandInSite site = history.site();
        TestStream stream =
            TestStream.following(
                    site,
                    Read.LIST,
                    TestRow.of("Sales Invoice").with(Dependencies.ALL).row(),
                    TestRow.of("Payment Entry").with(Dependencies.ALL).row(),
                    TestRow.of("Opportunity").with(Dependencies.ALL).row())
                .start()) {
      site.approveAll();
      stream.pull();
      history.releaseAll();
      site.forgetRequests();

      stream.pull();

      Closure closure = new Closure(FOLLOWED);
      assertThat(
              stream
                  .database()
                  .rows("select producer_doc from event_sync_log where status <> 'Synced'"))
          .isEmpty();
      assertThat(keys(stream)).isEqualTo(closure.levels.keySet());
      assertThat(dangling(stream, closure)).isEmpty();
      lists(site)
          .forEach(
              (doctype, calls) ->
                  assertThat(calls)
                      .as("lists of %s", doctype)
                      .isLessThanOrEqualTo(closure.levelsOf(doctype)));
      // a single document of a level is read alone, and what a list leaves out is asked for once
      assertThat(site.count(CallKind.DOCUMENT)).isLessThan(closure.levels.size() / 2);
    }
  }

  /** Links of what is held here to what is not, reported by the recorded definitions. */
  private static Set<String> dangling(TestStream stream, Closure closure) {
    Set<String> dangling = new TreeSet<>();
    Set<String> here = keys(stream);
    stream
        .database()
        .rows("select doctype, data from document")
        .forEach(
            row -> {
              for (String target :
                  closure.links(String.valueOf(row.get(0)), json(String.valueOf(row.get(1))))) {
                if (!here.contains(target)) {
                  dangling.add(target);
                }
              }
            });
    return dangling;
  }

  /** How many lists of documents of a type, or of rows of one, the site was asked for. */
  private static Map<String, Integer> lists(StandInSite site) {
    Map<String, Integer> calls = new TreeMap<>();
    for (Request request : site.requests()) {
      String uri = URLDecoder.decode(request.uri(), StandardCharsets.UTF_8);
      if (request.kind() == CallKind.LIST) {
        String doctype = uri.substring("/api/resource/".length()).split("[/?]", -1)[0];
        calls.merge(doctype, 1, Integer::sum);
      }
    }
    // asked for whole because a link in their entries is gone: these are no dependencies
    FOLLOWED.forEach(calls::remove);
    calls.keySet().removeIf(doctype -> FOLLOWED.stream().anyMatch(doctype::startsWith));
    return calls;
  }

  private static JsonNode json(String text) {
    try {
      return DocumentJson.MAPPER.readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the recorded documents of some types link to, found slowly and plainly. */
  private static final class Closure {
    /** As the design does not let them come along. */
    private static final Set<String> NEVER = Set.of("DocType", "User");

    private final Map<String, JsonNode> doctypes = new HashMap<>();
    private final Map<String, Integer> levels = new LinkedHashMap<>();
    private final Map<String, Set<Integer>> levelsOfType = new HashMap<>();

    Closure(Set<String> followed) {
      Map<String, ObjectNode> all = new HashMap<>();
      RecordedHistory.documents()
          .forEach(
              one -> all.put(one.path("doctype").asText() + " " + one.path("name").asText(), one));
      RecordedHistory.docTypes().forEach(one -> doctypes.put(one.path("name").asText(), one));
      Set<String> level = new TreeSet<>();
      RecordedHistory.entries(RecordedHistory.Form.TABLE).stream()
          .filter(entry -> followed.contains(entry.refDoctype()))
          .map(entry -> entry.refDoctype() + " " + entry.docname())
          .forEach(level::add);
      for (int depth = 0; !level.isEmpty(); depth++) {
        Set<String> next = new TreeSet<>();
        for (String key : level) {
          levels.put(key, depth);
          ObjectNode document = Objects.requireNonNull(all.get(key), key);
          String doctype = document.path("doctype").asText();
          note(doctype, depth);
          next.addAll(links(doctype, document));
        }
        next.removeAll(levels.keySet());
        level = next;
      }
    }

    private void note(String doctype, int depth) {
      levelsOfType.computeIfAbsent(doctype, key -> new HashSet<>()).add(depth);
      for (JsonNode field : fields(doctype)) {
        if (field.path("fieldtype").asText().startsWith("Table")) {
          levelsOfType
              .computeIfAbsent(field.path("options").asText(), key -> new HashSet<>())
              .add(depth);
        }
      }
    }

    private JsonNode fields(String doctype) {
      return Objects.requireNonNull(doctypes.get(doctype), doctype).path("fields");
    }

    int levelsOf(String doctype) {
      return levelsOfType.getOrDefault(doctype, Set.of()).size();
    }

    Set<String> links(String doctype, JsonNode document) {
      Set<String> links = new TreeSet<>();
      for (JsonNode field : fields(doctype)) {
        JsonNode value = document.path(field.path("fieldname").asText());
        String options = field.path("options").asText();
        switch (field.path("fieldtype").asText()) {
          case "Link" -> add(options, value, links);
          case "Dynamic Link" -> add(document.path(options).asText(""), value, links);
          case "Table", "Table MultiSelect" ->
              value.forEach(row -> links.addAll(links(options, row)));
          default -> {}
        }
      }
      return links;
    }

    private static void add(String doctype, JsonNode name, Set<String> links) {
      if (!name.asText("").isEmpty() && !doctype.isEmpty() && !NEVER.contains(doctype)) {
        links.add(doctype + " " + name.asText());
      }
    }
  }
}
