package org.eventstreaming.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.expression.Value.Bool;
import org.eventstreaming.expression.Value.Generator;
import org.eventstreaming.expression.Value.Tuple;

/** A part of a compiled expression. Chains of one kind are one node: they nest no deeper. */
sealed interface Node {
  /** Where the text speaks of it: at its operator, where it has one. */
  int offset();

  /** Its value, were it not for the count of steps and the place of a failure. */
  Value compute(Evaluation run);

  default Value evaluate(Evaluation run) {
    try {
      run.step();
      return compute(run);
    } catch (Refused | ReadRefused e) {
      throw new Stopped(offset(), e);
    }
  }

  record Literal(int offset, Value value) implements Node {
    @Override
    public Value compute(Evaluation run) {
      return value;
    }
  }

  record Doc(int offset) implements Node {
    @Override
    public Value compute(Evaluation run) {
      return run.doc();
    }
  }

  /** A variable of a comprehension. */
  record Local(int offset, int slot) implements Node {
    @Override
    public Value compute(Evaluation run) {
      return run.local(slot);
    }
  }

  enum Brackets {
    LIST,
    TUPLE,
    SET
  }

  record Display(int offset, Brackets brackets, List<Node> items) implements Node {
    @Override
    public Value compute(Evaluation run) {
      if (brackets == Brackets.SET) {
        Set<Value> values = new LinkedHashSet<>();
        for (Node item : items) {
          values.add(run.key(item.evaluate(run), values.size()));
        }
        return run.set(values);
      }
      List<Value> values = new ArrayList<>(items.size());
      for (Node item : items) {
        values.add(item.evaluate(run));
      }
      return brackets == Brackets.LIST ? run.list(values) : run.tuple(values);
    }
  }

  record DictDisplay(int offset, List<Entry> entries) implements Node {
    record Entry(Node key, Node value) {}

    @Override
    public Value compute(Evaluation run) {
      Map<Value, Value> values = new LinkedHashMap<>();
      for (Entry entry : entries) {
        Value key = run.key(entry.key().evaluate(run), values.size());
        values.put(key, entry.value().evaluate(run));
      }
      return run.dict(values);
    }
  }

  /** A comprehension without brackets: gives its values one by one, to who asks. */
  record Each(int offset, Comprehension comprehension, Node element) implements Node {
    @Override
    public Value compute(Evaluation run) {
      return new Generator(comprehension.values(element, run));
    }
  }

  record Collect(int offset, Brackets brackets, Comprehension comprehension, Node element)
      implements Node {
    @Override
    public Value compute(Evaluation run) {
      var values = comprehension.values(element, run);
      if (brackets == Brackets.SET) {
        Set<Value> set = new LinkedHashSet<>();
        while (values.hasNext()) {
          set.add(run.key(values.next(), set.size()));
        }
        return run.set(set);
      }
      List<Value> list = new ArrayList<>();
      values.forEachRemaining(list::add);
      return run.list(list);
    }
  }

  /** The pair is a tuple of key and value. */
  record CollectDict(int offset, Comprehension comprehension, Node pair) implements Node {
    @Override
    public Value compute(Evaluation run) {
      Map<Value, Value> entries = new LinkedHashMap<>();
      comprehension
          .values(pair, run)
          .forEachRemaining(
              value -> {
                List<Value> entry = ((Tuple) value).items();
                entries.put(run.key(entry.get(0), entries.size()), entry.get(1));
              });
      return run.dict(entries);
    }
  }

  record Conditional(int offset, Node condition, Node then, Node otherwise) implements Node {
    @Override
    public Value compute(Evaluation run) {
      return condition.evaluate(run).truthy() ? then.evaluate(run) : otherwise.evaluate(run);
    }
  }

  /** The first operand that decides, or the last: true decides "or", false decides "and". */
  record Decide(int offset, boolean deciding, List<Node> operands) implements Node {
    @Override
    public Value compute(Evaluation run) {
      Value value = operands.get(0).evaluate(run);
      for (int i = 1; i < operands.size() && value.truthy() != deciding; i++) {
        value = operands.get(i).evaluate(run);
      }
      return value;
    }
  }

  record Not(int offset, Node operand) implements Node {
    @Override
    public Value compute(Evaluation run) {
      return Bool.of(!operand.evaluate(run).truthy());
    }
  }

  /** {@code a < b <= c}: each operand is evaluated once, and none after the first that fails. */
  record Compare(int offset, Node first, List<Against> links) implements Node {
    record Against(int offset, Comparison comparison, Node operand) {}

    @Override
    public Value compute(Evaluation run) {
      Value left = first.evaluate(run);
      for (Against link : links) {
        Value right = link.operand().evaluate(run);
        if (!holds(link, left, right, run)) {
          return Bool.FALSE;
        }
        left = right;
      }
      return Bool.TRUE;
    }

    private static boolean holds(Against link, Value left, Value right, Evaluation run) {
      try {
        return link.comparison().holds(left, right, run);
      } catch (Refused e) {
        throw new Stopped(link.offset(), e);
      }
    }
  }

  /** Operators that bind alike, from left to right. */
  record Chain(int offset, Node first, List<Applied> links) implements Node {
    record Applied(int offset, Operator operator, Node operand) {}

    @Override
    public Value compute(Evaluation run) {
      Arithmetic arithmetic = new Arithmetic(run);
      Value value = first.evaluate(run);
      for (Applied link : links) {
        Value right = link.operand().evaluate(run);
        try {
          value = arithmetic.apply(link.operator(), value, right);
        } catch (Refused e) {
          throw new Stopped(link.offset(), e);
        }
      }
      return value;
    }
  }

  record Unary(int offset, char operator, Node operand) implements Node {
    @Override
    public Value compute(Evaluation run) {
      Arithmetic arithmetic = new Arithmetic(run);
      Value value = operand.evaluate(run);
      return switch (operator) {
        case '-' -> arithmetic.negate(value);
        case '+' -> arithmetic.plus(value);
        default -> arithmetic.invert(value);
      };
    }
  }

  /** {@code a.b[c].d(e)}: from left to right. */
  record Postfix(int offset, Node first, List<Trailer> trailers) implements Node {
    @Override
    public Value compute(Evaluation run) {
      Value value = first.evaluate(run);
      for (Trailer trailer : trailers) {
        try {
          run.step();
          value = trailer.apply(value, run);
        } catch (Refused e) {
          throw new Stopped(trailer.offset(), e);
        }
      }
      return value;
    }
  }

  record Call(int offset, String name, Function function, ArgumentNodes arguments) implements Node {
    @Override
    public Value compute(Evaluation run) {
      return function.call(arguments.evaluate(name, run), run);
    }
  }

  /** The parts of an f-string, one after the other. */
  record Joined(int offset, List<Node> parts) implements Node {
    @Override
    public Value compute(Evaluation run) {
      StringBuilder text = new StringBuilder();
      for (Node part : parts) {
        String next = Repr.str(part.evaluate(run));
        Evaluation.room((long) text.length() + next.length());
        text.append(next);
      }
      return run.text(text.toString());
    }
  }

  /** A part of an f-string that asks for {@code repr} by {@code !r}. */
  record Represented(int offset, Node operand) implements Node {
    @Override
    public Value compute(Evaluation run) {
      return run.text(Repr.of(operand.evaluate(run)));
    }
  }
}
