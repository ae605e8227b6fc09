package org.eventstreaming.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** For places where an expression sees its document and nothing else. */
final class NoReads implements FrappeReads {
  @Override
  public Optional<ObjectNode> getValue(
      String doctype, JsonNode nameOrFilters, List<String> fieldnames) {
    throw refused(doctype);
  }

  @Override
  public JsonNode getSingleValue(String doctype, String fieldname) {
    throw refused(doctype);
  }

  @Override
  public Optional<String> exists(String doctype, JsonNode nameOrFilters) {
    throw refused(doctype);
  }

  private static ReadRefused refused(String doctype) {
    return new ReadRefused(
        "%s cannot be read: here an expression sees only 'doc'".formatted(doctype));
  }
}
