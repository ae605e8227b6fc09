/** The wiring: which adapter stands behind which port, and what the routes call by name. */
@NullMarked
package org.eventstreaming.main;

import org.jspecify.annotations.NullMarked;
