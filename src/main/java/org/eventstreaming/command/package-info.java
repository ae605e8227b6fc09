/**
 * What a person types: reads the project's files, runs the stream, and shows and changes its logs.
 */
@NullMarked
package org.eventstreaming.command;

import org.jspecify.annotations.NullMarked;
