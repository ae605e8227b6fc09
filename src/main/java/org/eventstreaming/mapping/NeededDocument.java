package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A document of the producer that a mapped document points to, and where the name goes that it has
 * here.
 *
 * @param table the child table whose row wants the name; null where the document itself does
 * @param row index in the table, from 0; 0 where there is no table
 * @param fieldname the field that wants the name
 * @param mapping how the needed document is mapped; it is of the mapping's remote doctype
 * @param filters fields of the needed document and what they must be; one document should match
 * @param origin the row of the mapping that asks for it
 * @param standIn what the field gets where there is no such document: {@code default_value}, or
 *     null for none, as the row's {@code on_error} says; absent where the document fails then
 */
public record NeededDocument(
    @Nullable String table,
    int row,
    String fieldname,
    DocumentTypeMapping mapping,
    ObjectNode filters,
    Origin origin,
    @Nullable JsonNode standIn) {}
