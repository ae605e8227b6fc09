package org.eventstreaming.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.target.SiteForm;

/**
 * Compares the fields that both sites have in what is written: what the target has no field for is
 * left out. A mapping says itself which fields it fills.
 */
final class CheckTargetFields implements SiteCheck {
  @Override
  public String name() {
    return "fields";
  }

  @Override
  public List<Finding> check(BothSites sites) {
    List<Finding> findings = new ArrayList<>();
    List<String> same = new ArrayList<>();
    for (ProducerDoctype row : sites.rows()) {
      Optional<SiteType> from = sites.typesFrom().find(row.remoteDoctype());
      Optional<SiteType> to = sites.typesTo().find(row.refDoctype());
      if (row.mapping() != null || from.isEmpty() || to.isEmpty()) {
        continue;
      }
      List<String> missing = new ArrayList<>();
      missing(from.get(), to.get()).ifPresent(missing::add);
      for (DocField table : from.get().definition().tables()) {
        missingInRows(sites, table, to.get()).ifPresent(missing::add);
      }
      if (missing.isEmpty()) {
        same.add(row.refDoctype());
      } else {
        findings.add(
            Finding.warning(
                name(),
                "The site has no field for %s. They are not written."
                    .formatted(String.join("; ", missing.stream().distinct().toList())),
                "Add them there as Custom Fields to have them written."));
      }
      demanded(from.get(), to.get())
          .ifPresent(
              fields ->
                  findings.add(
                      Finding.warning(
                          name(),
                          "The site requires %s of %s, for which the producer has no field: unless the site fills them itself, it refuses new documents."
                              .formatted(fields, row.refDoctype()),
                          "Give the fields a default there, or fill them by a mapping.")));
    }
    if (!same.isEmpty()) {
      findings.add(
          0,
          Finding.ok(name(), "The site has all fields of %s.".formatted(String.join(", ", same))));
    }
    return findings;
  }

  private static Optional<String> missing(SiteType from, SiteType to) {
    List<String> missing =
        from.definition().fields().stream()
            .filter(SiteForm::isOurs)
            .map(DocField::fieldname)
            .filter(field -> to.definition().field(field).isEmpty())
            .toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("%s of %s".formatted(String.join(", ", missing), from.name()));
  }

  private static Optional<String> missingInRows(BothSites sites, DocField table, SiteType to) {
    Optional<SiteType> rowsFrom =
        Optional.ofNullable(table.options()).flatMap(sites.typesFrom()::find);
    Optional<SiteType> rowsTo =
        to.definition()
            .field(table.fieldname())
            .map(DocField::options)
            .flatMap(sites.typesTo()::find);
    return rowsFrom.isEmpty() || rowsTo.isEmpty()
        ? Optional.empty()
        : missing(rowsFrom.get(), rowsTo.get());
  }

  private static Optional<String> demanded(SiteType from, SiteType to) {
    List<String> demanded =
        to.definition().fields().stream()
            .filter(SiteForm::isOurs)
            .filter(field -> field.is(DocField.Trait.REQD) && !field.is(DocField.Trait.DEFAULT))
            .map(DocField::fieldname)
            .filter(field -> from.definition().field(field).isEmpty())
            .toList();
    return demanded.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", demanded));
  }
}
