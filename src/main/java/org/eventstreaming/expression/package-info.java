/**
 * The expression language {@code frappe}: one Python expression, as Frappe's conditions and {@code
 * eval:} filters are written. Takes a text and a document, gives a value or says with line and
 * column why there is none. Does no input or output of its own, knows neither reflection nor
 * regular expressions, and every limit is counted, not timed.
 */
@NullMarked
package org.eventstreaming.expression;

import org.jspecify.annotations.NullMarked;
