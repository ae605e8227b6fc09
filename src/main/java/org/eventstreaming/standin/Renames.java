package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Gives documents another name as a site does: by SQL, so that {@code modified} stays what it was,
 * of the document, of its rows and of all that link to it, and nothing of it is logged.
 */
final class Renames {
  private final Documents documents;
  private final DocTypes docTypes;
  private final Writes writes;
  private final Traces traces;

  Renames(Documents documents, DocTypes docTypes, Writes writes, Traces traces) {
    this.documents = documents;
    this.docTypes = docTypes;
    this.writes = writes;
    this.traces = traces;
  }

  synchronized void rename(String doctype, String from, String to) {
    var document = writes.existing(doctype, from).deepCopy();
    // a name that is spelled otherwise only is the document's own
    var own = document.path("name").asText();
    if (documents
        .find(doctype, to)
        .filter(other -> !other.path("name").asText().equals(own))
        .isPresent()) {
      throw FrappeError.thrown(
          417,
          "ValidationError",
          "Another %s with name %s exists, select another name".formatted(doctype, to));
    }
    document.put("name", to);
    docTypes.namingField(doctype).ifPresent(field -> document.put(field, to));
    Documents.rows(document).forEach(row -> row.put("parent", to));
    documents.remove(doctype, from);
    documents.put(doctype, document);
    rewriteLinks(doctype, from, to);
    traces.renamed(doctype, from, to);
  }

  /** What links to the one document links to the other from now on; the one is deleted. */
  synchronized void merge(String doctype, String from, String into, boolean logged) {
    writes.existing(doctype, from);
    if (documents.find(doctype, into).isEmpty()) {
      throw FrappeError.thrown(
          417,
          "ValidationError",
          "%s %s does not exist, select a new target to merge".formatted(doctype, into));
    }
    rewriteLinks(doctype, from, into);
    traces.merged(doctype, from, into);
    writes.delete(doctype, from, logged);
  }

  private void rewriteLinks(String doctype, String from, String to) {
    Function<ObjectNode, Stream<DocTypes.Link>> linking =
        object ->
            docTypes.links(object.path("doctype").asText()).stream()
                .filter(link -> link.names(object, doctype, from, docTypes.collation()));
    for (var document : documents.all()) {
      if (withRows(document).flatMap(linking).findAny().isPresent()) {
        var changed = document.deepCopy();
        withRows(changed)
            .forEach(
                object ->
                    linking.apply(object).toList().forEach(link -> object.put(link.field(), to)));
        documents.put(changed.path("doctype").asText(), changed);
      }
    }
  }

  private static Stream<ObjectNode> withRows(ObjectNode document) {
    return Stream.concat(Stream.of(document), Documents.rows(document));
  }
}
