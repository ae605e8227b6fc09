/** The whole stream at work: real routes, a real PostgreSQL, sites that speak HTTP. */
@NullMarked
package org.eventstreaming.stream;

import org.jspecify.annotations.NullMarked;
