/**
 * Frappe sites as targets: what a page makes of a producer's documents goes to a site over REST
 * instead of into our own store. Of the documents only the identity map is kept here; what they are
 * now is read from the site, in bulk (protocol: frappe-wire 7.2, live evidence 5).
 */
@NullMarked
package org.eventstreaming.target;

import org.jspecify.annotations.NullMarked;
