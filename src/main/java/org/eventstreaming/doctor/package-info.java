/**
 * Checks whether a site can be followed or written to: takes an Event Producer of the files, checks
 * its address and that of its target, makes the calls to both sites that the stream will make, and
 * gives findings that say what each means and what to do. Nothing is written anywhere. Goes to a
 * person.
 */
@NullMarked
package org.eventstreaming.doctor;

import org.jspecify.annotations.NullMarked;
