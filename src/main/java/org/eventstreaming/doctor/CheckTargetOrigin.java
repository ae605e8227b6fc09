package org.eventstreaming.doctor;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eventstreaming.target.Target;

/** Checks that documents there can hold their origin. */
final class CheckTargetOrigin implements SiteCheck {
  private static final String CUSTOM_FIELD = "Custom Field";
  private static final String ADDING = "System Manager";
  private static final String ALONG = "dependencies that are not there";

  @Override
  public String name() {
    return "origin";
  }

  @Override
  public List<Finding> check(BothSites sites) {
    List<String> without =
        sites.written().stream().filter(CheckTargetOrigin::hasNone).map(SiteType::name).toList();
    boolean alongWithout =
        sites.comingAlong().stream()
            .map(sites.typesTo()::find)
            .flatMap(Optional::stream)
            .anyMatch(CheckTargetOrigin::hasNone);
    String fields = String.join(" and ", Target.ORIGIN);
    if (without.isEmpty() && !alongWithout) {
      return List.of(Finding.ok(name(), "All types there have the fields " + fields + "."));
    }
    String which =
        Stream.concat(without.stream(), alongWithout ? Stream.of(ALONG) : Stream.of())
            .collect(Collectors.joining(", "));
    if (mayAdd(sites)) {
      return List.of(
          Finding.ok(
              name(),
              "The Custom Fields %s are added with the first new document of: %s."
                  .formatted(fields, which)));
    }
    String what =
        "The key may not add the Custom Fields %s. New documents are refused of: %s."
            .formatted(fields, which);
    String advice =
        "Give %s the role %s until they are there, or add both there, of type Data."
            .formatted(sites.user(), ADDING);
    return List.of(
        without.isEmpty()
            ? Finding.warning(name(), what, advice)
            : Finding.problem(name(), what, advice));
  }

  private static boolean hasNone(SiteType type) {
    return !type.definition().issingle()
        && !Target.ORIGIN.stream().allMatch(field -> type.definition().field(field).isPresent());
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
