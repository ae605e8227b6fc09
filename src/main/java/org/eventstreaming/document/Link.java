package org.eventstreaming.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eventstreaming.update.DocumentKey;

/**
 * One place where a document names another.
 *
 * @param doctype of the document or row that has the field
 * @param holder the document, row or part of a diff that has the field
 * @param target what is named; its type is the one that the definition of the holder names
 */
public record Link(String doctype, ObjectNode holder, String fieldname, DocumentKey target) {
  /** Lets the field name another document of the same type. */
  public void pointTo(String name) {
    if (!name.equals(target.name())) {
      holder.put(fieldname, name);
    }
  }
}
