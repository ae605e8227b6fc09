package org.eventstreaming.target;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.site.SiteFailure;
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
    Map<Counterpart, SiteLink> known = links.find(producer.producerUrl(), open);
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
              DocumentKey local = named(producer, target, one, new DocumentKey(doctype, name));
              SiteLink link = known.get(one);
              if (link == null || !link.local().equals(local)) {
                found.add(
                    new SiteLink(
                        one,
                        local,
                        1,
                        null,
                        null,
                        null,
                        null,
                        true,
                        false,
                        link == null ? Map.of() : link.rowNames()));
              }
            }
          }
        });
    links.keep(producer.producerUrl(), target.url(), found);
    links.answered(producer.producerUrl(), open);
  }

  /** What was created may not have got as far as its name. */
  private static DocumentKey named(
      EventProducer producer, Target target, Counterpart one, DocumentKey local) {
    String name = one.remote().name();
    boolean asksForIt =
        producer.following(one.remote().doctype()).map(ProducerDoctype::useSameName).orElse(true);
    if (!asksForIt || local.name().equals(name)) {
      return local;
    }
    try {
      return new DocumentKey(local.doctype(), target.writes().rename(local, name));
    } catch (SiteFailure e) {
      if (e.isSilent()) {
        throw e;
      }
      // by its own rule the site calls it something else
      return local;
    }
  }
}
