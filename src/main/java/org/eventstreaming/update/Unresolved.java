package org.eventstreaming.update;

/**
 * Why a document that others need is not to be had.
 *
 * @param why for people: what was attempted and what came of it
 * @param passes whether it may be had in a moment, without anyone doing anything
 * @param gone whether it is not on the producer either
 */
public record Unresolved(String why, boolean passes, boolean gone) {}
