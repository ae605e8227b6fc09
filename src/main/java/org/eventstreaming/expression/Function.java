package org.eventstreaming.expression;

/** A function that expressions call by its name. */
@FunctionalInterface
interface Function {
  Value call(Arguments arguments, Evaluation run);
}
