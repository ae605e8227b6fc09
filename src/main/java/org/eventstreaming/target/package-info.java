/**
 * Frappe sites as targets. The documents of a page are written to a site over REST instead of into
 * PostgreSQL. Only the identity map is kept here. The documents are read from the site, in bulk,
 * when they are needed (protocol: frappe-wire 7.2, live evidence 5).
 */
@NullMarked
package org.eventstreaming.target;

import org.jspecify.annotations.NullMarked;
