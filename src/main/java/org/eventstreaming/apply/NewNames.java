package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.Link;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * The names that a page gives to documents that are new here. A link that nothing waits for names
 * its target as the producer does, if that stays away: no link has a name that nobody has.
 */
final class NewNames {
  private final FindLinks findLinks;
  private final EventProducer producer;
  private final Map<IdentityKey, DocumentKey> given = new HashMap<>();
  private final Map<DocumentKey, IdentityKey> bearers = new HashMap<>();

  /** What a site is asked to call them, where not as the producer does. */
  private final Map<IdentityKey, String> wanted = new HashMap<>();

  /** What a link says in place of such a name. */
  private final Map<DocumentKey, String> others = new HashMap<>();

  /** The same as JSON texts. */
  private final Map<String, String> inTexts = new HashMap<>();

  NewNames(
      FindLinks findLinks,
      EventProducer producer,
      Map<IdentityKey, ChooseLocalName.Choice> choices) {
    this.findLinks = findLinks;
    this.producer = producer;
    choices.forEach(
        (newcomer, choice) -> {
          if (choice.wantedName() != null) {
            wanted.put(newcomer, choice.wantedName());
          }
          // where another stands for it, the name has its bearer
          if (choice.key() != null && !choice.standsFor()) {
            given.put(newcomer, choice.key());
            bearers.put(choice.key(), newcomer);
          }
        });
  }

  Collection<IdentityKey> newcomers() {
    return given.keySet();
  }

  /** What the site that names it is asked for. */
  String wantedName(IdentityKey newcomer) {
    return wanted.getOrDefault(newcomer, newcomer.remote().name());
  }

  void staysAway(IdentityKey newcomer) {
    DocumentKey name = given.get(newcomer);
    if (name != null) {
      put(name, newcomer.remote().name());
    }
  }

  /** The site that it was written to calls it something else. */
  void turnedOut(IdentityKey newcomer, String name) {
    DocumentKey stand = given.get(newcomer);
    if (stand != null && !stand.name().equals(name)) {
      put(stand, name);
    }
  }

  private void put(DocumentKey stand, String name) {
    others.put(stand, name);
    inTexts.put(TextNode.valueOf(stand.name()).toString(), TextNode.valueOf(name).toString());
  }

  /** Whether it is still to be named by the site that it is written to. */
  boolean isOpen(IdentityKey newcomer) {
    DocumentKey stand = given.get(newcomer);
    return stand != null && NameAtSite.isStandIn(stand.name()) && !others.containsKey(stand);
  }

  /** A JSON text with the names that turned out in place of those that stood in for them. */
  @Nullable String inText(@Nullable String text) {
    return text == null ? null : NameAtSite.withoutStandIns(text, inTexts);
  }

  /**
   * The document without its links to newcomers that are not named yet; empty where it has none.
   *
   * @param isRequired whether a row of this type needs this field
   */
  Optional<ObjectNode> withoutOpen(
      String doctype, ObjectNode whole, BiPredicate<String, String> isRequired) {
    if (open(doctype, whole).isEmpty()) {
      return Optional.empty();
    }
    ObjectNode document = whole.deepCopy();
    for (Link link : open(doctype, document)) {
      link.holder().remove(link.fieldname());
      if (isSelf(document, link.holder()) || !isRequired.test(link.doctype(), link.fieldname())) {
        continue;
      }
      // a row without what it is about is refused: it comes with the link
      for (JsonNode table : document) {
        for (int i = table.isArray() ? table.size() - 1 : -1; i >= 0; i--) {
          if (isSelf(table.get(i), link.holder())) {
            ((ArrayNode) table).remove(i);
          }
        }
      }
    }
    return Optional.of(document);
  }

  /** The fields of the document itself that name newcomers which are not named yet. */
  List<String> openFields(String doctype, ObjectNode document) {
    return open(doctype, document).stream()
        .filter(link -> isSelf(document, link.holder()))
        .map(Link::fieldname)
        .toList();
  }

  /** Whether it names newcomers that are not named yet, and none of them in a row. */
  boolean isOpenInFieldsAlone(String doctype, ObjectNode document) {
    List<Link> open = open(doctype, document);
    return !open.isEmpty() && open.stream().allMatch(link -> isSelf(document, link.holder()));
  }

  private List<Link> open(String doctype, ObjectNode document) {
    return awaited(doctype, document)
        .filter(
            link -> {
              IdentityKey newcomer = bearers.get(link.target());
              return newcomer != null && isOpen(newcomer);
            })
        .toList();
  }

  /** What the target fills in by itself waits for nobody. */
  private Stream<Link> awaited(String doctype, ObjectNode document) {
    return findLinks.in(doctype, document, Set.of()).stream()
        .filter(link -> !producer.leavesToTarget(link.doctype(), link.fieldname()));
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean isSelf(JsonNode row, ObjectNode holder) {
    return row == holder;
  }

  /** The newcomers that a document names, whether it waits for them or not. */
  Set<IdentityKey> namedBy(String doctype, @Nullable ObjectNode document) {
    Set<IdentityKey> named = new HashSet<>();
    if (document != null) {
      awaited(doctype, document)
          .map(link -> bearers.get(link.target()))
          .filter(Objects::nonNull)
          .forEach(named::add);
    }
    return named;
  }

  /** Changes the document, if it names one that stays away. */
  void takeBack(String doctype, @Nullable ObjectNode document) {
    if (document != null && !others.isEmpty()) {
      for (Link link : findLinks.in(doctype, document, Set.of())) {
        link.pointTo(others.getOrDefault(link.target(), link.target().name()));
      }
    }
  }
}
