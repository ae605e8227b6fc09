package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.Link;
import org.eventstreaming.producer.NeverStreamed;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;

/** Finds the disabled documents of a target site that a document links to, as they are now. */
final class FindDisabled {
  private final Target target;
  private final FindLinks findLinks;

  FindDisabled(Target target) {
    this.target = target;
    this.findLinks = new FindLinks(target);
  }

  /** A disabled document, and its {@code modified}. */
  record Disabled(DocumentKey key, Switch by, String modified) {}

  /**
   * What a document links to, its rows included, by the definitions of the site; neither itself nor
   * what is never streamed.
   */
  Set<DocumentKey> linked(SiteWrite write) {
    ObjectNode document = write.document();
    Set<DocumentKey> linked = new LinkedHashSet<>();
    if (document != null) {
      findLinks.in(write.identity().localDoctype(), document, Set.of()).stream()
          .map(Link::target)
          // to enable a user would open the site to somebody
          .filter(key -> !NeverStreamed.contains(key.doctype()))
          .forEach(linked::add);
    }
    if (!write.isCreation() && write.after() != null) {
      linked.remove(write.after());
    }
    return linked;
  }

  /** Which of these are disabled, by their keys as they were asked for. */
  Map<DocumentKey, Disabled> among(Collection<DocumentKey> keys) {
    Map<DocumentKey, Switch> switches = new LinkedHashMap<>();
    for (DocumentKey key : keys) {
      target.find(key.doctype()).flatMap(Switch::of).ifPresent(found -> switches.put(key, found));
    }
    Map<DocumentKey, FullState> states = target.fetch(switches.keySet());
    Map<DocumentKey, Disabled> disabled = new LinkedHashMap<>();
    switches.forEach(
        (key, by) -> {
          if (states.get(key) instanceof FullState.Unknown unknown) {
            throw new TargetFailed(unknown.why());
          }
          states.forEach(
              (stored, state) -> {
                // the site knows it under another spelling
                if (state instanceof FullState.Present present
                    && stored.doctype().equals(key.doctype())
                    && stored.name().equalsIgnoreCase(key.name())
                    && by.isOff(present.document())) {
                  disabled.put(
                      key, new Disabled(stored, by, present.document().path("modified").asText()));
                }
              });
        });
    return disabled;
  }
}
