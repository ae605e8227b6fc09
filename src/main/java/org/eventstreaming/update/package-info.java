/**
 * What travels: the entries of an Event Update Log and what becomes of them, one step further each
 * time. Every stage takes and gives words of this package; it knows no stage itself.
 */
@NullMarked
package org.eventstreaming.update;

import org.jspecify.annotations.NullMarked;
