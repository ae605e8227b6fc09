package org.eventstreaming.update;

/**
 * A file that is attached to a document of a Frappe site: a document of the type File there. Every
 * text is the site's own and may say anything.
 *
 * @param name of the File
 * @param document what it is attached to
 * @param field the field of the document that shows it; empty where none does
 * @param fileName what people call it
 * @param url where its content is: a path on the site, or an address elsewhere
 * @param size in bytes, as the site says; 0 where it does not
 * @param md5 of its content, as the site says; empty where it does not
 * @param modified in the site's own text
 */
public record AttachedFile(
    String name,
    DocumentKey document,
    String field,
    String fileName,
    String url,
    boolean isPrivate,
    long size,
    String md5,
    String modified) {}
