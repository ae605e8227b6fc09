package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Event Update Log as a table that list calls read. A log in order of creation is walked by
 * position, so that a page costs what it holds; the next page by offset goes on where the last one
 * ended.
 */
final class LogTable {
  /** Where a page ended, for the call that asks for the next one. */
  private record Bookmark(ListQuery query, int position) {}

  private static final Set<String> COLUMNS =
      new LinkedHashSet<>(
          List.of(
              "name",
              "owner",
              "creation",
              "modified",
              "modified_by",
              "docstatus",
              "idx",
              "update_type",
              "ref_doctype",
              "docname",
              "data"));

  private final UpdateLog log;
  private final Generation generation;
  private volatile @Nullable Bookmark bookmark;

  LogTable(UpdateLog log, Generation generation) {
    this.log = log;
    this.generation = generation;
  }

  Iterator<ObjectNode> page(ListQuery query) {
    for (var order : query.orders()) {
      if (!COLUMNS.contains(order.field())) {
        throw FrappeError.python(
            "pymysql.err.OperationalError: (1054, \"Unknown column '"
                + order.field()
                + "' in 'order clause'\")",
            "OperationalError");
      }
    }
    for (var field : query.fields()) {
      if (!field.equals("*") && !COLUMNS.contains(field)) {
        throw FrappeError.thrown(417, "DataError", "Field not permitted in query: " + field);
      }
    }
    var found = log.inOrder() && byTime(query) ? walked(query) : sorted(query);
    return found.stream().map(entry -> shown(query, entry)).iterator();
  }

  int count(ListQuery query) {
    var count = 0;
    for (var position = 0; position < log.size(); position++) {
      var entry = log.at(position);
      if (query.matches(column -> value(entry, column))) {
        count++;
      }
    }
    return count;
  }

  /** The entry as it travels in the answer to a pull. */
  ObjectNode entry(LogEntry entry) {
    var travelling =
        FrappeJson.object()
            .put("update_type", entry.updateType())
            .put("ref_doctype", entry.refDoctype())
            .put("docname", entry.docname())
            .put("data", entry.data());
    travelling.set("name", name(entry));
    return travelling.put("creation", entry.creation());
  }

  JsonNode value(LogEntry entry, String column) {
    return switch (column) {
      case "name" -> name(entry);
      case "creation" -> new TextNode(entry.creation());
      case "modified" -> new TextNode(entry.modified());
      case "owner", "modified_by" -> new TextNode("Administrator");
      case "docstatus", "idx" -> new IntNode(0);
      case "update_type" -> new TextNode(entry.updateType());
      case "ref_doctype" -> new TextNode(entry.refDoctype());
      case "docname" -> new TextNode(entry.docname());
      case "data" -> entry.data() == null ? NullNode.instance : new TextNode(entry.data());
      default -> MissingNode.getInstance();
    };
  }

  private ObjectNode shown(ListQuery query, LogEntry entry) {
    return query.shown(COLUMNS, column -> value(entry, column));
  }

  private List<LogEntry> walked(ListQuery query) {
    var descending = query.orders().get(0).descending();
    var size = log.size();
    var step = descending ? -1 : 1;
    var position = descending ? size - 1 : first(query);
    var skip = query.start();
    var last = bookmark;
    if (!descending && last != null && last.query().equals(query)) {
      position = last.position();
      skip = 0;
    }
    var found = new ArrayList<LogEntry>();
    while (position >= 0
        && position < size
        && (query.limit() == 0 || found.size() < query.limit())) {
      var entry = log.at(position);
      position += step;
      if (query.matches(column -> value(entry, column)) && skip-- <= 0) {
        found.add(entry);
      }
    }
    if (!descending) {
      bookmark = new Bookmark(startingAt(query, query.start() + found.size()), position);
    }
    return found;
  }

  private List<LogEntry> sorted(ListQuery query) {
    var found = new ArrayList<LogEntry>();
    for (var position = 0; position < log.size(); position++) {
      var entry = log.at(position);
      if (query.matches(column -> value(entry, column))) {
        found.add(entry);
      }
    }
    found.sort(query.comparator(this::value));
    var from = Math.min(query.start(), found.size());
    var to = query.limit() == 0 ? found.size() : Math.min(from + query.limit(), found.size());
    return found.subList(from, to);
  }

  private int first(ListQuery query) {
    var first = 0;
    for (var condition : query.filters()) {
      var lower = condition.operator().equals(">=") || condition.operator().equals(">");
      var moment = SiteClock.moment(condition.operand().asText());
      if (lower && isTime(condition.field()) && moment != null) {
        first = Math.max(first, log.from(moment));
      }
    }
    return first;
  }

  private static boolean byTime(ListQuery query) {
    var orders = query.orders();
    return isTime(orders.get(0).field())
        && (orders.size() == 1
            || (orders.size() == 2
                && orders.get(1).field().equals("name")
                && orders.get(1).descending() == orders.get(0).descending()));
  }

  private static boolean isTime(String column) {
    return column.equals("creation") || column.equals("modified");
  }

  private static ListQuery startingAt(ListQuery query, int start) {
    return new ListQuery(
        query.doctype(),
        query.fields(),
        query.filters(),
        query.orFilters(),
        query.orders(),
        start,
        query.limit(),
        query.collation());
  }

  private JsonNode name(LogEntry entry) {
    return generation.numbersItsLog() && UpdateLog.isNumber(entry.name())
        ? new LongNode(Long.parseLong(entry.name()))
        : new TextNode(entry.name());
  }
}
