package org.eventstreaming.store;

import org.eventstreaming.doctype.DocType;

/** What SQL users read: for each known DocType a view with typed columns. */
public interface DocTypeViews {
  /**
   * Makes the view, or gives it the columns that it does not have. It never loses a column and no
   * column changes its type, so that what others build on it lives on. A virtual DocType gets none.
   * Works in a transaction of its own and waits for nobody longer than a second.
   *
   * @throws ViewNotShown when that cannot be done now; the view is as it was
   */
  void show(DocType definition);

  /** A view could not be made or changed; the message says why. */
  final class ViewNotShown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ViewNotShown(String why, Throwable cause) {
      super(why, cause);
    }
  }
}
