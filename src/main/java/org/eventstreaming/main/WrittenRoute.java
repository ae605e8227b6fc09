package org.eventstreaming.main;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.eventstreaming.files.MarkedFile;
import org.eventstreaming.files.Place;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ReadMarkedFile;

/**
 * A route as it is written, before Camel reads it.
 *
 * @param id empty where it has none
 * @param from the address that it begins with; empty where a template says it
 */
record WrittenRoute(
    RouteFile file, String id, Place idAt, String from, Place fromAt, String description) {

  /** Those of a file; what cannot be read is among the problems. */
  static List<WrittenRoute> in(RouteFile file, Problems problems) {
    return file.isXml() ? xml(file, problems) : yaml(file, problems);
  }

  private static List<WrittenRoute> yaml(RouteFile file, Problems problems) {
    List<WrittenRoute> routes = new ArrayList<>();
    MarkedFile read = ReadMarkedFile.ofText(file.path(), file.text(), problems).orElse(null);
    if (read == null) {
      return routes;
    }
    for (int i = 0; i < read.root().size(); i++) {
      JsonPointer item = JsonPointer.empty().appendIndex(i);
      for (Map.Entry<String, JsonNode> one : read.root().path(i).properties()) {
        JsonPointer at = item.appendProperty(one.getKey());
        switch (one.getKey()) {
          case "route" -> routes.add(yaml(file, read, at, "id", at.appendProperty("from")));
          case "from" -> routes.add(yaml(file, read, at, "id", at));
          case "templatedRoute" -> routes.add(yaml(file, read, at, "routeId", at));
          default -> {
            // configurations, templates, beans: no routes of themselves
          }
        }
      }
    }
    return routes;
  }

  private static WrittenRoute yaml(
      RouteFile file, MarkedFile read, JsonPointer at, String key, JsonPointer from) {
    JsonPointer id = at.appendProperty(key);
    JsonPointer uri = from.appendProperty("uri");
    Map<String, String> parameters = new TreeMap<>();
    read.root()
        .at(from.appendProperty("parameters"))
        .properties()
        .forEach(one -> parameters.put(one.getKey(), one.getValue().asText()));
    return new WrittenRoute(
        file,
        read.root().at(id).asText(),
        read.value(id),
        address(read.root().at(uri).asText(), parameters),
        read.value(uri),
        read.root().at(at.appendProperty("description")).asText());
  }

  private static List<WrittenRoute> xml(RouteFile file, Problems problems) {
    List<WrittenRoute> routes = new ArrayList<>();
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(file.text()));
      while (xml.hasNext()) {
        if (xml.next() != XMLStreamConstants.START_ELEMENT) {
          continue;
        }
        Place at = begin(file.text(), xml);
        switch (xml.getLocalName()) {
          case "route" ->
              routes.add(
                  new WrittenRoute(
                      file, attribute(xml, "id"), at, "", at, attribute(xml, "description")));
          case "templatedRoute" ->
              routes.add(new WrittenRoute(file, attribute(xml, "routeId"), at, "", at, ""));
          case "from" -> {
            if (!routes.isEmpty()) {
              String from = address(attribute(xml, "uri"), new TreeMap<>());
              routes.add(routes.remove(routes.size() - 1).beginningWith(from, at));
            }
          }
          default -> {
            // a step
          }
        }
      }
    } catch (XMLStreamException e) {
      problems.add(
          file.path(),
          new Place(e.getLocation().getLineNumber(), e.getLocation().getColumnNumber()),
          "is not XML here: "
              + Objects.toString(e.getMessage()).replaceFirst("(?s).*\\nMessage: ", ""));
    }
    return routes;
  }

  private WrittenRoute beginningWith(String address, Place at) {
    return new WrittenRoute(file, id, idAt, address, at, description);
  }

  private static String attribute(XMLStreamReader xml, String name) {
    return Objects.requireNonNullElse(xml.getAttributeValue(null, name), "");
  }

  /** The parser says where a tag ends. */
  private static Place begin(String text, XMLStreamReader xml) {
    int end = Math.min(xml.getLocation().getCharacterOffset(), text.length()) - 1;
    int begin = Math.max(0, text.lastIndexOf('<', end));
    int line = (int) text.substring(0, begin).chars().filter(c -> c == '\n').count() + 1;
    return new Place(line, begin - text.lastIndexOf('\n', begin));
  }

  /** What two routes cannot both begin with, in one spelling. */
  static String address(String uri, Map<String, String> parameters) {
    String path = uri.replaceFirst("\\?.*", "").replace("://", ":");
    Map<String, String> options = new TreeMap<>(parameters);
    if (uri.contains("?")) {
      for (String option : uri.substring(uri.indexOf('?') + 1).split("&", -1)) {
        String[] pair = option.split("=", 2);
        options.put(pair[0], pair.length == 2 ? pair[1] : "");
      }
    }
    if (!path.contains(":") && options.containsKey("name")) {
      path += ":" + options.remove("name");
    }
    return path.startsWith("direct:") || path.startsWith("seda:") || options.isEmpty()
        ? path
        : path + "?" + options;
  }
}
