package org.eventstreaming.stream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.eventstreaming.stream.Here.json;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sites that take a call and never answer hold up nobody but themselves. */
@Timeout(60)
class SilentSitesTest {
  private static final ProducerDoctype TODO = ProducerDoctype.sameName("ToDo");

  private final StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
  private final ExecutorService threads = Executors.newSingleThreadExecutor();

  @AfterEach
  void close() {
    threads.shutdownNow();
    site.close();
  }

  @Test
  void however_many_are_silent_the_others_are_polled_and_retried() throws Exception {
    TestStream.Builder builder = new TestStream.Builder().responseTimeout(Duration.ofMinutes(5));
    try (ServerSocket silent = new ServerSocket(0, 100, InetAddress.getByName("0.0.0.0"))) {
      for (int last = 2; last < 34; last++) {
        builder.and(
            new EventProducer(
                "http://127.0.0.%d:%d".formatted(last, silent.getLocalPort()),
                "Administrator",
                new Secret("key"),
                new Secret("secret"),
                Read.LIST,
                List.of(TODO)));
      }
      try (TestStream stream = builder.and(site, Read.LIST, TODO).start()) {
        Future<?> poll = threads.submit(() -> stream.send("direct:poll"));

        await()
            .atMost(30, SECONDS)
            .until(
                () ->
                    stream.database().count("event_producer where last_success is not null") == 1);
        silent.close();
        poll.get();
      }
    }
  }

  @Test
  void one_that_reports_no_document_holds_up_no_other_sites_documents() throws Exception {
    try (StandInSite other = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            TestStream.following(site, TODO)
                .and(other, Read.LIST, TODO)
                .responseTimeout(Duration.ofMinutes(5))
                .start()) {
      stream.pull();
      for (int i = 0; i < 20; i++) {
        site.append(update("T" + i));
      }
      site.fail(100, request -> request.kind() == CallKind.DOCUMENT, Fault.noAnswer());
      Future<?> pull = threads.submit(() -> stream.send("direct:poll"));
      await().until(() -> site.count(CallKind.DOCUMENT) == 4);

      other.put("ToDo", json("{'name': 'OTHER'}"));
      other.append(update("OTHER"));
      stream.send("direct:poll");

      await().atMost(10, SECONDS).until(() -> stream.database().count("document") == 1);
      site.close();
      pull.get();
    }
  }

  private static LogEntry update(String docname) {
    return new LogEntry(
        "update-" + docname,
        TestTimes.next(),
        "Update",
        "ToDo",
        docname,
        "{\"changed\": {\"status\": \"Closed\"}}");
  }
}
