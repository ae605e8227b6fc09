package org.eventstreaming.standin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonToken;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BacklogTest {
  private static final int ENTRIES = 200_000;
  private static final String KILOBYTE = "{\"description\": \"" + "x".repeat(1000) + "\"}";
  private static final LocalDateTime START = LocalDateTime.of(2030, 1, 1, 0, 0, 0);
  private static final DateTimeFormatter TEXT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS");

  private final StandInSite site = StandInSite.start(Generation.V14);
  private final Peer peer = new Peer(site);
  private final AtomicInteger made = new AtomicInteger();

  @BeforeEach
  void filled() {
    peer.register("ToDo", "Note");
    site.plainSelection();
    site.append(ENTRIES, this::entry);
    made.set(0);
  }

  @AfterEach
  void close() {
    site.close();
  }

  /** 200 MB pass through a heap that is too small for twice that; the reader counts. */
  @Test
  void a_large_backlog_is_one_streamed_answer() throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(site.url() + "/"))
            .header("Authorization", "token API-KEY:API-SECRET")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    Peer.form(peer.pullArguments("2030-01-01", "ToDo", "Note"))))
            .build();

    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());

    var names = 0;
    try (var json = FrappeJson.MAPPER.createParser(answer.body())) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
          names++;
        }
      }
    }
    assertThat(answer.headers().firstValue("transfer-encoding")).hasValue("chunked");
    // the cursor is the moment of the first entry: strictly after it
    assertThat(names).isEqualTo(ENTRIES - 1);
    assertThat(made)
        .as("entries made while they are sent")
        .hasValueGreaterThanOrEqualTo(ENTRIES - 1);
  }

  @Test
  void a_page_by_key_costs_what_it_holds() {
    var after = entry(150_000).creation();
    made.set(0);

    var names =
        page("[[\"modified\",\">=\",\"" + after + "\"],[\"ref_doctype\",\"=\",\"ToDo\"]]", 0, 500);

    assertThat(names).hasSize(500).startsWith("150002", "150004");
    assertThat(made).hasValueLessThan(1_200);
  }

  @Test
  void pages_by_offset_go_on_where_the_last_one_ended() {
    page("[]", 0, 1_000);
    page("[]", 1_000, 1_000);
    made.set(0);

    var names = page("[]", 2_000, 1_000);
    var again = page("[]", 2_000, 1_000);

    assertThat(names).hasSize(1_000).startsWith("2001").endsWith("3000").isEqualTo(again);
    assertThat(made).hasValueLessThan(5_000);
  }

  @Test
  void the_newest_entry_is_found_at_once() {
    var answer =
        peer.get("/api/resource/Event%20Update%20Log?order_by=creation%20desc&limit_page_length=1");

    assertThat(answer.body()).isEqualTo("{\"data\": [{\"name\":" + ENTRIES + "}]}");
    assertThat(made).hasValueLessThan(10);
  }

  private List<String> page(String filters, int start, int limit) {
    var uri =
        "/api/resource/Event%20Update%20Log?fields="
            + Peer.encoded(
                "[\"name\",\"creation\",\"update_type\",\"ref_doctype\",\"docname\",\"data\"]")
            + "&filters="
            + Peer.encoded(filters)
            + "&order_by=modified%20asc,name%20asc&limit_start="
            + start
            + "&limit_page_length="
            + limit;
    var names = new ArrayList<String>();
    Peer.tree(peer.get(uri).body())
        .path("data")
        .forEach(row -> names.add(row.path("name").asText()));
    return names;
  }

  private LogEntry entry(int position) {
    made.incrementAndGet();
    return new LogEntry(
        String.valueOf(position + 1),
        TEXT.format(START.plusNanos(position * 1_000L)),
        "Create",
        position % 2 == 0 ? "Note" : "ToDo",
        "D" + position,
        KILOBYTE);
  }
}
