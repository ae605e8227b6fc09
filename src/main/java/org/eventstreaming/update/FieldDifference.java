package org.eventstreaming.update;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One field that differs.
 *
 * @param field such as {@code title}, {@code items[0].rate}; {@code items} for the order of rows
 * @param here missing where it is not here, as {@code there}
 */
public record FieldDifference(String field, JsonNode here, JsonNode there) {}
