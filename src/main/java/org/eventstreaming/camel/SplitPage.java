package org.eventstreaming.camel;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.eventstreaming.update.Received;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdatePage;
import org.jspecify.annotations.NullUnmarked;

/** Parts a page into its entries and puts what became of each together again, in order. */
@NullUnmarked
public final class SplitPage implements AggregationStrategy {
  /**
   * The entries of a page, for the steps that need nothing else. Not {@code ${body.received}} in
   * the route: the simple language would hash the whole page and keep it in a cache.
   */
  public List<Received> entries(UpdatePage page) {
    return page.received();
  }

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

  /**
   * The page that was split, with what became of its entries; one without entries stays as it is.
   */
  @Override
  public void onCompletion(Exchange gathered, Exchange split) {
    if (gathered != null && gathered.getException() == null) {
      @SuppressWarnings("unchecked")
      List<Update> updates = gathered.getIn().getBody(List.class);
      gathered.getIn().setBody(split.getIn().getBody(UpdatePage.class).withUpdates(updates));
    }
  }
}
