/**
 * PostgreSQL: the store's ports as statements, one per table and page, and the server itself where
 * none is configured. Knows the ports, nothing else knows it but the wiring.
 */
@NullMarked
package org.eventstreaming.postgres;

import org.jspecify.annotations.NullMarked;
