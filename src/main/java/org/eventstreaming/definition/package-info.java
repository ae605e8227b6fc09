/**
 * Gets to know the DocTypes of what streams by. Takes a page of updates, asks its producer for
 * definitions that are missing, old, or do not have a field that a document has, and gives the page
 * on as it was; what was learnt goes to naming and normal form by {@link
 * org.eventstreaming.definition.KnownDocTypes}, and beside the stream to the typed views.
 */
@NullMarked
package org.eventstreaming.definition;

import org.jspecify.annotations.NullMarked;
