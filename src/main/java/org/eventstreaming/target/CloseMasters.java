package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.OpenedMaster;
import org.eventstreaming.store.OpenedMaster.Ending;
import org.eventstreaming.store.OpenedMasters;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.Sentence;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores the former values of masters that were enabled on a target site. A value that a person
 * changed meanwhile stays. It can be repeated.
 */
final class CloseMasters {
  private static final Logger LOG = LoggerFactory.getLogger(CloseMasters.class);

  /** The most attempts for one master, which others may save at the same time. */
  private static final int MOST_LOOKS = 5;

  private final OpenedMasters masters;

  CloseMasters(OpenedMasters masters) {
    this.masters = masters;
  }

  /**
   * The result for one master.
   *
   * @param ending null where it is still enabled
   * @param error why it could not be restored; null where it could
   */
  record Closed(OpenedMaster opened, @Nullable Ending ending, @Nullable String error) {}

  /**
   * Restores these masters.
   *
   * @throws SiteFailure where the site does not answer. Masters that are enabled then are restored
   *     later
   * @throws TargetFailed the same
   */
  List<Closed> close(Target target, List<OpenedMaster> open) {
    return new Closing(target).all(open);
  }

  /** One call. */
  private final class Closing {
    private final Target target;
    private final List<Closed> results = new ArrayList<>();
    private final Set<OpenedMaster> sent = new HashSet<>();

    Closing(Target target) {
      this.target = target;
    }

    List<Closed> all(List<OpenedMaster> open) {
      List<OpenedMaster> pending = open;
      for (int look = 1; !pending.isEmpty(); look++) {
        Map<DocumentKey, FullState> states =
            target.fetch(pending.stream().map(OpenedMaster::master).toList());
        List<OpenedMaster> again = new ArrayList<>();
        for (OpenedMaster one : pending) {
          if (look > MOST_LOOKS) {
            failed(one, "it changes all the time");
          } else if (!isOver(one, states.get(one.master()))) {
            again.add(one);
          }
        }
        pending = again;
      }
      return results;
    }

    private boolean isOver(OpenedMaster one, @Nullable FullState state) {
      if (state instanceof FullState.Present present) {
        return isOver(one, present.document());
      }
      if (state instanceof FullState.Refused refused) {
        return failed(one, refused.why());
      }
      if (state instanceof FullState.Unknown unknown) {
        throw new TargetFailed(unknown.why());
      }
      return ended(one, Ending.GONE, null);
    }

    private boolean isOver(OpenedMaster one, ObjectNode document) {
      String modified = document.path("modified").asText();
      if (!document.has(one.fieldname())) {
        return ended(one, Ending.CHANGED, null);
      }
      if (document.path(one.fieldname()).asInt() == one.value()) {
        return ended(one, found(one, modified), modified);
      }
      boolean isChanged =
          one.opened() != null && !one.opened().equals(modified) && isByAPerson(document);
      if (isChanged || sent.contains(one)) {
        return ended(one, Ending.CHANGED, null);
      }
      return isRefused(one, modified);
    }

    /**
     * Whether a person saved the master last. The site saves masters too when documents are
     * written, such as {@code last_purchase_rate} of Item.
     */
    private boolean isByAPerson(ObjectNode document) {
      return !document.path("modified_by").asText().equalsIgnoreCase(target.user());
    }

    private Ending found(OpenedMaster one, String modified) {
      if (sent.contains(one)) {
        return Ending.RESTORED;
      }
      return modified.equals(one.before()) ? Ending.NOT_ENABLED : Ending.FOUND_RESTORED;
    }

    /**
     * Writes the former value. True where the site refused it for good; else the next read shows
     * the result.
     */
    private boolean isRefused(OpenedMaster one, String modified) {
      try {
        target
            .writes()
            .update(
                one.master(),
                JsonNodeFactory.instance
                    .objectNode()
                    .put(one.fieldname(), one.value())
                    .put("modified", modified));
        sent.add(one);
        return false;
      } catch (SiteFailure e) {
        if (e.isSilent()) {
          throw e;
        }
        // the master was changed or deleted in between: the next read shows it
        return e.kind() != SiteFailure.Kind.STALE
            && e.kind() != SiteFailure.Kind.NOT_FOUND
            && failed(one, e.said());
      }
    }

    private boolean ended(OpenedMaster one, Ending ending, @Nullable String modified) {
      masters.ended(one, ending, modified);
      results.add(new Closed(one, ending, null));
      if (ending == Ending.CHANGED) {
        LOG.info(
            "{} of {} was changed by somebody while it was enabled for documents of {}: it is left as it is.",
            one.master(),
            target.url(),
            one.producerUrl());
      }
      return true;
    }

    private boolean failed(OpenedMaster one, String why) {
      masters.failed(one, why);
      results.add(new Closed(one, null, why));
      LOG.warn(
          "{} of {} was enabled for documents of {} and could not be disabled again: {} The next pull retries it.",
          one.master(),
          target.url(),
          one.producerUrl(),
          Sentence.of(why));
      return true;
    }
  }
}
