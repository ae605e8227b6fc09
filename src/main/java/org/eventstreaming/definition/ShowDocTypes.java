package org.eventstreaming.definition;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.store.DocTypeViews;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the typed views up to date with the definitions that are known. The stream needs no view:
 * one that cannot be changed now is tried again later.
 */
public final class ShowDocTypes {
  private static final Logger LOG = LoggerFactory.getLogger(ShowDocTypes.class);
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final KnownDocTypes known;
  private final DocTypeViews views;
  private final Clock clock;
  private final Map<String, DocType> shown = new HashMap<>();
  private final Map<String, Instant> notBefore = new HashMap<>();

  public ShowDocTypes(KnownDocTypes known, DocTypeViews views, Clock clock) {
    this.known = known;
    this.views = views;
    this.clock = clock;
  }

  /** Costs nothing where no definition is new. */
  public synchronized void show() {
    for (DocType definition : known.all()) {
      String name = definition.name();
      Instant now = clock.instant();
      if (definition.equals(shown.get(name))
          || now.isBefore(notBefore.getOrDefault(name, Instant.MIN))) {
        continue;
      }
      try {
        views.show(definition);
        shown.put(name, definition);
      } catch (DocTypeViews.ViewNotShown e) {
        notBefore.put(name, now.plus(PAUSE));
        LOG.warn(
            "The view of {} could not be brought up to date: {}. It stays as it is, documents"
                + " are streamed; it is retried in {} seconds. A query that reads the view for long"
                + " keeps it locked.",
            name,
            e.getMessage(),
            PAUSE.toSeconds());
      }
    }
  }
}
