/**
 * Document Type Mapping: takes a document or a diff in the producer's words and gives it in ours,
 * by the rules in the files of {@code mappings/}. What comes out still wants the names of the
 * documents that it points to, and its normal form; it then goes on to be applied.
 */
@NullMarked
package org.eventstreaming.mapping;

import org.jspecify.annotations.NullMarked;
