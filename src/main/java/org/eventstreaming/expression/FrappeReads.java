package org.eventstreaming.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * What an expression may read of other documents: {@code frappe.db.*}, and only that. Called at
 * most ten times in one evaluation. A {@link ReadRefused} becomes an {@link EvaluationFailed} that
 * names the place in the text; what else is thrown, such as the loss of the database, passes
 * through as it is.
 */
public interface FrappeReads {
  /** Offers nothing to read. */
  FrappeReads NONE = new NoReads();

  /**
   * The values of these fields in the first document that matches, null where a field is empty.
   *
   * @param nameOrFilters a name as text, filters as an object or a list of lists, or null for the
   *     values of a Single
   * @return empty where no document matches
   */
  Optional<ObjectNode> getValue(String doctype, JsonNode nameOrFilters, List<String> fieldnames);

  /** The value of a field of a Single, null where it is empty. */
  JsonNode getSingleValue(String doctype, String fieldname);

  /**
   * The name of the first document that matches.
   *
   * @param nameOrFilters as in {@link #getValue}, but never null
   */
  Optional<String> exists(String doctype, JsonNode nameOrFilters);
}
