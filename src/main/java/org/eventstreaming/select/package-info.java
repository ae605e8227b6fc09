/**
 * Selection: takes a page whose documents are known and lets pass what meets the condition of its
 * type. A document that comes to meet it arrives whole; one that stops meeting it leaves.
 */
@NullMarked
package org.eventstreaming.select;

import org.jspecify.annotations.NullMarked;
