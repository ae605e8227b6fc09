package org.eventstreaming.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks that the roles of the key's user permit what is done with the types that are written. */
final class CheckTargetRights implements SiteCheck {
  @Override
  public String name() {
    return "rights";
  }

  @Override
  public List<Finding> check(BothSites sites) {
    List<Finding> findings = new ArrayList<>();
    List<String> all = new ArrayList<>();
    for (SiteType type : sites.written()) {
      List<SiteType.Right> missing = rights(type).filter(right -> !sites.may(type, right)).toList();
      if (missing.isEmpty()) {
        all.add(type.name());
      } else {
        findings.add(missing(sites, type, missing));
      }
    }
    Set<String> along = new TreeSet<>();
    for (String doctype : sites.comingAlong()) {
      sites
          .typesTo()
          .find(doctype)
          .filter(type -> !type.definition().issingle())
          .filter(
              type ->
                  Stream.of(SiteType.Right.READ, SiteType.Right.CREATE, SiteType.Right.WRITE)
                      .anyMatch(right -> !sites.may(type, right)))
          .ifPresent(type -> along.add(type.name()));
    }
    if (!along.isEmpty()) {
      findings.add(
          Finding.warning(
              name(),
              "The key may not read, create and write dependencies of type %s. What the site has under the same name is linked all the same, if the key may read it."
                  .formatted(String.join(", ", along)),
              "Give %s roles that may, or name in dependencies what is to come along."
                  .formatted(sites.user())));
    }
    if (!all.isEmpty()) {
      findings.add(
          0,
          Finding.ok(
              name(), "The key may do all that is needed with " + String.join(", ", all) + "."));
    }
    return findings;
  }

  private Finding missing(BothSites sites, SiteType type, List<SiteType.Right> missing) {
    String what =
        "The key may not %s %s."
            .formatted(
                missing.stream().map(SiteType.Right::key).collect(Collectors.joining(", ")),
                type.name());
    String advice =
        "Give %s a role that may, in the permissions of %s there."
            .formatted(sites.user(), type.name());
    return missing.equals(List.of(SiteType.Right.DELETE))
        ? Finding.warning(name(), what + " What the producer deletes stays there.", advice)
        : Finding.problem(name(), what, advice);
  }

  /** A Single is always there. */
  private static Stream<SiteType.Right> rights(SiteType type) {
    return type.definition().issingle()
        ? Stream.of(SiteType.Right.READ, SiteType.Right.WRITE)
        : Stream.of(SiteType.Right.values())
            .filter(right -> type.submittable() || !right.isOfSubmittables());
  }
}
