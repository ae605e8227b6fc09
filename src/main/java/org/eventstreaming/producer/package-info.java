/**
 * The Event Producer as its file in {@code producers/} describes it: where it is, who we are there
 * and which document types are followed. Read once, at start; goes to every stage that has to know
 * what was asked for.
 */
@NullMarked
package org.eventstreaming.producer;

import org.jspecify.annotations.NullMarked;
