package org.eventstreaming.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eventstreaming.expression.Value.Day;
import org.eventstreaming.expression.Value.None;
import org.eventstreaming.expression.Value.Numeric;
import org.eventstreaming.expression.Value.Real;
import org.eventstreaming.expression.Value.Sequence;
import org.eventstreaming.expression.Value.Text;
import org.jspecify.annotations.Nullable;

/** The part of {@code frappe} that only reads: other documents, today's date, plain numbers. */
final class FrappeFunctions {
  static final Map<String, Function> BY_NAME =
      Map.ofEntries(
          Map.entry("frappe.db.get_value", FrappeFunctions::getValue),
          Map.entry("frappe.db.get_single_value", FrappeFunctions::getSingleValue),
          Map.entry("frappe.db.exists", FrappeFunctions::exists),
          Map.entry("frappe.utils.nowdate", FrappeFunctions::today),
          Map.entry("frappe.utils.today", FrappeFunctions::today),
          Map.entry("frappe.utils.now", FrappeFunctions::now),
          Map.entry("frappe.utils.getdate", FrappeFunctions::getdate),
          Map.entry("frappe.utils.add_days", FrappeFunctions::addDays),
          Map.entry("frappe.utils.date_diff", FrappeFunctions::dateDiff),
          Map.entry("frappe.utils.flt", FrappeFunctions::flt),
          Map.entry("frappe.utils.cint", FrappeFunctions::cint),
          Map.entry(
              "frappe.utils.cstr",
              (arguments, run) -> {
                Value value = arguments.only("s");
                return value instanceof None ? new Text("") : run.text(Repr.str(value));
              }));

  private static final DateTimeFormatter NOW =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);
  private static final int LENGTH_OF_DATE = "2026-01-31".length();

  private static Value getValue(Arguments arguments, Evaluation run) {
    @Nullable Value[] bound =
        arguments.bind(1, "doctype", "filters", "fieldname", "ignore", "as_dict");
    String doctype = arguments.text(bound[0], "doctype");
    Value fields = bound[2] == null ? new Text("name") : bound[2];
    List<String> fieldnames = new ArrayList<>();
    if (fields instanceof Sequence sequence) {
      sequence.items().forEach(field -> fieldnames.add(arguments.text(field, "fieldname")));
    } else {
      fieldnames.add(arguments.text(fields, "fieldname"));
    }
    run.read();
    Optional<ObjectNode> found =
        run.scope().reads().getValue(doctype, json(bound[1]), List.copyOf(fieldnames));
    if (found.isEmpty()) {
      return None.NONE;
    }
    if (bound[4] != null && bound[4].truthy()) {
      return JsonValues.read(found.get(), run);
    }
    List<Value> values = new ArrayList<>();
    for (String fieldname : fieldnames) {
      values.add(JsonValues.read(found.get().path(fieldname), run));
    }
    return fields instanceof Sequence ? run.tuple(values) : values.get(0);
  }

  private static Value getSingleValue(Arguments arguments, Evaluation run) {
    @Nullable Value[] bound = arguments.bind(2, "doctype", "fieldname");
    run.read();
    JsonNode value =
        run.scope()
            .reads()
            .getSingleValue(
                arguments.text(bound[0], "doctype"), arguments.text(bound[1], "fieldname"));
    return JsonValues.read(value, run);
  }

  private static Value exists(Arguments arguments, Evaluation run) {
    @Nullable Value[] bound = arguments.bind(2, "doctype", "name");
    if (arguments.absent(bound[1])) {
      return None.NONE;
    }
    run.read();
    Optional<String> name =
        run.scope().reads().exists(arguments.text(bound[0], "doctype"), json(bound[1]));
    return name.isPresent() ? new Text(name.get()) : None.NONE;
  }

  private static JsonNode json(@Nullable Value value) {
    return JsonValues.write(value == null ? None.NONE : value);
  }

  private static Value today(Arguments arguments, Evaluation run) {
    arguments.bind(0);
    return new Text(LocalDate.now(run.scope().clock()).toString());
  }

  private static Value now(Arguments arguments, Evaluation run) {
    arguments.bind(0);
    return new Text(NOW.format(LocalDateTime.now(run.scope().clock())));
  }

  /** As in Frappe, today where nothing is given. */
  private static Value getdate(Arguments arguments, Evaluation run) {
    Value value = arguments.bind(0, "string_date")[0];
    return value == null || !value.truthy()
        ? new Day(LocalDate.now(run.scope().clock()))
        : new Day(date(arguments, value));
  }

  private static LocalDate date(Arguments arguments, Value value) {
    if (value instanceof Day day) {
      return day.value();
    }
    String text = arguments.text(value, "date");
    try {
      if (text.length() == LENGTH_OF_DATE || text.startsWith(" ", LENGTH_OF_DATE)) {
        return LocalDate.parse(text.substring(0, LENGTH_OF_DATE));
      }
    } catch (DateTimeException e) {
      throw noDate(arguments, text);
    }
    throw noDate(arguments, text);
  }

  private static Refused noDate(Arguments arguments, String text) {
    return new Refused(
        "%s() cannot read %s; dates are written as 2026-01-31"
            .formatted(arguments.function(), Shorten.text(Repr.of(new Text(text)))));
  }

  /** A text stays a text, with its time of day. */
  private static Value addDays(Arguments arguments, Evaluation run) {
    @Nullable Value[] bound = arguments.bind(2, "date", "days");
    Value from = bound[0] == null || bound[0] instanceof None ? today(run) : bound[0];
    LocalDate date = date(arguments, from);
    BigInteger days = integer(bound[1] == null ? None.NONE : bound[1]);
    LocalDate moved;
    try {
      moved = date.plusDays(days.longValueExact());
    } catch (ArithmeticException | DateTimeException e) {
      throw new Refused("%s() leaves the calendar".formatted(arguments.function()));
    }
    if (moved.getYear() < 1 || moved.getYear() > 9999) {
      throw new Refused("%s() leaves the years 1 to 9999".formatted(arguments.function()));
    }
    return from instanceof Text text
        ? run.text(moved + text.value().substring(LENGTH_OF_DATE))
        : new Day(moved);
  }

  private static Day today(Evaluation run) {
    return new Day(LocalDate.now(run.scope().clock()));
  }

  private static Value dateDiff(Arguments arguments, Evaluation run) {
    @Nullable Value[] bound = arguments.bind(2, "string_ed_date", "string_st_date");
    LocalDate end = date(arguments, bound[0] == null ? None.NONE : bound[0]);
    LocalDate start = date(arguments, bound[1] == null ? None.NONE : bound[1]);
    return run.integer(BigInteger.valueOf(ChronoUnit.DAYS.between(start, end)));
  }

  /** A float of anything, 0 where it is no number; commas between digits are dropped. */
  private static Value flt(Arguments arguments, Evaluation run) {
    @Nullable Value[] bound = arguments.bind(1, "s", "precision");
    double value = number(bound[0] == null ? None.NONE : bound[0]);
    if (arguments.absent(bound[1]) || !Double.isFinite(value)) {
      return new Real(value);
    }
    int precision = Math.max(-20, Math.min(20, integer(bound[1]).intValue()));
    BigDecimal decimal = value == 0 ? BigDecimal.ZERO : Repr.shortest(value);
    return new Real(decimal.setScale(precision, RoundingMode.HALF_EVEN).doubleValue());
  }

  private static double number(Value value) {
    if (value instanceof Text text) {
      Double read = NumberText.real(text.value().replace(",", ""));
      return read == null ? 0 : read;
    }
    return value instanceof Numeric number ? number.real() : 0;
  }

  private static Value cint(Arguments arguments, Evaluation run) {
    return run.integer(integer(arguments.only("s")));
  }

  /** 0 where it is no number. */
  private static BigInteger integer(@Nullable Value value) {
    if (value instanceof Numeric number && !(number instanceof Real)) {
      return number.integer();
    }
    Double real =
        value instanceof Text text
            ? NumberText.real(text.value())
            : value instanceof Real number ? (Double) number.value() : null;
    return real == null || !Double.isFinite(real)
        ? BigInteger.ZERO
        : new BigDecimal(real).toBigInteger();
  }

  private FrappeFunctions() {}
}
