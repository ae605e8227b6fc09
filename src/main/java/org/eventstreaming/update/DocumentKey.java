package org.eventstreaming.update;

/** A document's identity on one site. */
public record DocumentKey(String doctype, String name) implements Comparable<DocumentKey> {
  /** Frappe's names have 140 characters at most; much longer ones do not fit an index. */
  public static final int LONGEST_NAME = 255;

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
