/**
 * A stand-in Frappe producer site: a real HTTP server that speaks the wire of a Frappe site with
 * (or without) Event Streaming, for tests and for the demo. Scripts and recorded histories come in,
 * answers go out to whoever follows the site; nothing of this is part of following one.
 */
@NullMarked
package org.eventstreaming.standin;

import org.jspecify.annotations.NullMarked;
