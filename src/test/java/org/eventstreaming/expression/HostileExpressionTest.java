package org.eventstreaming.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions come over the network: none may cost more than is counted, or reach anything else. */
class HostileExpressionTest {
  private static final int ROWS = 1000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "doc.__class__",
        "().__class__.__bases__[0].__subclasses__()",
        "doc['name'].__class__",
        "doc._data",
        "_",
        "__import__('os').system('id')",
        "__builtins__",
        "open('/etc/passwd').read()",
        "eval('1')",
        "exec('1')",
        "compile('1', '', 'eval')",
        "getattr(doc, 'name')",
        "globals()",
        "locals()",
        "vars(doc)",
        "type(doc)",
        "print(1)",
        "input()",
        "\"{0.__class__}\".format(doc)",
        "'%s'.format_map(doc)",
        "f'{doc.__class__}'",
        "f'{doc:{doc.name}}'",
        "f'{1:>1000000000}'",
        "(lambda: 1)()",
        "(lambda f: f(f))(lambda f: f(f))",
        "[x := 1]",
        "(yield 1)",
        "await doc",
        "[*doc.items]",
        "int(*doc.items)",
        "int",
        "[int][0]('1')",
        "doc.name.encode('utf-16')",
        "doc.save()",
        "doc.items.append(1)",
        "doc.items.clear()",
        "doc.update({'name': 'x'})",
        "doc.setdefault('x', 1)",
        "frappe",
        "frappe.db",
        "frappe.db.sql('drop table tabUser')",
        "frappe.db.set_value('User', 'Administrator', 'enabled', 0)",
        "frappe.get_doc('User', 'Administrator').save()",
        "frappe.local.conf",
        "frappe.utils.nowdate.__globals__",
        "frappe.db.get_value",
        "frappe.session.user",
        "range(10**9)",
        "x for x in doc.items",
        "doc.status =! \"x\"",
        "doc.status = \"x\"",
        "a @ b",
        "`id`",
        "${jndi:ldap://x}",
        "java.lang.Runtime",
        "doc.getClass()",
        "1" + "\u0000",
        "1\u202e2",
        "0777",
        "1__0",
        "0x",
        "1e",
        "1j",
        "'unclosed",
        "\"\"\"unclosed",
        "'\\",
        "f'{",
        "f'{doc",
        "f'{}'",
        "f'}'",
        "(",
        "((1)",
        "[1, 2",
        "{1: 2",
        "1)",
        "",
        "   ",
        "# only a comment",
        "1 +",
        "not",
        "doc.",
        "doc[",
        "doc..name",
        "if 1: 2",
        "1; 2",
        "import os",
      })
  void what_is_not_offered_does_not_compile(String text) {
    assertThatThrownBy(() -> Expression.compile(text))
        .isInstanceOf(MalformedExpression.class)
        .hasMessageMatching("line \\d+, column \\d+: [^\\x00]{10,}");
  }

  static Stream<String> deep_texts() {
    return Stream.of(
        "(".repeat(500) + "1" + ")".repeat(500),
        "[".repeat(500) + "]".repeat(500),
        "{1:".repeat(500) + "1" + "}".repeat(500),
        "-".repeat(5000) + "1",
        "not ".repeat(1500) + "1",
        "1" + "**1".repeat(1500),
        "1 if 1 else ".repeat(500) + "1",
        "int(".repeat(500) + "1" + ")".repeat(500),
        "doc[".repeat(500) + "1" + "]".repeat(500),
        "[x for x in ".repeat(300) + "[]" + "]".repeat(300),
        "[".repeat(300) + "1" + " for x in []]".repeat(300),
        "[1 for " + "(".repeat(500) + "x" + ")".repeat(500) + " in []]",
        "1 + " + "1 ".repeat(5000),
        "'" + "x".repeat(9000) + "'",
        "1".repeat(8192),
        "0x" + "f".repeat(1100));
  }

  @ParameterizedTest
  @MethodSource("deep_texts")
  void what_is_nested_or_written_too_large_does_not_compile(String text) {
    assertThatThrownBy(() -> Expression.compile(text)).isInstanceOf(MalformedExpression.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9**9**9",
        "10**100000",
        "2**4096",
        "1 << 5000",
        "1 << 10**30",
        "(2**4000) * (2**4000)",
        "\"a\"*10**9",
        "'a' * 10**30",
        "[0]*10**8",
        "(0,) * 10**9",
        "[[0]*1000000]*1000000",
        "[['a' * 1000000] * 1000] * 1000",
        "('a' * 900000).replace('a', 'bb')",
        "('a' * 1000).replace('', 'b' * 100000)",
        "('b' * 100000).join('a' * 1000)",
        "'a'.zfill(10**9)",
        "'%1000000000d' % 1",
        "'%.1000000000f' % 1.5",
        "'%.999999f' % 1.5",
        "'%*d' % (10**9, 1)",
        "'%s%s' % ('a' * 600000, 'b' * 600000)",
        "f\"{'a' * 600000}{'b' * 600000}\"",
        "str([10**1000] * 2000)",
        "int('9' * 5000)",
        "sum([[0] * 400000, [0] * 400000, [0] * 400000], [])",
        "[0] * 600000 + [0] * 600000",
        "{'a': [0] * 700000} | {'b': [0] * 700000}",
        "'x'.join(['a' * 300000] * 5)",
        "[r for r in doc.items] * 10000",
      })
  void a_value_that_is_too_large_is_refused_before_it_is_made(String text) {
    assertThat(failure(text)).contains("more than").doesNotContain("steps");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1 for a in doc.items for b in doc.items]",
        "sum(1 for a in doc.items for b in doc.items for c in doc.items)",
        "[[[1 for c in doc.items] for b in doc.items] for a in doc.items]",
        "any(a.qty < 0 for a in doc.items for b in doc.items)",
        "{a.idx: {b.idx for b in doc.items} for a in doc.items}",
        "sum('a' * 1000000 == 'a' * 1000000 for a in doc.items)",
        "[('a' * 500000 + 'b') in 'a' * 1000000 for a in doc.items]",
        "[('a' * 100000).find('a' * 50000 + 'b') for a in doc.items]",
        "[('a' * 100000).count('a' * 50000 + 'b') for a in doc.items]",
        "[('a' * 100000).replace('a' * 50000 + 'b', '') for a in doc.items]",
        "[('a' * 100000).split('a' * 50000 + 'b') for a in doc.items]",
        "[('ab' * 200000).upper() for a in doc.items]",
        "[doc.items == doc.items for a in doc.items]",
        "[doc == doc for a in doc.items]",
        "[str(doc) for a in doc.items]",
        "[a in doc.items for a in doc.items]",
        "[doc.items.index(a) for a in doc.items for b in [1, 2, 3]]",
        "[doc.items[::-1] for a in doc.items]",
        "[doc.items + doc.items for a in doc.items]",
        "{(a.idx, b): 1 for a in doc.items for b in (1, 2, 3, 4, 5)}",
        "[[0] * 200000 < [0] * 200000 for a in doc.items]",
        "max([[0] * 1000] * 900) and [[0] * 1000] * 900 == [[0] * 1000] * 900 and"
            + " [[[0] * 1000] * 900 for a in doc.items]",
        "len({c for a in doc.items for c in doc.long})",
      })
  void work_is_counted_and_ends_at_the_limit(String text) {
    assertThat(failure(text)).contains("more than 100,000 steps");
  }

  @Test
  void the_count_of_steps_reports_the_size_of_the_work() {
    assertThat(steps("1 + 1")).isLessThan(10);
    assertThat(steps("doc.status == 'Open' and doc.idx in (1, 2, 3)")).isLessThan(20);
    assertThat(steps("[r.qty for r in doc.items]")).isBetween(2 * ROWS, 10 * ROWS);
    assertThat(steps("'a' * 1000000")).isBetween(500, 2000);
    assertThat(steps("'a' * 1000000 == 'b' * 1000000")).isBetween(2000, 6000);
  }

  @Test
  void the_deepest_expression_that_compiles_needs_no_large_stack() throws InterruptedException {
    String level = "1if 0or 0and 0<0|1^1&1<<1+1*-1**[";
    int levels = 40;
    String text = level.repeat(levels) + "1" + "][0]else 1".repeat(levels);
    AtomicReference<@Nullable Object> result = new AtomicReference<>();
    Runnable evaluate =
        () -> {
          try {
            result.set(Expression.compile(text).evaluate(scope()));
          } catch (RuntimeException | StackOverflowError e) {
            result.set(e);
          }
        };

    Thread small = new Thread(null, evaluate, "small stack", 512 * 1024);
    small.start();
    small.join();

    assertThat(result.get()).isNotNull().isNotInstanceOf(StackOverflowError.class);
  }

  @Test
  void a_document_that_is_nested_too_deep_is_refused() {
    ObjectNode doc = JsonNodeFactory.instance.objectNode();
    ArrayNode inner = doc.putArray("deep");
    for (int i = 0; i < 900; i++) {
      inner = inner.addArray();
    }

    assertThatThrownBy(
            () ->
                Expression.compile("doc.deep == doc.deep")
                    .evaluate(Scope.of(doc, Clock.systemUTC())))
        .isInstanceOf(EvaluationFailed.class)
        .hasMessageContaining("nested deeper than 200 levels");
  }

  @Test
  void reads_are_counted() {
    Scope scope = scope().withReads(new NothingThere());

    assertThat(
            Expression.compile("[frappe.db.exists('Item', 'x') for r in doc.items[:10]]")
                .evaluate(scope))
        .hasSize(10);
    assertThatThrownBy(
            () ->
                Expression.compile("[frappe.db.exists('Item', 'x') for r in doc.items[:11]]")
                    .evaluate(scope))
        .isInstanceOf(EvaluationFailed.class)
        .hasMessage("line 1, column 2: more than 10 reads of frappe.db in one evaluation");
  }

  @Test
  void keys_made_to_collide_are_distinguished() {
    String colliding =
        IntStream.range(0, 4096)
            .mapToObj(i -> Integer.toBinaryString(4096 | i).replace("0", "Aa").replace("1", "BB"))
            .collect(Collectors.joining(","));
    ObjectNode doc = JsonNodeFactory.instance.objectNode().put("keys", colliding);

    assertThat(
            Expression.compile("len({k for k in doc['keys'].split(',')})")
                .evaluate(Scope.of(doc, Clock.systemUTC()))
                .asInt())
        .isEqualTo(4096);
  }

  /** The message of the failure, which must come before so many steps and a few more. */
  private static String failure(String text) {
    Expression expression = Expression.compile(text);
    Evaluation run = new Evaluation(scope(), expression.locals());
    EvaluationFailed failed = null;
    try {
      expression.value(run);
    } catch (EvaluationFailed e) {
      failed = e;
    }
    assertThat(failed).as(text).isNotNull();
    assertThat(run.steps()).isLessThanOrEqualTo(3 * Evaluation.MOST_STEPS);
    return String.valueOf(failed == null ? "" : failed.getMessage());
  }

  private static int steps(String text) {
    Expression expression = Expression.compile(text);
    Evaluation run = new Evaluation(scope(), expression.locals());
    expression.value(run);
    return run.steps();
  }

  private static Scope scope() {
    ObjectNode doc = JsonNodeFactory.instance.objectNode();
    doc.put("name", "A").put("status", "Open").put("idx", 1);
    doc.put("long", "x".repeat(200_000));
    ArrayNode items = doc.putArray("items");
    IntStream.range(0, ROWS).forEach(i -> items.addObject().put("idx", i).put("qty", i % 7));
    return Scope.of(doc, Clock.systemUTC());
  }

  private static final class NothingThere implements FrappeReads {
    @Override
    public Optional<ObjectNode> getValue(
        String doctype, JsonNode nameOrFilters, List<String> fieldnames) {
      return Optional.empty();
    }

    @Override
    public JsonNode getSingleValue(String doctype, String fieldname) {
      return NullNode.instance;
    }

    @Override
    public Optional<String> exists(String doctype, JsonNode nameOrFilters) {
      return Optional.empty();
    }
  }
}
