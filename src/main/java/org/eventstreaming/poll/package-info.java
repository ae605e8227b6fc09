/**
 * The begin of the stream: has the producer to itself, is registered there, and reads its update
 * log in pages, in order. What goes out is a page of entries, for accept.
 */
@NullMarked
package org.eventstreaming.poll;

import org.jspecify.annotations.NullMarked;
