package org.eventstreaming.expression;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The text that is compiled, with what all its parsers share: how deep it is, which names are. */
final class Source {
  static final int MOST_CHARACTERS = 8192;
  static final int MOST_NESTING = 200;

  private final String text;
  private final Deque<Map<String, Integer>> variables = new ArrayDeque<>();
  private int slots;
  private int nesting;
  private boolean reads;

  Source(String text) {
    this.text = text;
    if (text.length() > MOST_CHARACTERS) {
      throw malformed(
          0,
          "the expression has %,d characters, at most %,d are possible"
              .formatted(text.length(), MOST_CHARACTERS));
    }
  }

  String text() {
    return text;
  }

  int slots() {
    return slots;
  }

  /** Notes that the text asks for documents beside the one it is about. */
  void noteReads() {
    reads = true;
  }

  boolean reads() {
    return reads;
  }

  void deeper(int offset) {
    if (++nesting > MOST_NESTING) {
      throw malformed(
          offset, "the expression is nested deeper than %d levels".formatted(MOST_NESTING));
    }
  }

  void shallower() {
    nesting--;
  }

  void enterComprehension() {
    variables.push(new HashMap<>());
  }

  void leaveComprehension() {
    variables.pop();
  }

  int declare(String name) {
    return variables.element().computeIfAbsent(name, unused -> slots++);
  }

  /** Null where no comprehension around declares the name. */
  @Nullable Integer slot(String name) {
    for (Map<String, Integer> inner : variables) {
      Integer slot = inner.get(name);
      if (slot != null) {
        return slot;
      }
    }
    return null;
  }

  Iterable<String> declared() {
    return variables.stream().flatMap(names -> names.keySet().stream()).toList();
  }

  MalformedExpression malformed(int offset, String message) {
    return new MalformedExpression(Place.of(text, offset), message);
  }
}
