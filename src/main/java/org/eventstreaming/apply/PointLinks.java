package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.Link;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.Lookup;
import org.eventstreaming.update.MappingDetails;
import org.eventstreaming.update.ResolvedDependencies;
import org.eventstreaming.update.Unresolved;
import org.jspecify.annotations.Nullable;

/** Lets the links of a producer's documents name what their targets are called here. */
final class PointLinks {
  private final FindLinks findLinks;
  private final EventProducer producer;
  private final ResolvedDependencies needs;
  private final Map<IdentityKey, DocumentKey> coming;
  private final Set<IdentityKey> deleted;

  /**
   * @param coming what the documents are called that this page brings
   * @param deleted those that it deletes, whether they come again or not
   */
  PointLinks(
      FindLinks findLinks,
      EventProducer producer,
      ResolvedDependencies needs,
      Map<IdentityKey, DocumentKey> coming,
      Set<IdentityKey> deleted) {
    this.findLinks = findLinks;
    this.producer = producer;
    this.needs = needs;
    this.coming = coming;
    this.deleted = deleted;
  }

  /**
   * @param rule how the document is followed
   * @param which what may come along with it
   */
  Pointed document(
      ProducerDoctype rule, Dependencies which, ObjectNode document, MappingDetails details) {
    return point(
        rule.mapping() != null,
        which,
        document,
        details,
        content -> findLinks.in(rule.refDoctype(), content, details.ours()));
  }

  Pointed diff(ProducerDoctype rule, ObjectNode diff, MappingDetails details, ObjectNode current) {
    return point(
        rule.mapping() != null,
        rule.dependencies(),
        diff,
        details,
        content -> findLinks.inDiff(rule.refDoctype(), content, current, details.ours()));
  }

  private Pointed point(
      boolean mapped,
      Dependencies which,
      ObjectNode content,
      MappingDetails details,
      Function<ObjectNode, List<Link>> find) {
    Set<IdentityKey> open = new LinkedHashSet<>();
    List<Missing> missing = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    boolean renamed = !details.lookups().isEmpty();
    for (Link link : find.apply(content)) {
      IdentityKey target = target(link, mapped);
      DocumentKey local = local(target);
      renamed |= local != null && !local.name().equals(link.target().name());
      if (which.include(target.remote().doctype(), producer)
          && !producer.leavesToTarget(link.doctype(), link.fieldname())) {
        look(link.fieldname() + " names ", true, target, open, missing);
      }
    }
    Map<String, JsonNode> names = new HashMap<>();
    for (Lookup lookup : details.lookups()) {
      IdentityKey target = Objects.requireNonNull(needs.found().get(lookup));
      DocumentKey local = local(target);
      Unresolved unresolved = local == null ? needs.unresolvedByTarget().get(target) : null;
      if (unresolved != null && !unresolved.passes() && lookup.standIn() != null) {
        names.put(lookup.token(), lookup.standIn());
        notes.add(
            "%s seeks %s, %s: %s"
                .formatted(
                    lookup.asker(),
                    target.remote(),
                    lookup.standIn().isNull() ? "it stays empty" : "default_value is used",
                    unresolved.why()));
        continue;
      }
      look(lookup.asker() + " seeks ", false, target, open, missing);
      if (local != null) {
        names.put(lookup.token(), TextNode.valueOf(local.name()));
      }
    }
    return new Pointed(
        renamed ? renamed(content, mapped, find, names) : content, open, missing, notes);
  }

  private void look(
      String what, boolean link, IdentityKey target, Set<IdentityKey> open, List<Missing> missing) {
    Unresolved unresolved = needs.unresolvedByTarget().get(target);
    if (unresolved != null) {
      // also of one that stands here or comes: it is to be deleted, and made anew
      missing.add(new Missing(what, link, target, unresolved));
    } else if (needs.here().containsKey(target)) {
      if (deleted.contains(target)) {
        open.add(target);
      }
    } else if (coming.containsKey(target)) {
      open.add(target);
    }
  }

  /** A copy: a page that is repeated begins with what the producer said. */
  private ObjectNode renamed(
      ObjectNode content,
      boolean mapped,
      Function<ObjectNode, List<Link>> find,
      Map<String, JsonNode> names) {
    ObjectNode copy = content.deepCopy();
    for (Link link : find.apply(copy)) {
      DocumentKey local = local(target(link, mapped));
      if (local != null) {
        link.pointTo(local.name());
      }
    }
    if (!names.isEmpty()) {
      Lookup.name(copy, names);
    }
    return copy;
  }

  private IdentityKey target(Link link, boolean mapped) {
    return needs.meant(IdentityKey.linked(producer, link.target(), mapped));
  }

  private @Nullable DocumentKey local(IdentityKey target) {
    DocumentKey here = needs.here().get(target);
    return here == null ? coming.get(target) : here;
  }

  /**
   * What became of the links.
   *
   * @param content what was given, or a copy in which targets are called what they are called here
   * @param open targets that are not here yet, but come with this page; and those that are here and
   *     that it deletes
   * @param missing those that are not to be had
   * @param notes of those that something else stands for
   */
  record Pointed(
      ObjectNode content, Set<IdentityKey> open, List<Missing> missing, List<String> notes) {
    Pointed {
      open = Set.copyOf(open);
      missing = List.copyOf(missing);
      notes = List.copyOf(notes);
    }
  }

  /**
   * A document that is named and not to be had.
   *
   * @param link whether a link names it; else a row of a mapping seeks it
   */
  record Missing(String what, boolean link, IdentityKey target, Unresolved unresolved) {
    String reported() {
      return what + target.remote() + ": " + unresolved.why();
    }
  }
}
