package org.eventstreaming.doctor;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypeJson;

/**
 * A document type as one site has it.
 *
 * @param submittable whether its documents are submitted and cancelled
 * @param holders the roles that have a right to all its documents
 */
record SiteType(DocType definition, boolean submittable, Map<Right, Set<String>> holders) {
  private static final String ADMINISTRATOR = "Administrator";

  /** What may be done with documents. */
  enum Right {
    READ("read"),
    CREATE("create"),
    WRITE("write"),
    SUBMIT("submit"),
    CANCEL("cancel"),
    DELETE("delete");

    private final String key;

    Right(String key) {
      this.key = key;
    }

    String key() {
      return key;
    }

    boolean isOfSubmittables() {
      return this == SUBMIT || this == CANCEL;
    }
  }

  SiteType {
    holders = Map.copyOf(holders);
  }

  /** As {@code getdoctype} reports it. */
  static SiteType of(ObjectNode reported) {
    Map<Right, Set<String>> holders = new EnumMap<>(Right.class);
    for (JsonNode permission : reported.path("permissions")) {
      if (permission.path("permlevel").asInt() > 0) {
        continue;
      }
      boolean own = isOn(permission, "if_owner");
      for (Right right : Right.values()) {
        // who may create may do so, whosever the document is to be
        if (isOn(permission, right.key()) && (!own || right == Right.CREATE)) {
          holders
              .computeIfAbsent(right, one -> new HashSet<>())
              .add(permission.path("role").asText());
        }
      }
    }
    return new SiteType(definition(reported), isOn(reported, "is_submittable"), holders);
  }

  private static DocType definition(ObjectNode reported) {
    try (JsonParser parser = reported.traverse()) {
      parser.nextToken();
      return DocTypeJson.read(parser);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOn(JsonNode object, String key) {
    return object.path(key).asInt() == 1 || object.path(key).asBoolean();
  }

  String name() {
    return definition.name();
  }

  /** Whether a user with these roles has the right. */
  boolean grants(Right right, String user, Set<String> roles) {
    return user.equals(ADMINISTRATOR)
        || holders.getOrDefault(right, Set.of()).stream().anyMatch(roles::contains);
  }
}
