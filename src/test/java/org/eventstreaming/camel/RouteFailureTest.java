package org.eventstreaming.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eventstreaming.condition.ConditionFailed;
import org.eventstreaming.extension.DocumentRoute;
import org.eventstreaming.mapping.NoValue;
import org.eventstreaming.producer.TestProducer;
import org.eventstreaming.store.StoreFailure;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.UpdateLogEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Only what a route of the project itself fails by is a failure of the document. */
class RouteFailureTest {
  private static final ObjectNode DOCUMENT = DocumentJson.MAPPER.createObjectNode();
  private static final UpdateLogEntry ENTRY =
      new UpdateLogEntry("e", "Create", "Task", "T-1", "{}", "2026-11-28 00:00:00.000000");

  private final DefaultCamelContext context = new DefaultCamelContext();
  private Exception thrown = new IllegalArgumentException("no rates today");

  @BeforeEach
  void start() throws Exception {
    Predicate<Object> bean =
        asked -> {
          throw thrown instanceof RuntimeException known
              ? known
              : new IllegalStateException(thrown);
        };
    context.getRegistry().bind("shop.is_free", bean);
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            for (String uri :
                List.of("direct:document", "direct:cmd.shop.is_open", "direct:rate")) {
              from(uri)
                  .process(
                      exchange -> {
                        throw thrown;
                      });
            }
          }
        });
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void what_a_route_throws_is_a_failure_of_the_document() {
    assertThatThrownBy(this::document).isInstanceOf(DocumentRoute.RouteFailed.class);
    assertThatThrownBy(this::value).isInstanceOf(NoValue.class);
    assertThatThrownBy(() -> command("shop.is_open"))
        .isInstanceOf(ConditionFailed.class)
        .hasMessageContaining("no rates today");
    assertThatThrownBy(() -> command("shop.is_free"))
        .isInstanceOf(ConditionFailed.class)
        .hasMessageContaining("no rates today");
  }

  static Stream<Exception> ofTheProgram() {
    return Stream.of(
        new InterruptedException("stopped"), new RejectedExecutionException("stopped"), new Away());
  }

  @ParameterizedTest
  @MethodSource("ofTheProgram")
  void a_stop_or_a_failure_of_the_store_is_none_of_the_document(Exception failure) {
    thrown = failure;

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            this::document,
            this::value,
            () -> command("shop.is_open"),
            () -> command("shop.is_free"))) {
      assertThatThrownBy(call)
          .isNotInstanceOfAny(DocumentRoute.RouteFailed.class, NoValue.class, ConditionFailed.class)
          .satisfiesAnyOf(
              same -> assertThat(same).isSameAs(failure),
              stopped ->
                  assertThat(stopped).hasMessage("stopped while a route of the project ran"));
    }
  }

  private void document() {
    new AskDocumentRoute(context).call("http://hq", new DocumentKey("Task", "T-1"), DOCUMENT);
  }

  private void value() {
    new AskRoute(context).call("direct:rate", DOCUMENT);
  }

  private void command(String name) {
    new CamelCommands(context, "http://here").met(name, TestProducer.of(), DOCUMENT, ENTRY);
  }

  private static final class Away extends StoreFailure {
    private static final long serialVersionUID = 1L;

    Away() {
      super("no connection", new IllegalStateException("no connection"));
    }

    @Override
    public boolean isFull() {
      return false;
    }

    @Override
    public boolean isAway() {
      return true;
    }
  }
}
