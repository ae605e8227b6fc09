/**
 * A stand-in Frappe site: a real HTTP server that speaks the wire of a Frappe site with Event
 * Streaming, or of a stock one without, for tests and for the demo. Scripts, recorded histories and
 * the writes of clients come in, answers go out to whoever follows the site or feeds it; nothing of
 * this is part of doing so.
 */
@NullMarked
package org.eventstreaming.standin;

import org.jspecify.annotations.NullMarked;
