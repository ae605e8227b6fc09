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

/**
 * Finds the disabled documents of a target site that a document links to. The site is asked each
 * time.
 */
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
   * The documents that a document and its rows link to, by the definitions of the site. The
   * document itself and types that are never streamed are left out.
   */
  Set<DocumentKey> linked(SiteWrite write) {
    ObjectNode document = write.document();
    Set<DocumentKey> linked = new LinkedHashSet<>();
    if (document != null) {
      findLinks.in(write.identity().localDoctype(), document, Set.of()).stream()
          .map(Link::target)
          // an enabled user could log in
          .filter(key -> !NeverStreamed.contains(key.doctype()))
          .forEach(linked::add);
    }
    if (!write.isCreation() && write.after() != null) {
      linked.remove(write.after());
    }
    return linked;
  }

  /** Those of these documents that are disabled, by the keys given. */
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
                // the site may spell the name in another way
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
