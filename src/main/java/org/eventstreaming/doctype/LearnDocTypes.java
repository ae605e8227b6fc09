package org.eventstreaming.doctype;

import java.util.Collection;
import org.eventstreaming.producer.EventProducer;

/**
 * Learns the definitions of DocTypes from a producer, once for each, as far as they are to be had.
 */
@FunctionalInterface
public interface LearnDocTypes {
  /** What cannot be learnt now stays unknown; that is told where it is decided, not here. */
  void learn(EventProducer producer, Collection<String> doctypes);
}
