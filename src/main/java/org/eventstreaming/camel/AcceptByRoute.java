package org.eventstreaming.camel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.FluentProducerTemplate;
import org.eventstreaming.poll.AcceptPage;
import org.eventstreaming.update.UpdatePage;

/** Hands a page to the route that accepts its entries, on the thread that asks. */
public final class AcceptByRoute implements AcceptPage {
  private final CamelContext context;

  public AcceptByRoute(CamelContext context) {
    this.context = context;
  }

  @Override
  public UpdatePage accept(UpdatePage page) {
    try (FluentProducerTemplate template = context.createFluentProducerTemplate()) {
      return Objects.requireNonNull(
          template.to("direct:accept-page").withBody(page).request(UpdatePage.class),
          "the route from direct:accept-page gave no page");
    } catch (CamelExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
