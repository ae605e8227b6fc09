/**
 * Routes of the project that see whole documents before they are mapped: {@code
 * direct:document.<DocType>}, and {@code direct:document} for every other type. Documents in the
 * producer's words come in, what the routes make of them goes on to the mapping.
 */
@NullMarked
package org.eventstreaming.extension;

import org.jspecify.annotations.NullMarked;
