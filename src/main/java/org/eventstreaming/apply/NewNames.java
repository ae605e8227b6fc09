package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.Link;
import org.eventstreaming.update.Counterpart;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;

/**
 * The names that a page gives to documents that are new here. A link that nothing waits for names
 * its target as the producer does, if that stays away: no link has a name that nobody has.
 */
final class NewNames {
  private final FindLinks findLinks;
  private final Map<Counterpart, DocumentKey> given = new HashMap<>();
  private final Map<DocumentKey, Counterpart> bearers = new HashMap<>();
  private final Map<DocumentKey, String> unused = new HashMap<>();

  NewNames(FindLinks findLinks, Map<Counterpart, ChooseLocalName.Choice> choices) {
    this.findLinks = findLinks;
    choices.forEach(
        (newcomer, choice) -> {
          // where another stands for it, the name has its bearer
          if (choice.key() != null && !choice.standsFor()) {
            given.put(newcomer, choice.key());
            bearers.put(choice.key(), newcomer);
          }
        });
  }

  Collection<Counterpart> newcomers() {
    return given.keySet();
  }

  void staysAway(Counterpart newcomer) {
    DocumentKey name = given.get(newcomer);
    if (name != null) {
      unused.put(name, newcomer.remote().name());
    }
  }

  /** The newcomers that a document names, whether it waits for them or not. */
  Set<Counterpart> namedBy(String doctype, @Nullable ObjectNode document) {
    Set<Counterpart> named = new HashSet<>();
    if (document != null) {
      for (Link link : findLinks.in(doctype, document, Set.of())) {
        Counterpart newcomer = bearers.get(link.target());
        if (newcomer != null) {
          named.add(newcomer);
        }
      }
    }
    return named;
  }

  /** Changes the document, if it names one that stays away. */
  void takeBack(String doctype, @Nullable ObjectNode document) {
    if (document != null && !unused.isEmpty()) {
      for (Link link : findLinks.in(doctype, document, Set.of())) {
        link.pointTo(unused.getOrDefault(link.target(), link.target().name()));
      }
    }
  }
}
