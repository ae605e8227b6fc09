package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.ChildRows;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.SiteAccess;
import org.eventstreaming.producer.TargetRules;
import org.eventstreaming.producer.TargetRules.Contents;
import org.eventstreaming.producer.TargetRules.Rows;
import org.eventstreaming.producer.TargetRules.Rule;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.UpdateType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills fields of a document from another document that it links to and that each site makes for
 * itself: the serial numbers of a delivery from its Serial and Batch Bundle ({@code contents_of}).
 * The fields go to the target in place of the link, and two sites are compared by them.
 */
public final class SayContents {
  private static final Logger LOG = LoggerFactory.getLogger(SayContents.class);

  private final FrappeSites sites;
  private final DocTypes doctypes;

  /**
   * @param doctypes the definitions of the documents that are filled
   */
  public SayContents(FrappeSites sites, DocTypes doctypes) {
    this.sites = sites;
    this.doctypes = doctypes;
  }

  /**
   * Whether an entry may have the link and not the fields, or not say whether the site sets a
   * field, so that its document has to be fetched whole.
   */
  public boolean isMissing(EventProducer producer, AcceptedUpdate update) {
    return producer.target() != null
        && update.type() != UpdateType.DELETE
        && concerns(
            producer.target().rules(),
            update.rule().remoteDoctype(),
            rule -> says(rule) || !rule.setUnless().isEmpty());
  }

  /**
   * Documents of a producer that has a target, with the fields filled. Documents of other producers
   * are not changed.
   */
  public Map<DocumentKey, FullState> ofProducer(
      List<EventProducer> producers, String url, Map<DocumentKey, FullState> states) {
    for (EventProducer producer : producers) {
      if (producer.target() != null && producer.producerUrl().equals(url)) {
        return in(producer.access(), producer.target().rules(), states);
      }
    }
    return states;
  }

  private boolean concerns(TargetRules rules, String doctype, Predicate<Rule> isMeant) {
    return doctypes
        .find(doctype)
        .filter(
            definition ->
                isMeant.test(rules.of(doctype))
                    || definition.tables().stream()
                        .map(DocField::options)
                        .anyMatch(table -> table != null && isMeant.test(rules.of(table))))
        .isPresent();
  }

  private static boolean says(Rule rule) {
    return !rule.contents().isEmpty();
  }

  /**
   * Documents of a site, with the fields filled that are empty. Where the site does not let the
   * linked documents be read, the fields stay empty.
   *
   * @throws SiteFailure where the site does not answer
   */
  Map<DocumentKey, FullState> in(
      SiteAccess access, TargetRules rules, Map<DocumentKey, FullState> states) {
    Map<Rows, Set<String>> linked = new HashMap<>();
    Set<DocumentKey> concerned = new HashSet<>();
    states.forEach(
        (key, state) -> {
          if (state instanceof FullState.Present present
              && concerns(rules, key.doctype(), SayContents::says)) {
            silent(
                rules,
                key.doctype(),
                present.document(),
                (type, object, contents) -> {
                  concerned.add(key);
                  linked
                      .computeIfAbsent(contents.rows(), rows -> new HashSet<>())
                      .add(text(object, contents.link()));
                });
          }
        });
    if (concerned.isEmpty()) {
      return states;
    }
    Map<Rows, Map<String, List<ObjectNode>>> found = new HashMap<>();
    linked.forEach((rows, names) -> found.put(rows, read(access, rows, names)));
    Map<DocumentKey, FullState> said = new HashMap<>(states);
    for (DocumentKey key : concerned) {
      said.computeIfPresent(
          key,
          (any, state) ->
              state instanceof FullState.Present present
                  ? new FullState.Present(
                      said(rules, key.doctype(), present.document(), found),
                      present.modified(),
                      present.details(),
                      present.unread())
                  : state);
    }
    return said;
  }

  private Map<String, List<ObjectNode>> read(
      SiteAccess access, Rows rows, Collection<String> names) {
    try {
      return sites.of(access).rows(rows.doctype(), rows.parentDoctype(), names);
    } catch (SiteFailure e) {
      if (e.passes()) {
        throw e;
      }
      LOG.warn(
          "{} does not show what its documents of {} hold ({}): where they are written to, the site chooses that itself.",
          access.url(),
          rows.parentDoctype(),
          e.getMessage());
      return Map.of();
    }
  }

  private ObjectNode said(
      TargetRules rules,
      String doctype,
      ObjectNode document,
      Map<Rows, Map<String, List<ObjectNode>>> found) {
    ObjectNode copy = document.deepCopy();
    silent(
        rules,
        doctype,
        copy,
        (type, object, contents) ->
            fill(
                type,
                object,
                contents,
                found
                    .getOrDefault(contents.rows(), Map.of())
                    .getOrDefault(text(object, contents.link()), List.of())));
    return copy;
  }

  /**
   * Fills the fields of one document or row. A text field holds several values, one per line. Where
   * one field cannot hold all its values, none is filled.
   */
  private void fill(String doctype, ObjectNode object, Contents contents, List<ObjectNode> rows) {
    DocType type = doctypes.find(doctype).orElse(null);
    Map<String, String> values = new HashMap<>();
    for (Map.Entry<String, String> field : contents.fields().entrySet()) {
      List<String> some =
          rows.stream()
              .map(row -> text(row, field.getValue()))
              .filter(value -> !value.isEmpty())
              .distinct()
              .toList();
      boolean isText =
          type != null
              && type.field(field.getKey())
                  .filter(known -> known.fieldtype().endsWith("Text"))
                  .isPresent();
      if (some.size() > 1 && !isText) {
        return;
      }
      if (!some.isEmpty()) {
        values.put(field.getKey(), String.join("\n", some));
      }
    }
    values.forEach(object::put);
  }

  /**
   * Calls the consumer for the document and each row that has the link and whose fields are empty.
   */
  private void silent(TargetRules rules, String doctype, ObjectNode document, Silent taker) {
    DocType definition = doctypes.find(doctype).orElse(null);
    if (definition == null) {
      return;
    }
    silent(rules, doctype, taker, document);
    for (DocField table : definition.tables()) {
      if (table.options() != null && says(rules.of(table.options()))) {
        for (ObjectNode row : ChildRows.of(document.path(table.fieldname()))) {
          silent(rules, table.options(), taker, row);
        }
      }
    }
  }

  private static void silent(TargetRules rules, String doctype, Silent taker, ObjectNode object) {
    for (Contents contents : rules.of(doctype).contents()) {
      if (!text(object, contents.link()).isEmpty()
          && contents.fields().keySet().stream().allMatch(field -> text(object, field).isEmpty())) {
        taker.accept(doctype, object, contents);
      }
    }
  }

  /** Takes a document or a row, with its type. A row that was read by a list has no type itself. */
  @FunctionalInterface
  private interface Silent {
    void accept(String doctype, ObjectNode object, Contents contents);
  }

  private static String text(ObjectNode object, String field) {
    return object.path(field).asText("");
  }
}
