package org.eventstreaming.target;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.store.SiteLinks;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;

/**
 * Finds the documents of a target that were created for documents of a producer, by their fields
 * {@code remote_docname} and {@code remote_site_name}.
 */
final class FindByOrigin {
  private final Target target;
  private final SiteLinks links;

  FindByOrigin(Target target, SiteLinks links) {
    this.target = target;
    this.links = links;
  }

  /** The documents that are there, with their names on the target. One list call for each type. */
  Map<IdentityKey, DocumentKey> of(EventProducer producer, Collection<IdentityKey> wanted) {
    Map<String, List<IdentityKey>> byType = new TreeMap<>();
    wanted.forEach(
        one -> byType.computeIfAbsent(one.localDoctype(), type -> new ArrayList<>()).add(one));
    Map<IdentityKey, DocumentKey> there = new HashMap<>();
    byType.forEach(
        (doctype, some) -> {
          Map<String, String> names =
              target.byOrigin(
                  doctype,
                  producer.producerUrl(),
                  some.stream().map(one -> one.remote().name()).toList());
          Map<DocumentKey, IdentityKey> others =
              links.knownAs(
                  producer.producerUrl(),
                  names.values().stream().map(name -> new DocumentKey(doctype, name)).toList());
          for (IdentityKey one : some) {
            String name = names.get(one.remote().name());
            // a document that was renamed on the producer may still have its former name as origin
            if (name != null
                && others.getOrDefault(new DocumentKey(doctype, name), one).equals(one)) {
              there.put(one, new DocumentKey(doctype, name));
            }
          }
        });
    return there;
  }
}
