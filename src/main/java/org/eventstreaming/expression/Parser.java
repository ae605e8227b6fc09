package org.eventstreaming.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.eventstreaming.expression.Comprehension.Clause;
import org.eventstreaming.expression.Comprehension.Target;
import org.eventstreaming.expression.Node.Brackets;
import org.eventstreaming.expression.Token.Kind;
import org.eventstreaming.expression.Value.Bool;
import org.eventstreaming.expression.Value.None;
import org.eventstreaming.files.Nearest;
import org.jspecify.annotations.Nullable;

/**
 * Makes nodes of a stretch of the text, by Python's grammar. Every name is looked up here: an
 * expression that compiles knows all its functions and methods.
 */
final class Parser {
  private final Source source;
  private final int to;
  private Lexer lexer;
  private Token token;

  Parser(Source source, int from, int to) {
    this.source = source;
    this.to = to;
    this.lexer = new Lexer(source.text(), from, to);
    this.token = lexer.next();
  }

  /** The whole stretch is one expression. */
  Node whole() {
    if (token.kind() == Kind.END) {
      throw source.malformed(token.start(), "the expression is empty");
    }
    Node node = tupleOrExpression();
    if (token.kind() != Kind.END) {
      throw unexpected("the end");
    }
    return node;
  }

  /** An expression with commas is a tuple, also without parentheses. */
  Node tupleOrExpression() {
    int start = token.start();
    Node first = expression();
    if (!token.is(",")) {
      return first;
    }
    List<Node> items = new ArrayList<>(List.of(first));
    while (take(",") && startsExpression()) {
      items.add(expression());
    }
    return new Node.Display(start, Brackets.TUPLE, List.copyOf(items));
  }

  private boolean startsExpression() {
    return token.kind() != Kind.END
        && !token.is(")")
        && !token.is("]")
        && !token.is("}")
        && !token.is("=")
        && !token.is("!");
  }

  private Node expression() {
    source.deeper(token.start());
    if (token.is("lambda") || token.is("yield") || token.is("await")) {
      throw source.malformed(token.start(), "'%s' is not offered".formatted(token.text()));
    }
    Node value = disjunction();
    if (token.is("if")) {
      int offset = advance().start();
      Node condition = disjunction();
      expect("else");
      value = new Node.Conditional(offset, condition, value, expression());
    }
    source.shallower();
    return value;
  }

  private Node disjunction() {
    int start = token.start();
    Node first = conjunction();
    if (!token.is("or")) {
      return first;
    }
    List<Node> operands = new ArrayList<>(List.of(first));
    while (take("or")) {
      operands.add(conjunction());
    }
    return new Node.Decide(start, true, List.copyOf(operands));
  }

  private Node conjunction() {
    int start = token.start();
    Node first = negation();
    if (!token.is("and")) {
      return first;
    }
    List<Node> operands = new ArrayList<>(List.of(first));
    while (take("and")) {
      operands.add(negation());
    }
    return new Node.Decide(start, false, List.copyOf(operands));
  }

  private Node negation() {
    if (!token.is("not")) {
      return comparison();
    }
    int offset = advance().start();
    source.deeper(offset);
    Node node = new Node.Not(offset, negation());
    source.shallower();
    return node;
  }

  private Node comparison() {
    int start = token.start();
    Node first = binary(0);
    List<Node.Compare.Against> links = new ArrayList<>();
    for (Token operator = token; ; operator = token) {
      Comparison comparison = comparisonOperator();
      if (comparison == null) {
        break;
      }
      links.add(new Node.Compare.Against(operator.start(), comparison, binary(0)));
    }
    return links.isEmpty() ? first : new Node.Compare(start, first, List.copyOf(links));
  }

  private @Nullable Comparison comparisonOperator() {
    Comparison comparison =
        token.kind() == Kind.OPERATOR || token.kind() == Kind.KEYWORD
            ? switch (token.text()) {
              case "<" -> Comparison.LESS;
              case ">" -> Comparison.GREATER;
              case "<=" -> Comparison.LESS_OR_EQUAL;
              case ">=" -> Comparison.GREATER_OR_EQUAL;
              case "==" -> Comparison.EQUAL;
              case "!=" -> Comparison.NOT_EQUAL;
              case "in" -> Comparison.IN;
              case "not" -> Comparison.NOT_IN;
              case "is" -> Comparison.IS;
              default -> null;
            }
            : null;
    if (comparison == null) {
      return null;
    }
    advance();
    if (comparison == Comparison.NOT_IN) {
      expect("in");
    } else if (comparison == Comparison.IS && take("not")) {
      return Comparison.IS_NOT;
    }
    return comparison;
  }

  private Node binary(int lowest) {
    int start = token.start();
    Node left = unary();
    for (Operator operator = operator(); operator != null; operator = operator()) {
      if (operator.binding() < lowest) {
        break;
      }
      left = chain(start, left, operator.binding());
    }
    return left;
  }

  private Node chain(int start, Node first, int binding) {
    List<Node.Chain.Applied> links = new ArrayList<>();
    for (Operator next = operator(); next != null && next.binding() == binding; next = operator()) {
      int offset = advance().start();
      links.add(new Node.Chain.Applied(offset, next, binary(binding + 1)));
    }
    return new Node.Chain(start, first, List.copyOf(links));
  }

  /** Null where the word is none; the power is not asked for here, it binds to the right. */
  private @Nullable Operator operator() {
    Operator operator = token.kind() == Kind.OPERATOR ? Operator.of(token.text()) : null;
    return operator == Operator.POWER ? null : operator;
  }

  private Node unary() {
    if (!token.is("-") && !token.is("+") && !token.is("~")) {
      return power();
    }
    Token operator = advance();
    source.deeper(operator.start());
    Node node = new Node.Unary(operator.start(), operator.text().charAt(0), unary());
    source.shallower();
    return node;
  }

  private Node power() {
    int start = token.start();
    Node base = postfix();
    if (!token.is("**")) {
      return base;
    }
    int offset = advance().start();
    source.deeper(offset);
    Node exponent = unary();
    source.shallower();
    return new Node.Chain(
        start, base, List.of(new Node.Chain.Applied(offset, Operator.POWER, exponent)));
  }

  private Node postfix() {
    int start = token.start();
    Node first = atom();
    List<Trailer> trailers = new ArrayList<>();
    while (true) {
      if (token.is(".")) {
        trailers.add(attribute());
      } else if (token.is("[")) {
        trailers.add(subscript());
      } else if (token.is("(")) {
        throw source.malformed(
            token.start(), "only functions and methods can be called, by their name");
      } else {
        return trailers.isEmpty() ? first : new Node.Postfix(start, first, List.copyOf(trailers));
      }
    }
  }

  private Trailer attribute() {
    advance();
    Token name = name("a field or method");
    if (!token.is("(")) {
      return new Trailer.Attribute(name.start(), name.text());
    }
    if (!Methods.NAMES.contains(name.text())) {
      throw source.malformed(
          name.start(),
          "there is no method '%s'; %s"
              .formatted(name.text(), meant(name.text(), Methods.NAMES, "possible are ")));
    }
    return new Trailer.Method(name.start(), name.text(), arguments());
  }

  private Trailer subscript() {
    int offset = advance().start();
    Node from = token.is(":") ? null : tupleOrExpression();
    Trailer trailer;
    if (from != null && !token.is(":")) {
      trailer = new Trailer.Subscript(offset, from);
    } else {
      expect(":");
      Node to = token.is(":") || token.is("]") ? null : expression();
      Node step = take(":") && !token.is("]") ? expression() : null;
      trailer = new Trailer.Slice(offset, from, to, step);
    }
    expect("]");
    return trailer;
  }

  private Node atom() {
    Token at = token;
    switch (at.kind()) {
      case NUMBER -> {
        advance();
        return new Node.Literal(at.start(), Literals.number(at, source));
      }
      case STRING -> {
        List<Token> strings = new ArrayList<>();
        while (token.kind() == Kind.STRING) {
          strings.add(advance());
        }
        return new Literals(source).join(strings);
      }
      case NAME -> {
        return named();
      }
      case KEYWORD -> {
        return constant();
      }
      case OPERATOR, END -> {
        return bracketed();
      }
    }
    throw unexpected("a value");
  }

  private Node constant() {
    Value value =
        switch (token.text()) {
          case "None" -> None.NONE;
          case "True" -> Bool.TRUE;
          case "False" -> Bool.FALSE;
          default -> throw unexpected("a value");
        };
    return new Node.Literal(advance().start(), value);
  }

  private Node named() {
    Token name = name("a value");
    Integer slot = source.slot(name.text());
    if (slot != null) {
      return new Node.Local(name.start(), slot);
    }
    if (name.text().equals("doc")) {
      return new Node.Doc(name.start());
    }
    String path = name.text();
    if (path.equals("frappe")) {
      while (token.is(".")) {
        advance();
        path += "." + name("a name").text();
      }
    }
    Function function = Functions.BY_NAME.get(path);
    if (path.startsWith("frappe.db.")) {
      source.noteReads();
    }
    if (function == null) {
      throw unknown(name.start(), path);
    }
    if (!token.is("(")) {
      throw source.malformed(
          name.start(), "'%s' is a function: call it, %s(…)".formatted(path, path));
    }
    return new Node.Call(name.start(), path, function, arguments());
  }

  private MalformedExpression unknown(int offset, String name) {
    String said =
        switch (name) {
          case "true" -> "did you mean 'True'?";
          case "false" -> "did you mean 'False'?";
          case "null", "none", "undefined" -> "did you mean 'None'?";
          default -> {
            TreeSet<String> known = new TreeSet<>(Functions.BY_NAME.keySet());
            if (!name.startsWith("frappe")) {
              known.removeIf(function -> function.startsWith("frappe."));
              known.add("doc");
              source.declared().forEach(known::add);
            }
            yield meant(name, known, "possible are ");
          }
        };
    return source.malformed(offset, "there is no '%s' here; %s".formatted(name, said));
  }

  private static String meant(String word, Iterable<String> known, String otherwise) {
    TreeSet<String> names = new TreeSet<>();
    known.forEach(names::add);
    return Nearest.to(word, names)
        .map("did you mean '%s'?"::formatted)
        .orElseGet(() -> otherwise + String.join(", ", names));
  }

  private ArgumentNodes arguments() {
    int open = advance().start();
    List<Node> positional = new ArrayList<>();
    Map<String, Node> named = new LinkedHashMap<>();
    int each = -1;
    int commas = 0;
    while (!token.is(")")) {
      if (token.kind() == Kind.NAME && following().is("=")) {
        keywordArgument(named);
      } else if (!named.isEmpty()) {
        throw source.malformed(
            token.start(), "an argument without a name cannot follow one that has a name");
      } else {
        Node argument = argument();
        each = argument instanceof Node.Each ? argument.offset() : each;
        positional.add(argument);
      }
      if (!take(",")) {
        break;
      }
      commas++;
    }
    closed(open, ")");
    if (each >= 0 && commas > 0) {
      throw source.malformed(
          each, "a comprehension beside other arguments needs brackets around it: […]");
    }
    return new ArgumentNodes(List.copyOf(positional), named);
  }

  private void keywordArgument(Map<String, Node> named) {
    Token name = name("a name");
    expect("=");
    if (named.put(name.text(), expression()) != null) {
      throw source.malformed(name.start(), "'%s' is given twice".formatted(name.text()));
    }
  }

  private Node argument() {
    int start = token.start();
    Ahead ahead = ahead();
    Node element = expression();
    return ahead == null ? element : new Node.Each(start, finish(ahead), element);
  }

  private Node bracketed() {
    Token open = token;
    if (!open.is("(") && !open.is("[") && !open.is("{")) {
      throw unexpected("a value");
    }
    advance();
    return switch (open.text()) {
      case "(" -> parenthesized(open.start());
      case "[" -> list(open.start());
      default -> dictOrSet(open.start());
    };
  }

  private Node parenthesized(int open) {
    if (take(")")) {
      return new Node.Literal(open, Value.Tuple.of());
    }
    if (ahead() != null) {
      throw source.malformed(
          open, "a comprehension in parentheses can only be the argument of a function; use […]");
    }
    Node inner = tupleOrExpression();
    closed(open, ")");
    return inner;
  }

  private Node list(int open) {
    Ahead ahead = token.is("]") ? null : ahead();
    Node node;
    if (ahead != null) {
      Node element = expression();
      node = new Node.Collect(open, Brackets.LIST, finish(ahead), element);
    } else {
      node = new Node.Display(open, Brackets.LIST, items("]", new ArrayList<>()));
    }
    closed(open, "]");
    return node;
  }

  private List<Node> items(String close, List<Node> items) {
    while (!token.is(close)) {
      items.add(expression());
      if (!take(",")) {
        break;
      }
    }
    return List.copyOf(items);
  }

  private Node dictOrSet(int open) {
    if (take("}")) {
      return new Node.DictDisplay(open, List.of());
    }
    Ahead ahead = ahead();
    Node first = expression();
    Node node = take(":") ? dict(open, ahead, first, expression()) : set(open, ahead, first);
    closed(open, "}");
    return node;
  }

  private Node dict(int open, @Nullable Ahead ahead, Node firstKey, Node firstValue) {
    if (ahead != null) {
      Node pair = new Node.Display(open, Brackets.TUPLE, List.of(firstKey, firstValue));
      return new Node.CollectDict(open, finish(ahead), pair);
    }
    List<Node.DictDisplay.Entry> entries = new ArrayList<>();
    entries.add(new Node.DictDisplay.Entry(firstKey, firstValue));
    while (take(",") && !token.is("}")) {
      Node key = expression();
      expect(":");
      entries.add(new Node.DictDisplay.Entry(key, expression()));
    }
    return new Node.DictDisplay(open, List.copyOf(entries));
  }

  private Node set(int open, @Nullable Ahead ahead, Node first) {
    if (ahead != null) {
      return new Node.Collect(open, Brackets.SET, finish(ahead), first);
    }
    List<Node> items = new ArrayList<>(List.of(first));
    if (take(",")) {
      items("}", items);
    }
    return new Node.Display(open, Brackets.SET, List.copyOf(items));
  }

  /** The clauses of a comprehension, read before its element, and where they end. */
  private record Ahead(Comprehension comprehension, int end) {}

  /**
   * The clauses that follow the element that begins here; null where none follow. They are read
   * first, for they declare the names that the element uses.
   */
  private @Nullable Ahead ahead() {
    int element = token.start();
    int clauses = clausesAhead();
    if (clauses < 0) {
      return null;
    }
    jump(clauses);
    Comprehension comprehension = comprehension();
    int end = token.start();
    jump(element);
    return new Ahead(comprehension, end);
  }

  private int clausesAhead() {
    Lexer scan = new Lexer(source.text(), token.start(), to);
    int depth = 0;
    for (Token next = scan.next(); next.kind() != Kind.END; next = scan.next()) {
      if (next.is("(") || next.is("[") || next.is("{")) {
        depth++;
      } else if (next.is(")") || next.is("]") || next.is("}")) {
        depth--;
      } else if (depth == 0 && next.is("for")) {
        return next.start();
      }
      if (depth < 0 || (depth == 0 && next.is(","))) {
        return -1;
      }
    }
    return -1;
  }

  private Comprehension finish(Ahead ahead) {
    if (!token.is("for")) {
      throw unexpected("'for'");
    }
    jump(ahead.end());
    source.leaveComprehension();
    return ahead.comprehension();
  }

  private Comprehension comprehension() {
    List<Clause> clauses = new ArrayList<>();
    source.deeper(token.start());
    while (take("for")) {
      Names names = names();
      expect("in");
      // the first source is outside: it does not see the names that it fills
      Node values = disjunction();
      if (clauses.isEmpty()) {
        source.enterComprehension();
      }
      Target target = names.declare(source);
      List<Node> conditions = new ArrayList<>();
      while (take("if")) {
        conditions.add(disjunction());
      }
      clauses.add(new Clause(target, values, List.copyOf(conditions)));
    }
    source.shallower();
    return new Comprehension(List.copyOf(clauses));
  }

  /** The names between "for" and "in": one, or several that are parts. */
  private record Names(int offset, @Nullable String name, List<Names> parts) {
    Target declare(Source source) {
      if (name != null) {
        return new Target.Variable(source.declare(name));
      }
      return new Target.Parts(offset, parts.stream().map(part -> part.declare(source)).toList());
    }
  }

  private Names names() {
    Names first = oneName();
    if (!token.is(",")) {
      return first;
    }
    List<Names> parts = new ArrayList<>(List.of(first));
    while (take(",") && !token.is("in")) {
      parts.add(oneName());
    }
    return new Names(first.offset(), null, List.copyOf(parts));
  }

  private Names oneName() {
    int start = token.start();
    if (!take("(")) {
      return new Names(start, name("the name of a variable").text(), List.of());
    }
    source.deeper(start);
    Names inner = names();
    source.shallower();
    closed(start, ")");
    return inner;
  }

  /** A name that may be used: Frappe keeps those that begin with an underscore to itself. */
  private Token name(String wanted) {
    if (token.kind() == Kind.KEYWORD && wanted.equals("a field or method")) {
      throw source.malformed(
          token.start(),
          "'%1$s' is a word of Python; a field of that name is doc.get('%1$s')"
              .formatted(token.text()));
    }
    if (token.kind() != Kind.NAME) {
      throw unexpected(wanted);
    }
    if (token.text().startsWith("_") && !token.text().equals("_")) {
      throw source.malformed(
          token.start(), "'%s': names that begin with '_' are closed".formatted(token.text()));
    }
    return advance();
  }

  private Token following() {
    return new Lexer(source.text(), token.end(), to).next();
  }

  private void jump(int offset) {
    lexer = new Lexer(source.text(), offset, to);
    token = lexer.next();
  }

  Token current() {
    return token;
  }

  Token advance() {
    Token last = token;
    token = lexer.next();
    return last;
  }

  boolean take(String text) {
    boolean taken = token.is(text);
    if (taken) {
      advance();
    }
    return taken;
  }

  private void expect(String text) {
    if (!take(text)) {
      throw unexpected("'%s'".formatted(text));
    }
  }

  private void closed(int open, String close) {
    if (token.kind() == Kind.END) {
      throw source.malformed(open, "'%s' is never closed".formatted(source.text().charAt(open)));
    }
    if (!take(close)) {
      throw unexpected("'%s' or ','".formatted(close));
    }
  }

  MalformedExpression unexpected(String wanted) {
    String message =
        switch (token.text()) {
          case "=" -> "nothing can be assigned here; did you mean '=='?";
          case ":=" -> "':=' is not offered";
          case "!" -> "'!' has no meaning here; did you mean 'not' or '!='?";
          case "*", "**" ->
              "'%s' has no value before it; unpacking is not offered".formatted(token.text());
          default ->
              "expected %s, found %s"
                  .formatted(
                      wanted, token.kind() == Kind.END ? "the end" : "'%s'".formatted(shown()));
        };
    return source.malformed(token.start(), message);
  }

  private String shown() {
    return Shorten.text(source.text().substring(token.start(), token.end()));
  }
}
