/**
 * Dependencies: takes a page whose documents are known and finds the documents that they link to,
 * and theirs in turn, here or on the producer. What is found goes on to be applied with the page.
 */
@NullMarked
package org.eventstreaming.resolve;

import org.jspecify.annotations.NullMarked;
