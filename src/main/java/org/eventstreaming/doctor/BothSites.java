package org.eventstreaming.doctor;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.NeverStreamed;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.TargetSite;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.Versions;
import org.eventstreaming.target.SiteForm;

/**
 * A producer and the site that its documents are written to.
 *
 * @param user whom the key of the target speaks for
 * @param roles of that user
 * @param versions of the target
 */
record BothSites(
    EventProducer producer,
    FrappeSite from,
    SiteTypes typesFrom,
    FrappeSite to,
    SiteTypes typesTo,
    String user,
    Set<String> roles,
    Versions versions) {

  BothSites {
    roles = Set.copyOf(roles);
  }

  TargetSite target() {
    return Objects.requireNonNull(producer.target());
  }

  /** The rows that are followed. */
  List<ProducerDoctype> rows() {
    return producer.producerDoctypes().stream().filter(row -> !row.unsubscribe()).toList();
  }

  /** The types that followed documents are written as and that the target has. */
  List<SiteType> written() {
    return rows().stream()
        .map(ProducerDoctype::refDoctype)
        .distinct()
        .map(typesTo::find)
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * The types there that documents of this one link to by Link fields, those of rows included,
   * without those of documents that are not streamed.
   */
  Set<String> linkedFrom(ProducerDoctype row) {
    Set<String> linked = new LinkedHashSet<>();
    typesFrom
        .find(row.remoteDoctype())
        .ifPresent(
            type ->
                Stream.concat(
                        Stream.of(type),
                        type.definition().tables().stream()
                            .map(DocField::options)
                            .flatMap(Stream::ofNullable)
                            .map(typesFrom::find)
                            .flatMap(Optional::stream))
                    .flatMap(one -> one.definition().links().stream())
                    .filter(SiteForm::isOurs)
                    .map(DocField::options)
                    .flatMap(Stream::ofNullable)
                    .filter(name -> !NeverStreamed.contains(name))
                    .forEach(linked::add));
    return linked;
  }

  /**
   * The types whose documents come along with those that are followed, without these themselves.
   */
  Set<String> comingAlong() {
    Set<String> along = new LinkedHashSet<>();
    for (ProducerDoctype row : rows()) {
      linkedFrom(row).stream()
          .filter(name -> row.dependencies().include(name, producer))
          .forEach(along::add);
    }
    rows().forEach(row -> along.remove(row.remoteDoctype()));
    return along;
  }

  boolean may(SiteType type, SiteType.Right right) {
    return type.grants(right, user, roles);
  }
}
