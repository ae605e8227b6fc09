package org.eventstreaming.update;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.eventstreaming.producer.EventProducer;

/**
 * Hands whole documents, in the producer's words, to the routes that the project has for them. No
 * other document is touched by what happens to one. Documents are asked for again whenever they are
 * read again.
 */
public interface DocumentRoutes {
  /** Where the project has none. */
  DocumentRoutes NONE =
      new DocumentRoutes() {
        @Override
        public boolean any() {
          return false;
        }

        @Override
        public boolean has(String doctype) {
          return false;
        }

        @Override
        public List<Result> call(EventProducer producer, List<Asked> documents) {
          throw new IllegalStateException("there is no route for documents");
        }
      };

  /** Whether there is a route for documents of any type. */
  boolean any();

  /** Whether there is one for documents of this type, named as on the producer. */
  boolean has(String doctype);

  /**
   * What the routes make of the documents, in their order.
   *
   * @param documents of types that have a route; they stay as they are
   */
  List<Result> call(EventProducer producer, List<Asked> documents);

  /** A document and what its producer calls it. */
  record Asked(DocumentKey key, ObjectNode document) {}

  /** What became of one document. */
  sealed interface Result {
    /** This one is used in its place. */
    record Changed(ObjectNode document) implements Result {}

    /**
     * It is not followed, as if it did not meet the condition of its type.
     *
     * @param why by which route and for which reason, such as {@code direct:document.Customer: a
     *     test customer}
     */
    record Dropped(String why) implements Result {}

    /**
     * The route failed for it.
     *
     * @param why a whole sentence or more, with the route and the cause
     */
    record Failed(String why) implements Result {}
  }
}
