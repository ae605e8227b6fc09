package org.eventstreaming.update;

/** A document's identity on one site. */
public record DocumentKey(String doctype, String name) implements Comparable<DocumentKey> {
  @Override
  public int compareTo(DocumentKey other) {
    int byType = doctype.compareTo(other.doctype);
    return byType != 0 ? byType : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return doctype + " " + name;
  }
}
