package org.eventstreaming.apply;

import java.util.List;
import org.eventstreaming.update.PreparedPlan;

/**
 * What a page makes of its documents.
 *
 * @param names those that it gives to new ones
 */
record PagePlan(List<DocumentPlan> documents, NewNames names) implements PreparedPlan {
  PagePlan {
    documents = List.copyOf(documents);
  }
}
