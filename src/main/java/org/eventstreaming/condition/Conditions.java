package org.eventstreaming.condition;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.NormalForm;
import org.eventstreaming.expression.EvaluationFailed;
import org.eventstreaming.expression.Expression;
import org.eventstreaming.expression.Scope;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.update.UpdateLogEntry;

/**
 * Reports whether a producer's document, in normal form, meets the condition of its type. A field
 * that the document does not have is None, and an error where the definition is known and does not
 * have it either. Safe for many threads; the conditions are those of the producer files, so their
 * compiled forms are kept.
 */
public final class Conditions {
  private final DocTypes doctypes;
  private final Commands commands;
  private final Clock clock;
  private final NormalForm normalForm;
  private final Map<String, Expression> compiled = new ConcurrentHashMap<>();

  public Conditions(DocTypes doctypes, Commands commands, Clock clock) {
    this.doctypes = doctypes;
    this.commands = commands;
    this.clock = clock;
    this.normalForm = new NormalForm(doctypes);
  }

  /** Whether what the type asks for can be evaluated here; else it is left to the producer. */
  public boolean canEvaluate(ProducerDoctype rule) {
    return rule.command().map(commands::offers).orElse(true);
  }

  /** Whether the type has a condition that is evaluated here. */
  public boolean judges(ProducerDoctype rule) {
    return rule.condition() != null && canEvaluate(rule);
  }

  /**
   * Whether the document meets the condition of its type.
   *
   * @param rule one with a condition
   * @param doc the producer's document, under its name there; stays as it is
   * @throws ConditionFailed where the condition has no value for it
   */
  public boolean met(
      EventProducer producer, ProducerDoctype rule, ObjectNode doc, UpdateLogEntry entry) {
    ObjectNode judged = normalForm.withTables(doc);
    Optional<String> command = rule.command();
    if (command.isPresent()) {
      return commands.met(command.get(), producer, judged, entry);
    }
    Scope scope = Scope.of(judged, clock);
    Expression condition =
        compiled.computeIfAbsent(Objects.requireNonNull(rule.condition()), Expression::compile);
    try {
      return condition.test(withDefinition(scope, doctypes.find(rule.remoteDoctype())));
    } catch (EvaluationFailed e) {
      throw new ConditionFailed(String.valueOf(e.getMessage()), e);
    }
  }

  /** The same where to ask for a field that the document's type does not have is an error. */
  public static Scope withDefinition(Scope scope, Optional<DocType> definition) {
    return definition
        .map(known -> scope.withDefinition(name -> known.field(name).isPresent()))
        .orElse(scope);
  }
}
