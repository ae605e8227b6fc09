package org.eventstreaming.camel;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdatePage;
import org.jspecify.annotations.NullUnmarked;

/** Puts what became of each entry together again, in order. */
@NullUnmarked
public final class GatherUpdates implements AggregationStrategy {
  @Override
  public Exchange aggregate(Exchange gathered, Exchange one) {
    if (gathered == null) {
      List<Update> updates = new ArrayList<>();
      updates.add(one.getIn().getBody(Update.class));
      one.getIn().setBody(updates);
      return one;
    }
    @SuppressWarnings("unchecked")
    List<Update> updates = gathered.getIn().getBody(List.class);
    updates.add(one.getIn().getBody(Update.class));
    return gathered;
  }

  /** The page that was split, with what became of its entries. */
  public void gather(Exchange exchange) {
    UpdatePage page = exchange.getProperty("page", UpdatePage.class);
    // a page without entries is not split: its empty list comes here as it is
    @SuppressWarnings("unchecked")
    List<Update> updates = exchange.getIn().getBody(List.class);
    exchange.getIn().setBody(page.withUpdates(updates));
  }
}
