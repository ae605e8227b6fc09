/**
 * Makes the documents here what the entries say. Takes a page of accepted updates with what is
 * known of their documents, gives the same page with an outcome for each; what it gives goes to the
 * Event Sync Log.
 */
@NullMarked
package org.eventstreaming.apply;

import org.jspecify.annotations.NullMarked;
