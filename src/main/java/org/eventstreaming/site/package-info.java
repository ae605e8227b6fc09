/**
 * A Frappe site as we call it: its calls, its envelopes and its errors (protocol: frappe-wire 2 to
 * 4 and 7). What comes in is a site's HTTP answer, what goes out are entries, documents and
 * failures that say what a person can do.
 */
@NullMarked
package org.eventstreaming.site;

import org.jspecify.annotations.NullMarked;
