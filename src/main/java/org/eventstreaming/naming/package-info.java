/**
 * Names for documents that do not keep the name of their producer ({@code use_same_name: 0}). Takes
 * the document and the local definition, gives the name under which it is stored; the numbers of a
 * series come from the port {@link org.eventstreaming.naming.SeriesCounter}.
 */
@NullMarked
package org.eventstreaming.naming;

import org.jspecify.annotations.NullMarked;
