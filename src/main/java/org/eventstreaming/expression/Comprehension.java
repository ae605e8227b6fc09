package org.eventstreaming.expression;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** {@code for … in … if …}, one clause inside the other. */
record Comprehension(List<Clause> clauses) {
  /** {@code for target in source}, and the conditions that follow it. */
  record Clause(Target target, Node source, List<Node> conditions) {}

  /** A variable, or several that a value is parted into. */
  sealed interface Target {
    void assign(Value value, Evaluation run);

    record Variable(int slot) implements Target {
      @Override
      public void assign(Value value, Evaluation run) {
        run.local(slot, value);
      }
    }

    record Parts(int offset, List<Target> targets) implements Target {
      @Override
      public void assign(Value value, Evaluation run) {
        try {
          List<Value> values = Iteration.all(value, run);
          if (values.size() != targets.size()) {
            throw new Refused(
                "%d values cannot be parted into %d names"
                    .formatted(values.size(), targets.size()));
          }
          for (int i = 0; i < targets.size(); i++) {
            targets.get(i).assign(values.get(i), run);
          }
        } catch (Refused e) {
          throw new Stopped(offset, e);
        }
      }
    }
  }

  /** The values of the element, computed as they are asked for. */
  Iterator<Value> values(Node element, Evaluation run) {
    return new Values(element, run);
  }

  private final class Values implements Iterator<Value> {
    private final Node element;
    private final Evaluation run;
    private final List<Iterator<Value>> sources = new ArrayList<>();
    private @Nullable Value next;

    Values(Node element, Evaluation run) {
      this.element = element;
      this.run = run;
      enter();
    }

    /** Begins the clause that is one deeper. */
    private void enter() {
      Node source = clauses.get(sources.size()).source();
      Value values = source.evaluate(run);
      try {
        sources.add(Iteration.over(values, run));
      } catch (Refused e) {
        throw new Stopped(source.offset(), e);
      }
    }

    @Override
    public boolean hasNext() {
      while (next == null && !sources.isEmpty()) {
        int depth = sources.size() - 1;
        Clause clause = clauses.get(depth);
        Iterator<Value> source = sources.get(depth);
        if (!source.hasNext()) {
          sources.remove(depth);
          continue;
        }
        clause.target().assign(source.next(), run);
        if (!clause.conditions().stream().allMatch(c -> c.evaluate(run).truthy())) {
          continue;
        }
        if (sources.size() < clauses.size()) {
          enter();
        } else {
          next = element.evaluate(run);
        }
      }
      return next != null;
    }

    @Override
    public Value next() {
      if (!hasNext() || next == null) {
        throw new NoSuchElementException("no value is left");
      }
      Value value = next;
      next = null;
      return value;
    }
  }
}
