package org.eventstreaming.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eventstreaming.producer.ProducerDoctype;

/** Checks that the target has the document types that are written, and those of dependencies. */
final class CheckTargetTypes implements SiteCheck {
  @Override
  public String name() {
    return "types";
  }

  @Override
  public List<Finding> check(BothSites sites) {
    List<Finding> findings = new ArrayList<>();
    Set<String> missing =
        sites.rows().stream()
            .map(ProducerDoctype::refDoctype)
            .filter(doctype -> sites.typesTo().find(doctype).isEmpty())
            .map(sites.typesTo()::absent)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!missing.isEmpty()) {
      findings.add(
          Finding.problem(
              name(),
              "The site has no DocType %s: no document of it can be written."
                  .formatted(String.join(", ", missing)),
              "Install the app that has it there, correct its definition, or map it to a DocType that the site has."));
    }
    Set<String> along =
        sites.comingAlong().stream()
            .filter(doctype -> sites.typesTo().find(doctype).isEmpty())
            .map(sites.typesTo()::absent)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!along.isEmpty()) {
      findings.add(
          Finding.warning(
              name(),
              "The site has no DocType %s, which followed documents link to: what is linked does not come along, and documents that need it are Failed."
                  .formatted(String.join(", ", along)),
              "Install the app that has it there, correct its definition, or leave it out of dependencies."));
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              name(),
              "The site has %s, and all that they link to."
                  .formatted(
                      sites.rows().stream()
                          .map(ProducerDoctype::refDoctype)
                          .distinct()
                          .collect(Collectors.joining(", ")))));
    }
    return findings;
  }
}
