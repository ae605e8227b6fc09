package org.eventstreaming.expression;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value as Python has it. {@code equals} and {@code hashCode} are Python's {@code ==} and {@code
 * hash}: {@code True == 1 == 1.0}.
 */
sealed interface Value {
  /** Python's name of the type, for messages. */
  String type();

  boolean truthy();

  /** How many elements it holds in all, as a measure of what it costs to walk through it. */
  default long weight() {
    return 1;
  }

  default boolean hashable() {
    return true;
  }

  record None() implements Value {
    static final None NONE = new None();

    @Override
    public String type() {
      return "None";
    }

    @Override
    public boolean truthy() {
      return false;
    }
  }

  /** Python's numbers, of which bool is one. */
  sealed interface Numeric extends Value {
    /** How two numbers compare; null where they do not, for one is not a number. */
    static @Nullable Integer compare(Numeric left, Numeric right) {
      if (left instanceof Real real) {
        return right instanceof Real other
            ? compare(real.value(), other.value())
            : compare(real.value(), right.integer());
      }
      if (right instanceof Real real) {
        Integer reversed = compare(real.value(), left.integer());
        return reversed == null ? null : -reversed;
      }
      return left.integer().compareTo(right.integer());
    }

    private static @Nullable Integer compare(double left, double right) {
      if (Double.isNaN(left) || Double.isNaN(right)) {
        return null;
      }
      return left < right ? -1 : left > right ? 1 : 0;
    }

    /** Exact: a double holds no more than 53 bits of an integer. */
    private static @Nullable Integer compare(double left, BigInteger right) {
      if (Double.isNaN(left) || Double.isInfinite(left)) {
        return compare(left, 0.0);
      }
      return new BigDecimal(left).compareTo(new BigDecimal(right));
    }

    static boolean same(Numeric left, @Nullable Object right) {
      if (!(right instanceof Numeric numeric)) {
        return false;
      }
      Integer order = compare(left, numeric);
      return order != null && order == 0;
    }

    /** The value of an int or bool. */
    BigInteger integer();

    /** The nearest double, infinite where it is beyond. */
    double real();
  }

  record Bool(boolean value) implements Numeric {
    static final Bool TRUE = new Bool(true);
    static final Bool FALSE = new Bool(false);

    static Bool of(boolean value) {
      return value ? TRUE : FALSE;
    }

    @Override
    public String type() {
      return "bool";
    }

    @Override
    public boolean truthy() {
      return value;
    }

    @Override
    public BigInteger integer() {
      return value ? BigInteger.ONE : BigInteger.ZERO;
    }

    @Override
    public double real() {
      return value ? 1 : 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return Numeric.same(this, other);
    }

    @Override
    public int hashCode() {
      return integer().hashCode();
    }
  }

  /** Comparable, so that keys made to collide still are found in logarithmic time. */
  record Int(BigInteger value) implements Numeric, Comparable<Int> {
    static Int of(long value) {
      return new Int(BigInteger.valueOf(value));
    }

    @Override
    public String type() {
      return "int";
    }

    @Override
    public boolean truthy() {
      return value.signum() != 0;
    }

    @Override
    public BigInteger integer() {
      return value;
    }

    @Override
    public double real() {
      return value.doubleValue();
    }

    @Override
    public int compareTo(Int other) {
      return value.compareTo(other.value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return Numeric.same(this, other);
    }

    @Override
    public int hashCode() {
      return value.hashCode();
    }
  }

  record Real(double value) implements Numeric {
    @Override
    public String type() {
      return "float";
    }

    @Override
    public boolean truthy() {
      return value != 0;
    }

    @Override
    public BigInteger integer() {
      throw new IllegalStateException("a float is asked for its integer");
    }

    @Override
    public double real() {
      return value;
    }

    boolean whole() {
      return !Double.isInfinite(value) && value == Math.rint(value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return Numeric.same(this, other);
    }

    @Override
    public int hashCode() {
      return whole() ? new BigDecimal(value).toBigInteger().hashCode() : Double.hashCode(value);
    }
  }

  /** Comparable as Int is. */
  record Text(String value) implements Value, Comparable<Text> {
    /** A character weighs less than a value: it is copied and compared in a run. */
    private static final int CHARACTERS_PER_ELEMENT = 16;

    @Override
    public String type() {
      return "str";
    }

    @Override
    public boolean truthy() {
      return !value.isEmpty();
    }

    @Override
    public long weight() {
      return 1L + value.length() / CHARACTERS_PER_ELEMENT;
    }

    /** By characters, where {@link String} goes by halves of them. */
    @Override
    public int compareTo(Text other) {
      int length = Math.min(value.length(), other.value.length());
      for (int i = 0; i < length; i++) {
        char mine = value.charAt(i);
        char theirs = other.value.charAt(i);
        if (mine != theirs) {
          boolean mineAbove = Character.isSurrogate(mine);
          return mineAbove == Character.isSurrogate(theirs)
              ? Character.compare(mine, theirs)
              : mineAbove ? 1 : -1;
        }
      }
      return Integer.compare(value.length(), other.value.length());
    }
  }

  /** A list or a tuple. */
  sealed interface Sequence extends Value {
    List<Value> items();

    /** One of the same type. */
    Sequence with(List<Value> items);

    @Override
    default boolean truthy() {
      return !items().isEmpty();
    }
  }

  record ListValue(List<Value> items, long weight) implements Sequence {
    ListValue(List<Value> items) {
      this(items, Value.weightOf(items));
    }

    @Override
    public String type() {
      return "list";
    }

    @Override
    public ListValue with(List<Value> items) {
      return new ListValue(items);
    }

    @Override
    public boolean hashable() {
      return false;
    }
  }

  record Tuple(List<Value> items, long weight) implements Sequence {
    Tuple(List<Value> items) {
      this(items, Value.weightOf(items));
    }

    static Tuple of(Value... items) {
      return new Tuple(List.of(items));
    }

    @Override
    public String type() {
      return "tuple";
    }

    @Override
    public Tuple with(List<Value> items) {
      return new Tuple(items);
    }

    @Override
    public boolean hashable() {
      return items.stream().allMatch(Value::hashable);
    }
  }

  record SetValue(Set<Value> items, long weight) implements Value {
    SetValue(Set<Value> items) {
      this(items, Value.weightOf(items));
    }

    @Override
    public String type() {
      return "set";
    }

    @Override
    public boolean truthy() {
      return !items.isEmpty();
    }

    @Override
    public boolean hashable() {
      return false;
    }
  }

  /** A dict, or the document: names and values. */
  sealed interface Mapping extends Value permits Dict, DocumentValue {
    Map<Value, Value> entries();

    default @Nullable Value find(Value key) {
      return entries().get(key);
    }

    @Override
    default String type() {
      return "dict";
    }

    @Override
    default boolean truthy() {
      return !entries().isEmpty();
    }

    @Override
    default boolean hashable() {
      return false;
    }
  }

  record Dict(Map<Value, Value> entries, long weight) implements Mapping {
    Dict(Map<Value, Value> entries) {
      this(entries, Value.weightOf(entries.keySet()) + Value.weightOf(entries.values()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Mapping mapping && entries.equals(mapping.entries());
    }

    @Override
    public int hashCode() {
      return entries.hashCode();
    }
  }

  record Day(LocalDate value) implements Value {
    @Override
    public String type() {
      return "date";
    }

    @Override
    public boolean truthy() {
      return true;
    }
  }

  /** What a comprehension without brackets gives to the one function that takes it. */
  record Generator(Iterator<Value> values) implements Value {
    @Override
    public String type() {
      return "generator";
    }

    @Override
    public boolean truthy() {
      return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return Objects.hashCode(values);
    }
  }

  private static long weightOf(Iterable<Value> items) {
    long weight = 1;
    for (Value item : items) {
      weight += item.weight();
    }
    return weight;
  }
}
