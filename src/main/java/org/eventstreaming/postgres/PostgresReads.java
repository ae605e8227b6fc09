package org.eventstreaming.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.List;
import java.util.Optional;
import org.eventstreaming.expression.FrappeReads;
import org.eventstreaming.expression.ReadRefused;
import org.eventstreaming.update.DocumentJson;

/**
 * {@code frappe.db} of expressions: the documents that are held here. Filters are an object of
 * fields and the values that they must have; of several documents the one changed last counts.
 */
public final class PostgresReads implements FrappeReads {
  private final Transactions transactions;

  public PostgresReads(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<ObjectNode> getValue(
      String doctype, JsonNode nameOrFilters, List<String> fieldnames) {
    // the document of a Single has the name of its type
    return (nameOrFilters.isNull() ? byName(doctype, doctype) : found(doctype, nameOrFilters))
        .map(
            document -> {
              ObjectNode values = DocumentJson.MAPPER.createObjectNode();
              for (String fieldname : fieldnames) {
                JsonNode value = document.path(fieldname);
                values.set(fieldname, value.isMissingNode() ? NullNode.instance : value);
              }
              return values;
            });
  }

  @Override
  public JsonNode getSingleValue(String doctype, String fieldname) {
    JsonNode value =
        byName(doctype, doctype)
            .map(document -> document.path(fieldname))
            .orElse(NullNode.instance);
    return value.isMissingNode() ? NullNode.instance : value;
  }

  @Override
  public Optional<String> exists(String doctype, JsonNode nameOrFilters) {
    return found(doctype, nameOrFilters).map(document -> document.path("name").asText());
  }

  private Optional<ObjectNode> found(String doctype, JsonNode nameOrFilters) {
    if (nameOrFilters.isValueNode()) {
      return byName(doctype, nameOrFilters.asText());
    }
    if (!(nameOrFilters instanceof ObjectNode values)
        || values.properties().stream().anyMatch(value -> !value.getValue().isValueNode())) {
      throw new ReadRefused(
          "filters must be a name, or an object of fields and the values they must have");
    }
    return one(
        "select data::text from document where doctype = ? and data @> ?::jsonb"
            + " order by modified desc nulls last, name limit 1",
        doctype,
        values.toString());
  }

  private Optional<ObjectNode> byName(String doctype, String name) {
    return one("select data::text from document where doctype = ? and name = ?", doctype, name);
  }

  private Optional<ObjectNode> one(String sql, String doctype, String value) {
    return transactions.with(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            new Columns(statement).value(doctype).value(value);
            try (ResultSet rows = statement.executeQuery()) {
              return rows.next()
                  ? Optional.of((ObjectNode) DocumentJson.MAPPER.readTree(rows.getString(1)))
                  : Optional.empty();
            } catch (JsonProcessingException e) {
              throw new IllegalStateException("document.data holds no JSON object", e);
            }
          }
        });
  }
}
