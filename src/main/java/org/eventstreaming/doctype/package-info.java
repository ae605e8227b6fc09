/**
 * DocType definitions: what fields a document type has and how its documents are named. Comes from
 * the files in {@code doctypes/} and from producers, goes to naming, to the normal form of
 * documents and to the typed views.
 */
@NullMarked
package org.eventstreaming.doctype;

import org.jspecify.annotations.NullMarked;
