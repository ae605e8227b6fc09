/**
 * The beginning of the stream: acquires the producer's lease, registers there, and reads its update
 * log in pages, in order. What goes out is a page of entries, for accept.
 */
@NullMarked
package org.eventstreaming.poll;

import org.jspecify.annotations.NullMarked;
