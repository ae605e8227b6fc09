package org.eventstreaming.expression;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.expression.Value.Dict;
import org.eventstreaming.expression.Value.Int;
import org.eventstreaming.expression.Value.ListValue;
import org.eventstreaming.expression.Value.SetValue;
import org.eventstreaming.expression.Value.Text;
import org.eventstreaming.expression.Value.Tuple;

/**
 * One evaluation: what it sees, and what it has used up. Every limit is checked before anything is
 * allocated, so an expression ends the same way on every machine.
 */
final class Evaluation {
  /** What an expression may take, counted in nodes. */
  static final int MOST_STEPS = 100_000;

  /** What a text, a list or a dict may hold, with all that is inside. */
  static final int MOST_ELEMENTS = 1_000_000;

  static final int MOST_BITS = 4096;
  static final int MOST_READS = 10;

  /** So many elements are walked through in the time of one step. */
  private static final int ELEMENTS_PER_STEP = 64;

  private static final int CHARACTERS_PER_ELEMENT = 16;

  private final Scope scope;
  private final DocumentValue doc;
  private final Value[] locals;
  private int steps;
  private int reads;

  Evaluation(Scope scope, int locals) {
    this.scope = scope;
    this.doc = new DocumentValue(scope, this);
    this.locals = new Value[locals];
  }

  DocumentValue doc() {
    return doc;
  }

  Scope scope() {
    return scope;
  }

  Value local(int slot) {
    return locals[slot];
  }

  void local(int slot, Value value) {
    locals[slot] = value;
  }

  int steps() {
    return steps;
  }

  void step() {
    if (++steps > MOST_STEPS) {
      throw new Refused("the expression takes more than %,d steps".formatted(MOST_STEPS));
    }
  }

  /** Counts the walk through that many elements. */
  void work(long elements) {
    steps += (int) Math.min(elements / ELEMENTS_PER_STEP, MOST_STEPS);
    step();
  }

  /** To be asked before something that large is made, be it elements or characters. */
  static void room(long elements) {
    if (elements > MOST_ELEMENTS) {
      throw new Refused("the value would have more than %,d elements".formatted(MOST_ELEMENTS));
    }
  }

  /** To be asked before an integer that large is made. */
  static void bits(long bits) {
    if (bits > MOST_BITS) {
      throw new Refused("the integer would have more than %,d bits".formatted(MOST_BITS));
    }
  }

  /** Counts the search for a text in another: at worst every character is compared with every. */
  void search(String text, String part) {
    work((long) text.length() * part.length() / CHARACTERS_PER_ELEMENT);
  }

  void read() {
    if (++reads > MOST_READS) {
      throw new Refused("more than %d reads of frappe.db in one evaluation".formatted(MOST_READS));
    }
  }

  Int integer(BigInteger value) {
    bits(value.bitLength());
    return new Int(value);
  }

  Text text(String value) {
    room(value.length());
    return counted(new Text(value));
  }

  ListValue list(List<Value> items) {
    return counted(new ListValue(items));
  }

  Value.Sequence sequence(Value.Sequence like, List<Value> items) {
    return counted(like.with(items));
  }

  Tuple tuple(List<Value> items) {
    return counted(new Tuple(items));
  }

  SetValue set(Set<Value> items) {
    return counted(new SetValue(items));
  }

  Dict dict(Map<Value, Value> entries) {
    return counted(new Dict(entries));
  }

  private <V extends Value> V counted(V value) {
    if (!(value instanceof Text)) {
      room(value.weight());
    }
    work(value.weight());
    return value;
  }

  /** Says that the value can be a key beside so many others, and counts the search for it. */
  Value key(Value key, int others) {
    if (!key.hashable()) {
      throw new Refused("a %s cannot be a key or an element of a set".formatted(key.type()));
    }
    work(key instanceof Tuple ? key.weight() + others : key.weight());
    return key;
  }
}
