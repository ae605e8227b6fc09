package org.eventstreaming.extension;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.settings.DocumentRouteSettings;
import org.eventstreaming.settings.LengthOfTime;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.DocumentRoutes;
import org.eventstreaming.update.Sentence;

/**
 * Runs the routes of the project on a batch of documents, a few at once, each for a limited time. A
 * call that takes longer is interrupted, and its document fails; the batch goes on.
 */
public final class RunDocumentRoutes implements DocumentRoutes {
  /** What every document has, without a field in its definition. */
  private static final Set<String> STANDARD =
      Set.of("doctype", "name", "owner", "creation", "modified", "modified_by", "docstatus", "idx");

  private final DocumentRoute route;
  private final DocTypes doctypes;
  private final DocumentRouteSettings settings;
  private final Executor threads;

  /**
   * @param threads starts a call at once, on a thread that can be interrupted
   */
  public RunDocumentRoutes(
      DocumentRoute route, DocTypes doctypes, DocumentRouteSettings settings, Executor threads) {
    this.route = route;
    this.doctypes = doctypes;
    this.settings = settings;
    this.threads = threads;
  }

  @Override
  public boolean any() {
    return route.any();
  }

  @Override
  public boolean has(String doctype) {
    return route.of(doctype) != null;
  }

  @Override
  public List<Result> call(EventProducer producer, List<Asked> documents) {
    Result[] results = new Result[documents.size()];
    BlockingQueue<Call> ended = new LinkedBlockingQueue<>();
    Set<Call> running = new LinkedHashSet<>();
    int next = 0;
    try {
      while (next < results.length || !running.isEmpty()) {
        while (next < results.length && running.size() < settings.parallel()) {
          Call call = new Call(producer, documents.get(next), next, ended);
          running.add(call);
          threads.execute(call);
          next++;
        }
        Call oldest = running.iterator().next();
        Call call = ended.poll(oldest.remaining(), TimeUnit.NANOSECONDS);
        if (call == null) {
          oldest.cancel(true);
          running.remove(oldest);
          results[oldest.number] = tooLong(producer, oldest.asked.key());
        } else if (running.remove(call)) {
          results[call.number] = call.result();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while routes of documents ran", e);
    } finally {
      running.forEach(call -> call.cancel(true));
    }
    return Arrays.asList(results);
  }

  /** One document in one route, with the moment it began. */
  private final class Call extends FutureTask<Result> {
    private final EventProducer producer;
    private final Asked asked;
    private final int number;
    private final BlockingQueue<Call> ended;
    private final long latest = System.nanoTime() + settings.timeout().toNanos();

    Call(EventProducer producer, Asked asked, int number, BlockingQueue<Call> ended) {
      super(() -> answer(producer, asked));
      this.producer = producer;
      this.asked = asked;
      this.number = number;
      this.ended = ended;
    }

    @Override
    protected void done() {
      ended.add(this);
    }

    long remaining() {
      return latest - System.nanoTime();
    }

    Result result() throws InterruptedException {
      try {
        return get();
      } catch (ExecutionException e) {
        // what the route did is an answer; this is a fault of the program, or its end
        throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
      } catch (CancellationException e) {
        return tooLong(producer, asked.key());
      }
    }
  }

  private Result answer(EventProducer producer, Asked asked) {
    DocumentKey key = asked.key();
    DocumentRoute.Answer answer;
    try {
      answer = route.call(producer.producerUrl(), key, asked.document().deepCopy());
    } catch (DocumentRoute.RouteFailed e) {
      return failed(producer, key, String.valueOf(e.getMessage()));
    }
    if (answer.drop() != null) {
      return new Result.Dropped(route.of(key.doctype()) + ": " + answer.drop());
    }
    if (!(answer.document() instanceof ObjectNode document)) {
      return failed(
          producer,
          key,
          "its body is %s, not a document. To drop a document, set the variable drop to the reason."
              .formatted(answer.document() == null ? "empty" : kind(answer.document())));
    }
    return checked(producer, asked, document);
  }

  /** What identifies a document stays with it, also where the route leaves it out. */
  private Result checked(EventProducer producer, Asked asked, ObjectNode document) {
    DocumentKey key = asked.key();
    for (String name : STANDARD) {
      if (asked.document().has(name) && !document.has(name)) {
        document.set(name, asked.document().get(name));
      }
    }
    for (String name : List.of("doctype", "name")) {
      if (!Objects.equals(asked.document().get(name), document.get(name))) {
        return failed(
            producer, key, "it changed %s to %s.".formatted(name, document.path(name).asText()));
      }
    }
    Set<String> undeclared = undeclared(producer, asked, document);
    if (!undeclared.isEmpty()) {
      String names = String.join(", ", undeclared);
      return failed(
          producer,
          key,
          "it added %s, which the DocType %s does not have. Declare what the route adds in the row of %s in the producer file: adds: [%s]."
              .formatted(names, key.doctype(), key.doctype(), names));
    }
    return new Result.Changed(document);
  }

  private Set<String> undeclared(EventProducer producer, Asked asked, ObjectNode document) {
    Optional<DocType> definition = doctypes.find(asked.key().doctype());
    Set<String> undeclared = new TreeSet<>();
    if (definition.isEmpty()) {
      return undeclared;
    }
    Set<String> declared =
        producer.following(asked.key().doctype()).map(ProducerDoctype::adds).orElse(Set.of());
    document
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!asked.document().has(name)
                  && !declared.contains(name)
                  && !STANDARD.contains(name)
                  && !name.startsWith("_")
                  && definition.get().field(name).isEmpty()) {
                undeclared.add(name);
              }
            });
    return undeclared;
  }

  private Result tooLong(EventProducer producer, DocumentKey key) {
    Duration limit = settings.timeout();
    return failed(
        producer,
        key,
        "it took longer than %s (eventstreaming.document-routes.timeout)."
            .formatted(LengthOfTime.text(limit)));
  }

  private Result failed(EventProducer producer, DocumentKey key, String why) {
    return new Result.Failed(
        "The %s failed for %s of %s: %s"
            .formatted(route.name(key.doctype()), key, producer.producerUrl(), Sentence.of(why)));
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "a list";
      case STRING -> "a text that is not a JSON object";
      case BOOLEAN -> "a boolean";
      case NUMBER -> "a number";
      case NULL, MISSING -> "empty";
      case BINARY, OBJECT, POJO -> "another object";
    };
  }
}
