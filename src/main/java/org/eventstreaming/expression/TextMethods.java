package org.eventstreaming.expression;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.eventstreaming.expression.Value.Bool;
import org.eventstreaming.expression.Value.Int;
import org.eventstreaming.expression.Value.None;
import org.eventstreaming.expression.Value.Numeric;
import org.eventstreaming.expression.Value.Text;
import org.eventstreaming.expression.Value.Tuple;
import org.jspecify.annotations.Nullable;

/** The methods of texts. */
final class TextMethods {
  /** A method of a text. */
  @FunctionalInterface
  interface Method {
    Value call(String text, Arguments arguments, Evaluation run);
  }

  static final Map<String, Method> BY_NAME =
      Map.ofEntries(
          Map.entry(
              "lower",
              (text, arguments, run) -> cased(text.toLowerCase(Locale.ROOT), arguments, run)),
          Map.entry(
              "upper",
              (text, arguments, run) -> cased(text.toUpperCase(Locale.ROOT), arguments, run)),
          Map.entry("strip", (text, arguments, run) -> strip(text, true, true, arguments)),
          Map.entry("lstrip", (text, arguments, run) -> strip(text, true, false, arguments)),
          Map.entry("rstrip", (text, arguments, run) -> strip(text, false, true, arguments)),
          Map.entry("startswith", (text, arguments, run) -> edge(text, true, arguments, run)),
          Map.entry("endswith", (text, arguments, run) -> edge(text, false, arguments, run)),
          Map.entry("find", (text, arguments, run) -> Int.of(find(text, false, arguments, run))),
          Map.entry("rfind", (text, arguments, run) -> Int.of(find(text, true, arguments, run))),
          Map.entry("index", TextMethods::index),
          Map.entry("count", TextMethods::count),
          Map.entry("split", (text, arguments, run) -> split(text, false, arguments, run)),
          Map.entry("rsplit", (text, arguments, run) -> split(text, true, arguments, run)),
          Map.entry("replace", TextMethods::replace),
          Map.entry("join", TextMethods::join),
          Map.entry("zfill", TextMethods::zfill),
          Map.entry("removeprefix", (text, arguments, run) -> remove(text, true, arguments)),
          Map.entry("removesuffix", (text, arguments, run) -> remove(text, false, arguments)),
          Map.entry("isdigit", (text, arguments, run) -> all(text, Character::isDigit, arguments)),
          Map.entry("isalpha", (text, arguments, run) -> all(text, Character::isLetter, arguments)),
          Map.entry("isspace", (text, arguments, run) -> all(text, Characters::blank, arguments)),
          Map.entry(
              "isalnum",
              (text, arguments, run) -> all(text, Character::isLetterOrDigit, arguments)));

  static Value call(Text text, Arguments arguments, Evaluation run) {
    Method method = BY_NAME.get(arguments.function());
    if (method == null) {
      throw new IllegalStateException("unknown method " + arguments.function());
    }
    run.work(text.weight());
    return method.call(text.value(), arguments, run);
  }

  private static Value cased(String text, Arguments arguments, Evaluation run) {
    arguments.bind(0);
    return run.text(text);
  }

  private static Value strip(String text, boolean left, boolean right, Arguments arguments) {
    Value dropped = arguments.bind(0, "chars")[0];
    if (arguments.absent(dropped)) {
      return new Text(Characters.strip(text, Characters::blank, left, right));
    }
    // a set of characters: to look each one up in a long text would take the square of the time
    var characters = new HashSet<Integer>();
    arguments.text(dropped, "chars").codePoints().forEach(characters::add);
    return new Text(Characters.strip(text, characters::contains, left, right));
  }

  private static Value edge(String text, boolean start, Arguments arguments, Evaluation run) {
    String parameter = start ? "prefix" : "suffix";
    @Nullable Value[] bound = arguments.bind(1, parameter, "start", "end");
    int[] window = Methods.window(Characters.length(text), bound[1], bound[2], arguments);
    List<Value> sought = bound[0] instanceof Tuple several ? several.items() : listOf(bound[0]);
    for (Value one : sought) {
      String edge = arguments.text(one, parameter);
      run.work(one.weight());
      if (window == null) {
        continue;
      }
      String part = part(text, window);
      if (start ? part.startsWith(edge) : part.endsWith(edge)) {
        return Bool.TRUE;
      }
    }
    return Bool.FALSE;
  }

  private static List<Value> listOf(@Nullable Value value) {
    return List.of(value == null ? None.NONE : value);
  }

  private static String part(String text, int[] window) {
    return text.substring(Characters.offset(text, window[0]), Characters.offset(text, window[1]));
  }

  private static int find(String text, boolean last, Arguments arguments, Evaluation run) {
    @Nullable Value[] bound = arguments.bind(1, "sub", "start", "end");
    String sought = arguments.text(bound[0], "sub");
    int[] window = Methods.window(Characters.length(text), bound[1], bound[2], arguments);
    if (window == null) {
      return -1;
    }
    run.search(text, sought);
    String part = part(text, window);
    int found = last ? part.lastIndexOf(sought) : part.indexOf(sought);
    return found < 0 ? -1 : window[0] + part.codePointCount(0, found);
  }

  private static Value index(String text, Arguments arguments, Evaluation run) {
    int found = find(text, false, arguments, run);
    if (found < 0) {
      throw new Refused("the text has no such part; .find(…) gives -1 then");
    }
    return Int.of(found);
  }

  private static Value count(String text, Arguments arguments, Evaluation run) {
    @Nullable Value[] bound = arguments.bind(1, "sub", "start", "end");
    String sought = arguments.text(bound[0], "sub");
    int[] window = Methods.window(Characters.length(text), bound[1], bound[2], arguments);
    if (window == null) {
      return Int.of(0);
    }
    String part = part(text, window);
    if (sought.isEmpty()) {
      return Int.of(Characters.length(part) + 1L);
    }
    run.search(part, sought);
    return Int.of(occurrences(part, sought, Integer.MAX_VALUE));
  }

  private static int occurrences(String text, String sought, int most) {
    int count = 0;
    int at = text.indexOf(sought);
    while (at >= 0 && count < most) {
      count++;
      at = text.indexOf(sought, at + sought.length());
    }
    return count;
  }

  private static Value split(String text, boolean right, Arguments arguments, Evaluation run) {
    @Nullable Value[] bound = arguments.bind(0, "sep", "maxsplit");
    int most = bound[1] == null ? -1 : arguments.integer(bound[1], "maxsplit");
    int cuts = most < 0 ? Integer.MAX_VALUE : most;
    List<Value> parts = new ArrayList<>();
    if (arguments.absent(bound[0])) {
      splitAtBlanks(text, right, cuts, parts);
    } else {
      String separator = arguments.text(bound[0], "sep");
      if (separator.isEmpty()) {
        throw new Refused("a text cannot be split at an empty text");
      }
      run.search(text, separator);
      splitAt(text, separator, right, cuts, parts);
    }
    if (right) {
      Collections.reverse(parts);
    }
    return run.list(parts);
  }

  private static void splitAt(
      String text, String separator, boolean right, int cuts, List<Value> parts) {
    String rest = text;
    int start = 0;
    int end = rest.length();
    int left = cuts;
    while (left-- > 0) {
      int found =
          right
              ? rest.lastIndexOf(separator, end - separator.length())
              : rest.indexOf(separator, start);
      if (found < 0) {
        break;
      }
      parts.add(
          new Text(
              right
                  ? rest.substring(found + separator.length(), end)
                  : rest.substring(start, found)));
      start = right ? 0 : found + separator.length();
      end = right ? found : end;
    }
    parts.add(new Text(rest.substring(start, end)));
  }

  /** Runs of blanks are one separator; what is left after the last cut stays as it is. */
  private static void splitAtBlanks(String text, boolean right, int cuts, List<Value> parts) {
    String rest = Characters.strip(text, Characters::blank, !right, right);
    int left = cuts;
    while (!rest.isEmpty() && left-- > 0) {
      String word = right ? lastWord(rest) : firstWord(rest);
      parts.add(new Text(word));
      rest =
          right ? rest.substring(0, rest.length() - word.length()) : rest.substring(word.length());
      rest = Characters.strip(rest, Characters::blank, !right, right);
    }
    if (!rest.isEmpty()) {
      parts.add(new Text(rest));
    }
  }

  private static String firstWord(String text) {
    int end = 0;
    while (end < text.length() && !Characters.blank(text.codePointAt(end))) {
      end += Character.charCount(text.codePointAt(end));
    }
    return text.substring(0, end);
  }

  private static String lastWord(String text) {
    int start = text.length();
    while (start > 0 && !Characters.blank(text.codePointBefore(start))) {
      start -= Character.charCount(text.codePointBefore(start));
    }
    return text.substring(start);
  }

  private static Value replace(String text, Arguments arguments, Evaluation run) {
    @Nullable Value[] bound = arguments.bind(2, "old", "new", "count");
    String old = arguments.text(bound[0], "old");
    String replacement = arguments.text(bound[1], "new");
    int asked = bound[2] == null ? -1 : arguments.integer(bound[2], "count");
    int most = asked < 0 ? Integer.MAX_VALUE : asked;
    run.search(text, old);
    long places =
        old.isEmpty() ? Math.min(most, Characters.length(text) + 1L) : occurrences(text, old, most);
    Evaluation.room(text.length() + places * (replacement.length() - old.length()));
    StringBuilder result = new StringBuilder();
    int at = 0;
    for (long i = 0; i < places; i++) {
      if (old.isEmpty()) {
        result.append(replacement);
        if (at < text.length()) {
          result.appendCodePoint(text.codePointAt(at));
          at += Character.charCount(text.codePointAt(at));
        }
      } else {
        int found = text.indexOf(old, at);
        result.append(text, at, found).append(replacement);
        at = found + old.length();
      }
    }
    return run.text(result.append(text, at, text.length()).toString());
  }

  private static Value join(String separator, Arguments arguments, Evaluation run) {
    StringBuilder joined = new StringBuilder();
    Iterator<Value> values = Iteration.over(arguments.only("iterable"), run);
    boolean first = true;
    while (values.hasNext()) {
      String next = arguments.text(values.next(), "every element");
      Evaluation.room((long) joined.length() + separator.length() + next.length());
      joined.append(first ? "" : separator).append(next);
      first = false;
    }
    return run.text(joined.toString());
  }

  private static Value zfill(String text, Arguments arguments, Evaluation run) {
    Value width = arguments.only("width");
    if (!(width instanceof Numeric)) {
      throw Refused.operand("zfill() needs an int", width);
    }
    long missing = (long) arguments.integer(width, "width") - Characters.length(text);
    if (missing <= 0) {
      return new Text(text);
    }
    Evaluation.room(text.length() + missing);
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String sign = signed ? text.substring(0, 1) : "";
    return run.text(sign + "0".repeat((int) missing) + text.substring(sign.length()));
  }

  private static Value remove(String text, boolean start, Arguments arguments) {
    String parameter = start ? "prefix" : "suffix";
    String edge = arguments.text(arguments.only(parameter), parameter);
    if (start) {
      return new Text(text.startsWith(edge) ? text.substring(edge.length()) : text);
    }
    return new Text(text.endsWith(edge) ? text.substring(0, text.length() - edge.length()) : text);
  }

  private static Value all(String text, IntPredicate asked, Arguments arguments) {
    arguments.bind(0);
    return Bool.of(!text.isEmpty() && text.codePoints().allMatch(asked));
  }

  private TextMethods() {}
}
