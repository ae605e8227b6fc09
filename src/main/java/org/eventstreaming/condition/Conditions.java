package org.eventstreaming.condition;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.expression.Expression;
import org.eventstreaming.expression.Scope;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.update.UpdateLogEntry;

/**
 * Tells whether a producer's document meets the condition of its type. A field that the document
 * lacks is None, and an error where the definition is known and lacks it too. Safe for many
 * threads; the conditions are those of the producer files, so their compiled forms are kept.
 */
public final class Conditions {
  private static final String COMMAND = "cmd:";

  private final DocTypes doctypes;
  private final Commands commands;
  private final Clock clock;
  private final Map<String, Expression> compiled = new ConcurrentHashMap<>();
  private final Map<DocType, Set<String>> fields = new ConcurrentHashMap<>();

  public Conditions(DocTypes doctypes, Commands commands, Clock clock) {
    this.doctypes = doctypes;
    this.commands = commands;
    this.clock = clock;
  }

  /** The dotted name of a {@code cmd:} condition; empty for an expression. */
  public static Optional<String> command(String condition) {
    String text = condition.strip();
    return text.startsWith(COMMAND)
        ? Optional.of(text.substring(COMMAND.length()).strip())
        : Optional.empty();
  }

  /** Whether the condition can be evaluated here; else it is left to the producer. */
  public boolean canTell(String condition) {
    return command(condition).map(commands::offers).orElse(true);
  }

  /**
   * Whether the document meets the condition of its type.
   *
   * @param doc the producer's document, under its name there
   * @throws org.eventstreaming.expression.EvaluationFailed where the condition has no value for it
   */
  public boolean met(ProducerDoctype rule, ObjectNode doc, UpdateLogEntry entry) {
    String condition = Objects.requireNonNull(rule.condition());
    Optional<String> command = command(condition);
    if (command.isPresent()) {
      return commands.met(command.get(), doc, entry);
    }
    Scope scope = Scope.of(doc, clock);
    DocType definition = doctypes.find(rule.remoteDoctype()).orElse(null);
    return compiled
        .computeIfAbsent(condition, Expression::compile)
        .test(definition == null ? scope : scope.withDefinition(fields(definition)::contains));
  }

  private Set<String> fields(DocType definition) {
    return fields.computeIfAbsent(
        definition,
        one -> one.fields().stream().map(DocField::fieldname).collect(Collectors.toSet()));
  }
}
