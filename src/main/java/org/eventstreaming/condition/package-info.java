/**
 * Conditions of document types, evaluated here on the producer's documents: expressions of the
 * language {@code frappe}, and {@code cmd:} ones that an engineer's bean or route answers.
 */
@NullMarked
package org.eventstreaming.condition;

import org.jspecify.annotations.NullMarked;
