package org.eventstreaming.doctor;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eventstreaming.site.SiteFailure;

/** Finds Workflows that restrict the states of the documents that are written. */
final class CheckTargetWorkflows implements SiteCheck {
  @Override
  public String name() {
    return "workflows";
  }

  @Override
  public List<Finding> check(BothSites sites) {
    List<String> written = sites.written().stream().map(SiteType::name).toList();
    if (written.isEmpty()) {
      return List.of();
    }
    Map<String, String> active;
    try {
      active = new TreeMap<>(sites.to().workflows(written));
    } catch (SiteFailure e) {
      if (e.kind() != SiteFailure.Kind.REFUSED) {
        throw e;
      }
      return List.of(
          Finding.warning(
              name(),
              "The key may not read Workflow: whether one applies to documents cannot be checked.",
              "Check the Workflows there."));
    }
    return List.of(
        active.isEmpty()
            ? Finding.ok(name(), "None is active for what is written.")
            : Finding.warning(
                name(),
                "Active there: %s. Documents go through the states by transitions, as the Workflow allows."
                    .formatted(
                        active.entrySet().stream()
                            .map(one -> "%s (of %s)".formatted(one.getValue(), one.getKey()))
                            .collect(Collectors.joining(", "))),
                "Give %s the roles of their transitions, and let these allow self approval."
                    .formatted(sites.user())));
  }
}
