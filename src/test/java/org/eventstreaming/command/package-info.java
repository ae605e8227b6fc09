@NullMarked
package org.eventstreaming.command;

import org.jspecify.annotations.NullMarked;
