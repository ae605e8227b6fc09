/**
 * The settings of {@code config/application.properties} and the environment, read once, at start,
 * into small records that check themselves.
 */
@NullMarked
package org.eventstreaming.settings;

import org.jspecify.annotations.NullMarked;
