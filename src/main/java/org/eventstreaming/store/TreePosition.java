package org.eventstreaming.store;

import org.jspecify.annotations.Nullable;

/**
 * Where a document stands in the tree of its type, as its site numbers it.
 *
 * @param lft smaller than that of every document below it
 * @param rgt greater than that of every document below it
 * @param oldParent the document above it, as the site noted it last; empty where it has none, null
 *     where what is held here stays
 */
public record TreePosition(String name, long lft, long rgt, @Nullable String oldParent) {}
