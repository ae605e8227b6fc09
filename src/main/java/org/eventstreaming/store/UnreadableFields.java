package org.eventstreaming.store;

import java.util.Map;
import org.eventstreaming.document.Unread;

/**
 * The fields that whole reads of a type do not show to our key, as they were seen last; kept over a
 * restart. Safe for many threads.
 */
public interface UnreadableFields {
  /** Those of the documents of a type and of their rows, at the site of this address. */
  Unread of(String siteUrl, String doctype);

  /** All of a site, by the type of the documents; types without any are absent. */
  Map<String, Unread> all(String siteUrl);

  /** What a read of documents of a type did not show. Writes nothing where that is known. */
  void saw(String siteUrl, String doctype, Unread unread);
}
