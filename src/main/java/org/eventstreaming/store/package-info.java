/**
 * What the stages need of a store: documents with their identity map, the Event Sync Log, and what
 * was learnt of each producer. Ports only; each joins the transaction that is open around it.
 */
@NullMarked
package org.eventstreaming.store;

import org.jspecify.annotations.NullMarked;
