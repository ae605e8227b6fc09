package org.eventstreaming.site;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;

/** Finds documents of a site that a user made and nobody else changed, by what they link to. */
public final class FindUntouched {
  private final SiteWire wire;

  FindUntouched(SiteWire wire) {
    this.wire = wire;
  }

  /**
   * A place where documents of a type, or rows of them, name others.
   *
   * @param rows the type of the rows; null for the document itself
   * @param typeField the field that has the type of what is named; null where {@code type} is it
   * @param type of what is named; empty where a field has it
   */
  public record Place(
      @Nullable String rows, String fieldname, @Nullable String typeField, String type) {}

  /**
   * A document that is there.
   *
   * @param creation in the site's own text
   */
  public record Untouched(String name, String creation) {}

  /**
   * When those of these documents were made that a user created for another site: one list.
   *
   * @param siteUrl where they came from; the type has to have the field for it
   */
  public Map<String, String> createdFor(
      String doctype, Collection<String> names, String user, String siteUrl) {
    ArrayNode filters = SiteWire.in("name", names);
    filters.addArray().add("owner").add("=").add(user);
    filters.addArray().add("remote_site_name").add("=").add(siteUrl);
    Map<String, String> created = new LinkedHashMap<>();
    wire.rows(
            wire.list(
                doctype,
                Map.of(
                    "fields", "[\"name\",\"creation\"]",
                    "filters", filters.toString(),
                    "limit_page_length", "0")),
            "look for documents of " + doctype + " that came from " + siteUrl)
        .forEach(row -> created.put(row.path("name").asText(), row.path("creation").asText()));
    return created;
  }

  /**
   * What documents that a user made name, by the names of the documents: one list.
   *
   * @param names of what is named
   * @param since when they were made at the earliest, in the site's own text
   */
  public Map<String, List<DocumentKey>> naming(
      String doctype, Place place, Collection<String> names, String user, String since) {
    return naming(doctype, place, madeBy(SiteWire.in(place.fieldname(), names), user, since));
  }

  /** The same of documents that anybody made. */
  public Map<String, List<DocumentKey>> naming(
      String doctype, Place place, Collection<String> names) {
    return naming(doctype, place, SiteWire.in(place.fieldname(), names));
  }

  private Map<String, List<DocumentKey>> naming(String doctype, Place place, ArrayNode filters) {
    String nameField = place.rows() == null ? "name" : "parent";
    ArrayNode fields = DocumentJson.MAPPER.createArrayNode().add(nameField).add(place.fieldname());
    if (place.typeField() != null) {
      fields.add(place.typeField());
    }
    Map<String, String> arguments = new LinkedHashMap<>();
    if (place.rows() != null) {
      filters.addArray().add("parenttype").add("=").add(doctype);
      arguments.put("parent", doctype);
    }
    arguments.put("fields", fields.toString());
    arguments.put("filters", filters.toString());
    arguments.put("limit_page_length", "0");
    Map<String, List<DocumentKey>> found = new LinkedHashMap<>();
    for (ObjectNode row :
        wire.rows(
            wire.list(place.rows() == null ? doctype : place.rows(), arguments),
            "look for documents of " + doctype + " that the site made by itself")) {
      String type = place.typeField() == null ? place.type() : row.path(place.typeField()).asText();
      found
          .computeIfAbsent(row.path(nameField).asText(), name -> new ArrayList<>())
          .add(new DocumentKey(type, row.path(place.fieldname()).asText()));
    }
    return found;
  }

  /**
   * Which of these are drafts that the user made and changed last: one list.
   *
   * @param hasOrigin whether the type has the field that says which site a document came from; what
   *     came from one is left out
   */
  public List<Untouched> drafts(
      String doctype, Collection<String> names, String user, String since, boolean hasOrigin) {
    ArrayNode filters = madeBy(SiteWire.in("name", names), user, since);
    filters.addArray().add("modified_by").add("=").add(user);
    filters.addArray().add("docstatus").add("=").add(0);
    ArrayNode fields = DocumentJson.MAPPER.createArrayNode().add("name").add("creation");
    if (hasOrigin) {
      fields.add("remote_site_name");
    }
    return wire
        .rows(
            wire.list(
                doctype,
                Map.of(
                    "fields",
                    fields.toString(),
                    "filters",
                    filters.toString(),
                    "order_by",
                    FrappeSite.OLDEST_FIRST,
                    "limit_page_length",
                    "0")),
            "look at documents of " + doctype + " that the site made by itself")
        .stream()
        .filter(row -> row.path("remote_site_name").asText("").isEmpty())
        .map(row -> new Untouched(row.path("name").asText(), row.path("creation").asText()))
        .toList();
  }

  private static ArrayNode madeBy(ArrayNode filters, String user, String since) {
    filters.addArray().add("owner").add("=").add(user);
    filters.addArray().add("creation").add(">=").add(since);
    return filters;
  }
}
