package org.eventstreaming.doctype;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.eventstreaming.producer.EventProducer;

/**
 * Learns the definitions of DocTypes from a producer, once for each, as far as they are to be had.
 */
public interface LearnDocTypes {
  /** What cannot be learnt now stays unknown; that is reported where it is decided, not here. */
  void learn(EventProducer producer, Collection<String> doctypes);

  /**
   * Learns anew the definitions of types whose documents have fields that the definition has not.
   *
   * @param documents as the producer answered them, by their types
   */
  void learnFrom(EventProducer producer, Map<String, List<ObjectNode>> documents);
}
