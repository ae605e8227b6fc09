/**
 * The first steps of the stream. They acquire the producer's lease, register as its Event Consumer,
 * and read its Event Update Log in pages, in the order of the log. Other work makes pages too:
 * reconciliation, initial load, comparison and retry.
 *
 * <p>Each page is a list of entries. It goes on to the package {@code accept}.
 */
@NullMarked
package org.eventstreaming.poll;

import org.jspecify.annotations.NullMarked;
