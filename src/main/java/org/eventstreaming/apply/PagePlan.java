package org.eventstreaming.apply;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eventstreaming.update.PreparedPlan;

/** What a page makes of its documents, and the names that it gives to new ones. */
final class PagePlan implements PreparedPlan {
  private final List<DocumentPlan> documents;
  private final NewNames names;
  private final AtomicBoolean used = new AtomicBoolean();

  PagePlan(List<DocumentPlan> documents, NewNames names) {
    this.documents = List.copyOf(documents);
    this.names = names;
  }

  List<DocumentPlan> documents() {
    return documents;
  }

  NewNames names() {
    return names;
  }

  /** Whether it may be written: true once. What collided is planned on what is here then. */
  boolean use() {
    return used.compareAndSet(false, true);
  }
}
