/** What the consumer stream costs, beside what PostgreSQL alone would. */
@NullMarked
package org.eventstreaming.bench;

import org.jspecify.annotations.NullMarked;
