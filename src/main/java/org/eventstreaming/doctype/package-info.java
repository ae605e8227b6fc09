/**
 * DocType definitions: what fields a document type has and how its documents are named. Comes from
 * the files in {@code doctypes/}, goes to naming and to the normal form of documents.
 */
@NullMarked
package org.eventstreaming.doctype;

import org.jspecify.annotations.NullMarked;
