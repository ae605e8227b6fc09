package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the site calls a document that a client creates. The site's rule wins: a name that the
 * client chose counts only where its DocType is named by prompt, or where nothing is known of it.
 */
final class Naming {
  private final DocTypes docTypes;
  private final Documents documents;
  private final Names names;
  private final SiteClock clock;
  private final Generation generation;
  private final Map<String, String> byCode = new ConcurrentHashMap<>();

  Naming(
      DocTypes docTypes, Documents documents, Names names, SiteClock clock, Generation generation) {
    this.docTypes = docTypes;
    this.documents = documents;
    this.names = names;
    this.clock = clock;
    this.generation = generation;
  }

  /** An app's code names documents of this DocType by this field, whatever its rule says. */
  void byField(String doctype, String fieldname) {
    byCode.put(doctype, fieldname);
  }

  String name(String doctype, ObjectNode document) {
    var rule = docTypes.namingRule(doctype);
    var forced = document.path("__newname").asText();
    var byPrompt = rule.toLowerCase(Locale.ROOT).equals("prompt");
    if (!forced.isEmpty() && (byPrompt || !generation.is15())) {
      return forced;
    }
    var amended = document.path("amended_from").asText();
    if (!amended.isEmpty()) {
      return amendment(doctype, amended);
    }
    if (byCode.containsKey(doctype)) {
      return ofField(doctype, byCode.get(doctype), document);
    }
    if (byPrompt) {
      return chosen(document);
    }
    if (rule.startsWith("field:")) {
      return ofField(doctype, rule.substring("field:".length()), document);
    }
    if (rule.startsWith("naming_series:")) {
      return next(doctype, document.path("naming_series").asText());
    }
    return rule.contains("#") ? next(doctype, rule) : names.hash();
  }

  private String next(String doctype, String series) {
    var today = clock.next().substring(0, 10);
    var name = names.next(series, today);
    while (documents.find(doctype, name).isPresent()) {
      name = names.next(series, today);
    }
    return name;
  }

  /** The old name with a number behind it; a second amendment counts on. */
  private String amendment(String doctype, String amended) {
    var isFirst =
        documents
            .find(doctype, amended)
            .map(original -> original.path("amended_from").asText().isEmpty())
            .orElse(true);
    var dash = amended.lastIndexOf('-');
    return isFirst
        ? amended + "-1"
        : amended.substring(0, dash + 1) + (Integer.parseInt(amended.substring(dash + 1)) + 1);
  }

  private static String chosen(ObjectNode document) {
    var name = document.path("name").asText().strip();
    if (name.isEmpty()) {
      throw FrappeError.thrown(417, "ValidationError", "Please set the document name");
    }
    return name;
  }

  private static String ofField(String doctype, String fieldname, ObjectNode document) {
    var name = document.path(fieldname).asText().strip();
    if (name.isEmpty()) {
      throw FrappeError.thrown(417, "ValidationError", "No Name Specified for " + doctype);
    }
    return name;
  }
}
