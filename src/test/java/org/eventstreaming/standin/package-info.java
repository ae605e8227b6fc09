@NullMarked
package org.eventstreaming.standin;

import org.jspecify.annotations.NullMarked;
