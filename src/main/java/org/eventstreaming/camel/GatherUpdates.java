package org.eventstreaming.camel;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.eventstreaming.update.Update;
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
}
