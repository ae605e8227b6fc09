package org.eventstreaming.command;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Secrets;
import picocli.CommandLine;

/**
 * An Event Producer and document types of it, as a command line names them.
 *
 * @param asked in the producer's words; empty where none is named, which means all
 */
record NamedTypes(EventProducer producer, List<String> asked) {
  NamedTypes {
    asked = List.copyOf(asked);
  }

  /** The words of the command line. */
  static final class Words {
    @CommandLine.Parameters(
        index = "0",
        paramLabel = "PRODUCER",
        description = "Event Producer, by address or file name.")
    String which = "";

    @CommandLine.Parameters(
        index = "1..*",
        arity = "0..*",
        paramLabel = "DOCTYPE",
        description =
            "Document types, named as on the producer or as here (default: all that are followed).")
    List<String> doctypes = List.of();

    /**
     * Finds what they name among the files.
     *
     * @throws NotFound where the files have none of that name
     */
    NamedTypes find(Project project, Path directory, Secrets secrets) {
      EventProducer producer = NamedProducer.find(directory, project.mappings(), secrets, which);
      List<String> asked = new ArrayList<>();
      for (String doctype : doctypes) {
        asked.add(
            row(producer, doctype)
                .orElseThrow(() -> new NotFound(notFollowed(producer, doctype)))
                .remoteDoctype());
      }
      return new NamedTypes(producer, asked.stream().distinct().toList());
    }
  }

  /** Those that are named, or all that are followed, as far as the producer approved them. */
  List<String> approved(Database database) throws SQLException {
    Set<String> approved = approvedTypes(database);
    Stream<String> wanted =
        asked.isEmpty()
            ? producer.producerDoctypes().stream()
                .filter(row -> !row.unsubscribe())
                .map(ProducerDoctype::remoteDoctype)
            : asked.stream();
    return wanted.filter(approved::contains).toList();
  }

  /** Why one that is named cannot be had. */
  Optional<String> unapproved(Database database) throws SQLException {
    Set<String> approved = approvedTypes(database);
    return asked.stream()
        .filter(doctype -> !approved.contains(doctype))
        .findFirst()
        .map(
            doctype ->
                "%s is not approved by %s, so nothing of it is followed. Approve it in the Event Consumer there; the next poll sees that."
                    .formatted(doctype, producer.producerUrl()));
  }

  private Set<String> approvedTypes(Database database) throws SQLException {
    Set<String> approved = new HashSet<>();
    Rows.of(
            database,
            """
            select ref_doctype from event_producer_document_type
             where producer_url = ? and status = 'Approved'
            """,
            producer.producerUrl())
        .forEach(row -> approved.add(row.path("ref_doctype").asText()));
    return approved;
  }

  private static Optional<ProducerDoctype> row(EventProducer producer, String doctype) {
    return Stream.concat(
            producer.following(doctype).stream(),
            producer.producerDoctypes().stream().filter(row -> row.refDoctype().equals(doctype)))
        .filter(row -> !row.unsubscribe())
        .findFirst();
  }

  private static String notFollowed(EventProducer producer, String doctype) {
    List<String> followed =
        producer.producerDoctypes().stream()
            .filter(row -> !row.unsubscribe())
            .flatMap(row -> Stream.of(row.remoteDoctype(), row.refDoctype()))
            .distinct()
            .toList();
    return "'%s' is not followed from %s%s"
        .formatted(
            doctype,
            producer.producerUrl(),
            NamedProducer.nearest(doctype, followed, ": its file has "));
  }
}
