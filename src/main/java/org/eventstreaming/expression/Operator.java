package org.eventstreaming.expression;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The operators between two values that give a third; a higher binding binds tighter. */
enum Operator {
  OR("|", 1),
  XOR("^", 2),
  AND("&", 3),
  LEFT("<<", 4),
  RIGHT(">>", 4),
  ADD("+", 5),
  SUBTRACT("-", 5),
  MULTIPLY("*", 6),
  DIVIDE("/", 6),
  FLOOR("//", 6),
  MODULO("%", 6),
  POWER("**", 7);

  private static final Map<String, Operator> BY_SYMBOL =
      Arrays.stream(values()).collect(Collectors.toMap(Operator::symbol, operator -> operator));

  private final String symbol;
  private final int binding;

  Operator(String symbol, int binding) {
    this.symbol = symbol;
    this.binding = binding;
  }

  /** Null where the symbol is none of them. */
  static @Nullable Operator of(String symbol) {
    return BY_SYMBOL.get(symbol);
  }

  String symbol() {
    return symbol;
  }

  int binding() {
    return binding;
  }
}
