package org.eventstreaming.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What stands between the parentheses of a call. */
record ArgumentNodes(List<Node> positional, Map<String, Node> named) {
  Arguments evaluate(String function, Evaluation run) {
    List<Value> values = new ArrayList<>(positional.size());
    for (Node node : positional) {
      values.add(node.evaluate(run));
    }
    Map<String, Value> byName = new LinkedHashMap<>();
    named.forEach((name, node) -> byName.put(name, node.evaluate(run)));
    return new Arguments(function, values, byName);
  }
}
