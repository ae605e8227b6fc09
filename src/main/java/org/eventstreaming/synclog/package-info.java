/**
 * The end of the stream: writes what became of each entry, wakes what waited for it, and moves the
 * cursor on. Takes a page that is applied; nothing goes on from here.
 */
@NullMarked
package org.eventstreaming.synclog;

import org.jspecify.annotations.NullMarked;
