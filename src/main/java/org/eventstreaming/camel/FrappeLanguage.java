package org.eventstreaming.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.Predicate;
import org.apache.camel.spi.annotations.Language;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.LanguageSupport;
import org.eventstreaming.expression.FrappeReads;
import org.eventstreaming.expression.MalformedExpression;
import org.eventstreaming.expression.Scope;
import org.jspecify.annotations.Nullable;

/**
 * {@code language: frappe} in routes: {@code doc} is the body, a JSON object or a Map. A text that
 * is not an expression stops the start. A Clock and a FrappeReads in the registry, where there is
 * one of a kind, give the time and read other documents.
 */
@Language("frappe")
public final class FrappeLanguage extends LanguageSupport {
  @Override
  public Predicate createPredicate(String text) {
    return compile(text);
  }

  @Override
  public Expression createExpression(String text) {
    return compile(text);
  }

  private Compiled compile(String text) {
    String loaded = loadResource(text);
    try {
      return new Compiled(org.eventstreaming.expression.Expression.compile(loaded));
    } catch (MalformedExpression e) {
      throw new ExpressionIllegalSyntaxException(
          "'" + loaded + "' in language frappe: " + e.getMessage(), e);
    }
  }

  private static final class Compiled extends ExpressionAdapter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final org.eventstreaming.expression.Expression expression;
    private @Nullable Clock clock;
    private @Nullable FrappeReads reads;

    Compiled(org.eventstreaming.expression.Expression expression) {
      this.expression = expression;
    }

    @Override
    public void init(CamelContext context) {
      super.init(context);
      clock = context.getRegistry().findSingleByType(Clock.class);
      reads = context.getRegistry().findSingleByType(FrappeReads.class);
    }

    /** Plain values as Java has them, so that headers and texts read as they should. */
    @Override
    public @Nullable Object evaluate(Exchange exchange) {
      JsonNode value = expression.evaluate(scope(exchange));
      return value.isTextual()
          ? value.textValue()
          : value.isNumber()
              ? value.numberValue()
              : value.isBoolean() ? (Object) value.booleanValue() : value.isNull() ? null : value;
    }

    @Override
    public boolean matches(Exchange exchange) {
      return expression.test(scope(exchange));
    }

    private Scope scope(Exchange exchange) {
      Object body = exchange.getMessage().getBody();
      JsonNode doc = body instanceof Map<?, ?> map ? JSON.valueToTree(map) : null;
      if (body instanceof JsonNode node && node.isObject()) {
        doc = node;
      }
      if (doc == null) {
        throw new IllegalArgumentException(
            "Could not evaluate '%s' in language frappe: doc is the body, and the body is %s, neither a JSON object nor a Map. Put an unmarshal step with json before it."
                .formatted(expression.text(), body == null ? "empty" : body.getClass().getName()));
      }
      return new Scope(
          doc,
          null,
          Objects.requireNonNullElse(reads, FrappeReads.NONE),
          clock == null ? Clock.system(ZoneId.systemDefault()) : clock);
    }

    @Override
    public String toString() {
      return "frappe: " + expression.text();
    }
  }
}
