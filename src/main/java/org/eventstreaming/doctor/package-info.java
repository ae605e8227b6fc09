/**
 * What may keep a site from being followed or written to: takes an Event Producer of the files,
 * looks at its address and at that of its target, asks both sites the questions that the stream
 * will ask, and gives findings that say what each means and what to do. Nothing is written
 * anywhere. Goes to a person.
 */
@NullMarked
package org.eventstreaming.doctor;

import org.jspecify.annotations.NullMarked;
