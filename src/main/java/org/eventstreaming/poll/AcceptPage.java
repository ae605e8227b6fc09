package org.eventstreaming.poll;

import org.eventstreaming.update.UpdatePage;

/**
 * The step that looks at each entry of a page by itself. It asks for nothing and changes nothing,
 * so that reading ahead takes it along: while a page is applied, the next one is accepted.
 */
@FunctionalInterface
public interface AcceptPage {
  /** The page with what became of each entry, in order. */
  UpdatePage accept(UpdatePage page);
}
