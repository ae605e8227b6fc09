package org.eventstreaming.target;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.store.SiteLink;
import org.eventstreaming.store.SiteLinks;
import org.eventstreaming.update.Counterpart;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.UpdatePage;

/**
 * Finds out what came of creations on a target site that were not answered, before a page goes on:
 * what was created is in the identity map then, and is changed or deleted like everything else.
 */
public final class SettleCreations {
  private final Targets targets;
  private final SiteLinks links;

  public SettleCreations(Targets targets, SiteLinks links) {
    this.targets = targets;
    this.links = links;
  }

  /** The page as it came. */
  public UpdatePage settle(UpdatePage page) {
    EventProducer producer = page.pull().producer();
    if (producer.target() != null) {
      Set<Counterpart> open = links.unanswered(producer.producerUrl());
      if (!open.isEmpty()) {
        settle(producer, open);
      }
    }
    return page;
  }

  private void settle(EventProducer producer, Set<Counterpart> open) {
    Target target = targets.of(producer);
    Map<String, List<Counterpart>> byType = new TreeMap<>();
    open.forEach(
        one -> byType.computeIfAbsent(one.localDoctype(), type -> new ArrayList<>()).add(one));
    List<SiteLink> found = new ArrayList<>();
    byType.forEach(
        (doctype, some) -> {
          Map<String, String> names =
              target.byOrigin(
                  doctype,
                  producer.producerUrl(),
                  some.stream().map(one -> one.remote().name()).toList());
          for (Counterpart one : some) {
            String name = names.get(one.remote().name());
            if (name != null) {
              DocumentKey local = new DocumentKey(doctype, name);
              found.add(new SiteLink(one, local, 1, null, null, null, null, true, false, Map.of()));
            }
          }
        });
    links.keep(producer.producerUrl(), target.url(), found);
    links.answered(producer.producerUrl(), open);
  }
}
