package org.eventstreaming.stream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;

/** A site with orders, whose lines name parts, which are made of parts. */
final class Shop {
  private Shop() {}

  static StandInSite start() {
    StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
    site.putDocType(
        docType("Order", false)
            .set(
                "fields",
                fields(
                    "title",
                    "Data",
                    null,
                    "party_type",
                    "Link",
                    "DocType",
                    "party",
                    "Dynamic Link",
                    "party_type",
                    "lines",
                    "Table",
                    "Order Line")));
    site.putDocType(docType("Order Line", true).set("fields", fields("part", "Link", "Part")));
    site.putDocType(
        docType("Part", false)
            .set("fields", fields("title", "Data", null, "made_of", "Link", "Part")));
    return site;
  }

  private static ObjectNode docType(String name, boolean istable) {
    return object("name", name, "doctype", "DocType").put("istable", istable ? 1 : 0);
  }

  private static ArrayNode fields(@Nullable String... nameTypeOptions) {
    ArrayNode fields = DocumentJson.MAPPER.createArrayNode();
    for (int i = 0; i < nameTypeOptions.length; i += 3) {
      fields
          .addObject()
          .put("fieldname", nameTypeOptions[i])
          .put("fieldtype", nameTypeOptions[i + 1])
          .put("options", nameTypeOptions[i + 2]);
    }
    return fields;
  }

  static ObjectNode part(String name) {
    return stamped(object("name", name, "title", name));
  }

  static ObjectNode order(String name, @Nullable String part) {
    ObjectNode order = object("name", name, "title", name);
    if (part != null) {
      order
          .putArray("lines")
          .add(object("name", name + "-1", "part", part, "doctype", "Order Line"));
    }
    return order;
  }

  static ObjectNode stamped(ObjectNode document) {
    return document
        .put("creation", "2020-01-01 00:00:00.000000")
        .put("modified", "2020-01-01 00:00:00.000000");
  }

  static ObjectNode object(String... keysAndValues) {
    ObjectNode object = DocumentJson.MAPPER.createObjectNode();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return object;
  }

  static List<List<@Nullable String>> linesOfOrders(TestStream stream) {
    return stream
        .database()
        .rows("select data #>> '{lines,0,part}' from document where doctype = 'Order'");
  }

  static List<List<@Nullable String>> names(TestStream stream, String doctype) {
    return stream.database().rows("select name from document where doctype = '" + doctype + "'");
  }

  static Set<String> keys(TestStream stream) {
    Set<String> keys = new TreeSet<>();
    stream
        .database()
        .rows("select doctype || ' ' || name from document")
        .forEach(row -> keys.add(String.valueOf(row.get(0))));
    return keys;
  }

  /** About the part Bolt. */
  static LogEntry entry(String name, String type, String data) {
    return new LogEntry(name, TestTimes.next(), type, "Part", "Bolt", data);
  }
}
