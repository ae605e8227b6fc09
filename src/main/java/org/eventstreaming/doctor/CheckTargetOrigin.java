package org.eventstreaming.doctor;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eventstreaming.target.Target;

/** Looks whether documents there can remember where they came from. */
final class CheckTargetOrigin implements SiteCheck {
  private static final String CUSTOM_FIELD = "Custom Field";
  private static final String ADDING = "System Manager";

  @Override
  public String name() {
    return "origin";
  }

  @Override
  public List<Finding> check(BothSites sites) {
    List<String> there = new ArrayList<>();
    List<String> added = new ArrayList<>();
    Set<SiteType> types = new LinkedHashSet<>(sites.written());
    sites.comingAlong().stream()
        .map(sites.typesTo()::find)
        .flatMap(Optional::stream)
        .forEach(types::add);
    for (SiteType type : types) {
      if (!type.definition().issingle()) {
        boolean has =
            Target.ORIGIN.stream().allMatch(field -> type.definition().field(field).isPresent());
        (has ? there : added).add(type.name());
      }
    }
    String fields = String.join(" and ", Target.ORIGIN);
    if (added.isEmpty()) {
      return there.isEmpty()
          ? List.of()
          : List.of(Finding.ok(name(), "All types there have the fields " + fields + "."));
    }
    return List.of(
        mayAdd(sites)
            ? Finding.ok(
                name(),
                "The Custom Fields %s are added with the first new document of %s."
                    .formatted(fields, String.join(", ", added)))
            : Finding.problem(
                name(),
                "The key may not add the Custom Fields %s, and %s has none of them: new documents are refused."
                    .formatted(fields, String.join(", ", added)),
                "Give %s the role %s until they are there, or add both there, of type Data."
                    .formatted(sites.user(), ADDING)));
  }

  private static boolean mayAdd(BothSites sites) {
    return sites.roles().contains(ADDING)
        || sites
            .typesTo()
            .find(CUSTOM_FIELD)
            .map(type -> sites.may(type, SiteType.Right.CREATE))
            .orElseGet(() -> sites.user().equals("Administrator"));
  }
}
