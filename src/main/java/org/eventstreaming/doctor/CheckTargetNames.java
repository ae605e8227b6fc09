package org.eventstreaming.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.producer.ProducerDoctype;

/** Checks that documents which keep the producer's names can have them on the target. */
final class CheckTargetNames implements SiteCheck {
  /** The last generation that gives a document any name that is asked for. */
  private static final int LAST_OBEYING = 14;

  @Override
  public String name() {
    return "names";
  }

  @Override
  public List<Finding> check(BothSites sites) {
    List<Finding> findings = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    List<String> renamed = new ArrayList<>();
    Map<String, List<String>> named = new TreeMap<>();
    for (ProducerDoctype row : sites.rows()) {
      SiteType to = sites.typesTo().find(row.refDoctype()).orElse(null);
      if (!row.useSameName() || to == null || to.definition().issingle()) {
        continue;
      }
      if (takesAnyName(sites, to.definition()) || hasSameRule(sites, row, to.definition())) {
        kept.add(row.refDoctype());
      } else if (to.definition().mayBeRenamed()) {
        renamed.add(row.refDoctype());
      } else {
        named
            .computeIfAbsent(namedBy(to.definition()), by -> new ArrayList<>())
            .add(row.refDoctype());
      }
    }
    named.forEach(
        (by, types) ->
            findings.add(
                Finding.warning(
                    name(),
                    "%s: use_same_name is 1, but the site names these documents %s and lets none be renamed: they may get other names there."
                        .formatted(String.join(", ", types), by),
                    "Set their naming rule there to 'Set by user', allow renaming, or write use_same_name: 0.")));
    if (!renamed.isEmpty()) {
      findings.add(
          0,
          Finding.ok(
              name(),
              "The site names %s by its own rule and lets them be renamed: each new document is renamed where the rule gives it another name."
                  .formatted(String.join(", ", renamed))));
    }
    if (!kept.isEmpty()) {
      findings.add(
          0, Finding.ok(name(), "The producer's names are kept: " + String.join(", ", kept) + "."));
    }
    return findings;
  }

  private static boolean takesAnyName(BothSites sites, DocType to) {
    int generation = sites.versions().frappe();
    return rule(to).equalsIgnoreCase("prompt") || (generation > 0 && generation <= LAST_OBEYING);
  }

  /** What is named by a field has the same name where the field has the same value. */
  private static boolean hasSameRule(BothSites sites, ProducerDoctype row, DocType to) {
    return rule(to).startsWith("field:")
        && sites
            .typesFrom()
            .find(row.remoteDoctype())
            .filter(from -> rule(from.definition()).equals(rule(to)))
            .isPresent();
  }

  private static String rule(DocType type) {
    return Optional.ofNullable(type.autoname()).orElse("");
  }

  private static String namedBy(DocType type) {
    return rule(type).isEmpty()
        ? "by its code, or by a hash, as their definitions have no rule,"
        : "by the rule '%s'".formatted(rule(type));
  }
}
