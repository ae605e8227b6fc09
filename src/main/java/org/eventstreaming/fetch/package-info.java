/**
 * Finds the entries that cannot be applied to what is here and fetches their documents whole. Takes
 * a page of accepted updates, gives it with what is known of its documents and with whole states.
 */
@NullMarked
package org.eventstreaming.fetch;

import org.jspecify.annotations.NullMarked;
