/**
 * What a producer calls on us: whether we are up, the approval push, the notification and the calls
 * of webhooks (protocol: frappe-wire 5). Comes from the HTTP route, goes to the producer's state
 * and, as a hint, to a poll.
 */
@NullMarked
package org.eventstreaming.callback;

import org.jspecify.annotations.NullMarked;
