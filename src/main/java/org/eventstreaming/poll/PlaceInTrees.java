package org.eventstreaming.poll;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.TreePosition;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.Watermark;

/**
 * Updates the positions ({@code lft}, {@code rgt}) of documents in trees. When a document of a tree
 * is added, moved or deleted, the site numbers the whole tree by SQL, and the log mentions only
 * that document. So after such a change the positions of all documents are listed and stored. No
 * rows of the Event Sync Log are written.
 */
final class PlaceInTrees {
  private static final int LISTED_A_CALL = 1_000;
  private static final String LEFT = "lft";
  private static final String RIGHT = "rgt";
  private static final String OLD_PARENT = "old_parent";

  private final DocumentStore documents;
  private final FrappeSite site;
  private final EventProducer producer;
  private final Map<DocumentKey, State> placed;

  /**
   * @param placed per producer and type, the state of the tree when it was listed last
   */
  PlaceInTrees(
      DocumentStore documents,
      FrappeSite site,
      EventProducer producer,
      Map<DocumentKey, State> placed) {
    this.documents = documents;
    this.site = site;
    this.producer = producer;
    this.placed = placed;
  }

  /**
   * Lists the positions of the documents of a type, where the tree changed since they were listed.
   *
   * @param held how many documents of the type are held here
   * @param reached the watermark of the type: what changed up to it is here
   */
  void place(DocType definition, long held, Watermark reached) {
    String doctype = definition.name();
    ProducerDoctype rule = producer.following(doctype).orElse(null);
    DocumentKey type = new DocumentKey(producer.producerUrl(), doctype);
    State now = new State(reached.modified(), held);
    if (held == 0
        || rule == null
        || rule.mapping() != null
        || producer.target() != null
        || now.equals(placed.get(type))) {
      return;
    }
    List<String> fields = new ArrayList<>(List.of(LEFT, RIGHT));
    // without use_same_name the parent has another name here
    if (rule.useSameName() && definition.field(OLD_PARENT).isPresent()) {
      fields.add(OLD_PARENT);
    }
    String after = null;
    List<ObjectNode> page;
    do {
      page = site.values(doctype, fields, after, LISTED_A_CALL);
      List<TreePosition> positions = new ArrayList<>();
      for (ObjectNode row : page) {
        after = row.path("name").asText();
        // a list leaves out fields that the key may not read
        if (row.path(LEFT).isNumber() && row.path(RIGHT).isNumber()) {
          positions.add(
              new TreePosition(
                  after,
                  row.path(LEFT).asLong(),
                  row.path(RIGHT).asLong(),
                  row.has(OLD_PARENT) ? row.path(OLD_PARENT).asText("") : null));
        }
      }
      documents.place(producer.producerUrl(), doctype, rule.refDoctype(), positions);
    } while (page.size() == LISTED_A_CALL);
    placed.put(type, now);
  }

  /**
   * The state of a tree. It differs after each change: the watermark of the type, and the number of
   * its documents here.
   */
  record State(String modified, long held) {}
}
