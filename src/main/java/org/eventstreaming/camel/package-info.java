/**
 * Camel's side of the seams: calls through camel-http, a transaction as a policy, the gathering of
 * a page. Nothing here decides anything about a document.
 */
@NullMarked
package org.eventstreaming.camel;

import org.jspecify.annotations.NullMarked;
