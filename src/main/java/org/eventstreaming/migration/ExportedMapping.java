package org.eventstreaming.migration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.eventstreaming.files.Problem;

/**
 * A mapping as Frappe holds it.
 *
 * @param document a Document Type Mapping as Frappe imports it, without what it cannot hold
 * @param losses what that is, each with its place in the file
 */
public record ExportedMapping(ObjectNode document, List<Problem> losses) {
  public ExportedMapping {
    losses = List.copyOf(losses);
  }

  public String name() {
    return document.path("mapping_name").asText();
  }
}
