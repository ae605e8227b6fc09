package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A list call: what to show of which rows, in what order, and which page of it.
 *
 * @param limit how many rows at most; 0 for all
 */
record ListQuery(
    String doctype,
    List<String> fields,
    List<Condition> filters,
    List<Condition> orFilters,
    List<Order> orders,
    int start,
    int limit,
    Collation collation) {

  record Order(String field, boolean descending) {}

  static final List<Order> NEWEST_FIRST = List.of(new Order("modified", true));

  private static final int PAGE = 20;

  static ListQuery of(String doctype, Call call, Collation collation) {
    return new ListQuery(
        doctype,
        call.json("fields").map(ListQuery::fields).orElse(List.of("name")),
        call.json("filters").map(Condition::of).orElse(List.of()),
        call.json("or_filters").map(Condition::of).orElse(List.of()),
        orders(call.text("order_by").filter(order -> !order.isBlank()).orElse("modified desc")),
        number(call, "limit_start", 0),
        number(call, "limit_page_length", number(call, "limit", PAGE)),
        collation);
  }

  /** The rows of the page, as the call wants to see them. */
  List<ObjectNode> page(List<ObjectNode> rows, DocTypes docTypes) {
    return page(
        rows, rows.stream().filter(this::matches).sorted(comparator(ObjectNode::path)), docTypes);
  }

  /** The same of rows in the order of the list: no more of them are looked at than are needed. */
  List<ObjectNode> pageInOrder(List<ObjectNode> rows, DocTypes docTypes) {
    return page(
        rows, rows.subList(first(rows), rows.size()).stream().filter(this::matches), docTypes);
  }

  private List<ObjectNode> page(
      List<ObjectNode> rows, Stream<ObjectNode> matching, DocTypes docTypes) {
    var columns = docTypes.columns(doctype, rows);
    check(columns, docTypes);
    var found = matching.skip(start);
    var unset = docTypes.unset(doctype);
    var shown = new LinkedHashSet<>(columns);
    shown.removeAll(docTypes.hidden(doctype));
    return (limit > 0 ? found.limit(limit) : found)
        .map(
            row ->
                shown(
                    shown,
                    column ->
                        row.has(column)
                            ? row.path(column)
                            : unset.getOrDefault(column, NullNode.instance)))
        .toList();
  }

  /** Where the rows begin whose first field in the order is at least what a filter asks for. */
  private int first(List<ObjectNode> rows) {
    var order = orders.get(0);
    var least =
        filters.stream()
            .filter(one -> !order.descending() && one.operator().startsWith(">"))
            .filter(one -> isOfDocument(one) && bare(one.field()).equals(order.field()))
            .findFirst();
    var first = 0;
    var end = least.isEmpty() ? 0 : rows.size();
    while (first < end) {
      var middle = (first + end) >>> 1;
      if (met(least.orElseThrow(), rows.get(middle))) {
        end = middle;
      } else {
        first = middle + 1;
      }
    }
    return first;
  }

  /** The names that are asked for by this field, if any are. */
  Optional<List<String>> named(String field) {
    return naming(field)
        .map(one -> StreamSupport.stream(one.operand().spliterator(), false))
        .map(names -> names.map(JsonNode::asText).toList());
  }

  /** The same without them, for rows that have one of these names. */
  ListQuery without(String field) {
    var others = new ArrayList<>(filters);
    naming(field).ifPresent(others::remove);
    return new ListQuery(doctype, fields, others, orFilters, orders, start, limit, collation);
  }

  private Optional<Condition> naming(String field) {
    return filters.stream()
        .filter(one -> isOfDocument(one) && bare(one.field()).equals(field))
        .filter(one -> one.operator().equals("in") && one.operand().isArray())
        .filter(
            one ->
                StreamSupport.stream(one.operand().spliterator(), false)
                    .allMatch(JsonNode::isTextual))
        .findFirst();
  }

  private boolean isOfDocument(Condition condition) {
    return condition.doctype().isEmpty() || condition.doctype().equals(doctype);
  }

  boolean matches(ObjectNode row) {
    return filters.stream().allMatch(condition -> met(condition, row))
        && (orFilters.isEmpty() || orFilters.stream().anyMatch(condition -> met(condition, row)));
  }

  boolean matches(Function<String, JsonNode> row) {
    for (var condition : filters) {
      if (!condition.met(row.apply(bare(condition.field())), collation)) {
        return false;
      }
    }
    return orFilters.isEmpty()
        || orFilters.stream().anyMatch(one -> one.met(row.apply(bare(one.field())), collation));
  }

  <T> Comparator<T> comparator(BiFunction<T, String, JsonNode> value) {
    return orders.stream()
        .map(order -> by(order, value))
        .reduce(Comparator::thenComparing)
        .orElseThrow();
  }

  ObjectNode shown(Set<String> columns, Function<String, JsonNode> row) {
    var shown = FrappeJson.object();
    for (var field : fields.contains("*") ? columns : fields) {
      // a field above the key's permission level is left out without a word, asked for or not
      if (columns.contains(field)) {
        var value = row.apply(field);
        shown.set(field, value.isMissingNode() ? NullNode.instance : value);
      }
    }
    return shown;
  }

  private boolean met(Condition condition, ObjectNode row) {
    if (isOfDocument(condition)) {
      return condition.met(row.path(bare(condition.field())), collation);
    }
    return Documents.rows(row)
        .filter(child -> child.path("doctype").asText().equals(condition.doctype()))
        .anyMatch(child -> condition.met(child.path(bare(condition.field())), collation));
  }

  private <T> Comparator<T> by(Order order, BiFunction<T, String, JsonNode> value) {
    Comparator<T> ascending =
        (one, other) ->
            Condition.compare(
                value.apply(one, order.field()), value.apply(other, order.field()), collation);
    return order.descending() ? ascending.reversed() : ascending;
  }

  /** A site refuses columns that it does not have, once it is known which it has. */
  private void check(Set<String> columns, DocTypes docTypes) {
    if (docTypes.find(doctype).isEmpty()) {
      return;
    }
    for (var order : orders) {
      if (!columns.contains(order.field())) {
        throw FrappeError.python(
            "pymysql.err.OperationalError: (1054, \"Unknown column '"
                + order.field()
                + "' in 'order clause'\")",
            "OperationalError");
      }
    }
    var asked = new ArrayList<>(fields);
    filters.stream().filter(this::isOfDocument).forEach(filter -> asked.add(bare(filter.field())));
    for (var field : asked) {
      if (!field.equals("*") && !columns.contains(field)) {
        throw FrappeError.thrown(417, "DataError", "Field not permitted in query: " + field);
      }
    }
  }

  /** A list of columns, or one text with commas. */
  private static List<String> fields(JsonNode given) {
    var fields = new ArrayList<String>();
    given.forEach(field -> fields.add(bare(field.asText())));
    if (given.isTextual()) {
      for (var field : given.asText().split(",", -1)) {
        fields.add(bare(field.strip()));
      }
    }
    return fields.isEmpty() ? List.of("name") : fields;
  }

  private static List<Order> orders(String text) {
    var orders = new ArrayList<Order>();
    for (var part : text.split(",", -1)) {
      var words = part.strip().split("\\s+", -1);
      orders.add(
          new Order(
              bare(words[0]),
              words.length > 1 && words[1].toLowerCase(Locale.ROOT).equals("desc")));
    }
    return orders;
  }

  /** The column itself, of {@code `tabItem`.`item_code`} too. */
  private static String bare(String column) {
    var unquoted = column.replace("`", "");
    var dot = unquoted.indexOf('.');
    return dot > 0 && unquoted.startsWith("tab") ? unquoted.substring(dot + 1) : unquoted;
  }

  private static int number(Call call, String argument, int otherwise) {
    try {
      return call.text(argument).map(text -> Integer.parseInt(text.strip())).orElse(otherwise);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
