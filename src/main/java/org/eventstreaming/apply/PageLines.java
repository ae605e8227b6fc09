package org.eventstreaming.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.PassedOver;
import org.eventstreaming.update.RenamedUpdate;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdatePage;

/**
 * The updates of a page by what becomes of them.
 *
 * @param passedOver those that are over
 * @param renames those that give documents new names, before anything else is applied
 * @param gone those about documents that are neither here nor on the producer
 * @param open the others, by document
 */
record PageLines(
    List<Update> passedOver,
    List<RenamedUpdate> renames,
    List<Update> gone,
    Map<DocumentKey, List<Update>> open) {

  static PageLines of(UpdatePage page) {
    PageLines lines =
        new PageLines(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), page.lines());
    for (Update update : page.updates()) {
      if (update instanceof PassedOver) {
        lines.passedOver.add(update);
      } else if (update instanceof RenamedUpdate rename) {
        lines.renames.add(rename);
      }
    }
    lines.open.values().removeIf(updates -> isGone(page, updates) && lines.gone.addAll(updates));
    return lines;
  }

  /** What we looked for ourselves and is neither here nor there: somebody else reported it. */
  private static boolean isGone(UpdatePage page, List<Update> updates) {
    DocumentKey remote = updates.get(0).entry().remote();
    boolean here = page.known(remote).here();
    boolean there = !(page.fullStates().get(remote) instanceof FullState.Gone);
    return updates.stream().allMatch(update -> update.entry().isOurs())
        && updates.stream().allMatch(update -> update.isDelete() ? !here : !there);
  }
}
