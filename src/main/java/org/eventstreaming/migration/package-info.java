/**
 * Moving from Frappe's Event Streaming and back: takes the Event Producers and Document Type
 * Mappings of a site as documents and gives the files of {@code producers/} and {@code mappings/};
 * takes mapping files and gives the documents that a site imports. Asks no site and writes no file:
 * the commands do.
 */
@NullMarked
package org.eventstreaming.migration;

import org.jspecify.annotations.NullMarked;
