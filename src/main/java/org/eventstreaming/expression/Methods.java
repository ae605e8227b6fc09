package org.eventstreaming.expression;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.eventstreaming.expression.Value.Int;
import org.eventstreaming.expression.Value.Mapping;
import org.eventstreaming.expression.Value.None;
import org.eventstreaming.expression.Value.Sequence;
import org.eventstreaming.expression.Value.Text;
import org.eventstreaming.expression.Value.Tuple;
import org.jspecify.annotations.Nullable;

/** The methods that may be called, on texts, lists and dicts; there are no others. */
final class Methods {
  private static final Set<String> OF_LISTS = Set.of("count", "index");
  private static final Set<String> OF_DICTS = Set.of("get", "keys", "values", "items");

  static final Set<String> NAMES = names();

  private static Set<String> names() {
    Set<String> names = new TreeSet<>(TextMethods.BY_NAME.keySet());
    names.addAll(OF_LISTS);
    names.addAll(OF_DICTS);
    return Set.copyOf(names);
  }

  static Value call(Value target, Arguments arguments, Evaluation run) {
    String name = arguments.function();
    if (target instanceof Text text && TextMethods.BY_NAME.containsKey(name)) {
      return TextMethods.call(text, arguments, run);
    }
    if (target instanceof Sequence sequence && OF_LISTS.contains(name)) {
      return ofList(sequence, arguments, run);
    }
    if (target instanceof Mapping mapping && OF_DICTS.contains(name)) {
      return ofDict(mapping, arguments, run);
    }
    throw new Refused(
        "%s has no method '%s'%s"
            .formatted(
                target.type(),
                name,
                target instanceof None
                    ? "; a field that is empty is None, (doc.x or '') makes it a text"
                    : ""));
  }

  private static Value ofList(Sequence list, Arguments arguments, Evaluation run) {
    Value sought = arguments.only("value");
    run.work(list.weight());
    if (arguments.function().equals("count")) {
      return Int.of(list.items().stream().filter(sought::equals).count());
    }
    int index = list.items().indexOf(sought);
    if (index < 0) {
      throw new Refused("%s is not in the %s".formatted(shown(sought), list.type()));
    }
    return Int.of(index);
  }

  private static String shown(Value value) {
    return Shorten.text(Repr.of(value));
  }

  private static Value ofDict(Mapping dict, Arguments arguments, Evaluation run) {
    switch (arguments.function()) {
      case "get" -> {
        @Nullable Value[] bound = arguments.bind(1, "key", "default");
        Value value = dict.find(run.key(bound[0] == null ? None.NONE : bound[0], 0));
        return value != null ? value : bound[1] == null ? None.NONE : bound[1];
      }
      case "keys" -> {
        arguments.bind(0);
        return run.list(new ArrayList<>(dict.entries().keySet()));
      }
      case "values" -> {
        arguments.bind(0);
        return run.list(new ArrayList<>(dict.entries().values()));
      }
      default -> {
        arguments.bind(0);
        List<Value> pairs = new ArrayList<>();
        for (Map.Entry<Value, Value> entry : dict.entries().entrySet()) {
          pairs.add(Tuple.of(entry.getKey(), entry.getValue()));
        }
        return run.list(pairs);
      }
    }
  }

  /** Where a search begins and ends, in Python's counting; null where it begins behind the end. */
  static int @Nullable [] window(
      int length, @Nullable Value start, @Nullable Value end, Arguments arguments) {
    int from = bound(start, 0, length, arguments);
    int to = Math.min(length, bound(end, length, length, arguments));
    return from > to ? null : new int[] {from, to};
  }

  private static int bound(@Nullable Value value, int absent, int length, Arguments arguments) {
    if (value == null || value instanceof None) {
      return absent;
    }
    BigInteger bound = BigInteger.valueOf(arguments.integer(value, "start or end"));
    BigInteger counted = bound.signum() < 0 ? bound.add(BigInteger.valueOf(length)) : bound;
    return counted.max(BigInteger.ZERO).min(BigInteger.valueOf(length + 1L)).intValue();
  }

  private Methods() {}
}
