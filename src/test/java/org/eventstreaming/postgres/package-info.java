/** The adapters against a real PostgreSQL. */
@NullMarked
package org.eventstreaming.postgres;

import org.jspecify.annotations.NullMarked;
