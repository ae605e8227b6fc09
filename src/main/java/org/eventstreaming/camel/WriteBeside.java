package org.eventstreaming.camel;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.FluentProducerTemplate;
import org.apache.camel.support.ExchangeHelper;
import org.eventstreaming.poll.OverlapPages;
import org.eventstreaming.update.UpdatePage;

/**
 * Has a prepared page written by the route {@code write} on another thread, with the variables of
 * the exchange. A wire tap does so too, but drops what its route throws and what no thread takes:
 * the next page, which waits for this one, would wait for ever.
 */
public final class WriteBeside {
  private final CamelContext context;
  private final OverlapPages pages;

  public WriteBeside(CamelContext context, OverlapPages pages) {
    this.context = context;
    this.pages = pages;
  }

  /** Begins to write the page in the body, and leaves the exchange as it is. */
  public void write(Exchange exchange) {
    UpdatePage page = exchange.getMessage().getBody(UpdatePage.class);
    Exchange copy = ExchangeHelper.createCorrelatedCopy(exchange, false);
    pages.write(page, () -> written(copy));
  }

  private UpdatePage written(Exchange copy) {
    try (FluentProducerTemplate template = context.createFluentProducerTemplate()) {
      Exchange written = template.to("direct:write").withExchange(copy).send();
      Exception failure = written.getException();
      if (failure != null) {
        throw failure instanceof RuntimeException known
            ? known
            : new IllegalStateException(failure);
      }
      return written.getMessage().getBody(UpdatePage.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
