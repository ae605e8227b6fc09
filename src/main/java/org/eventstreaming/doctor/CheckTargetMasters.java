package org.eventstreaming.doctor;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.SiteFailure;

/** Counts the disabled documents that others name: a site may refuse documents that do. */
final class CheckTargetMasters implements SiteCheck {
  private static final String DISABLED = "disabled";

  @Override
  public String name() {
    return "disabled documents";
  }

  @Override
  public List<Finding> check(BothSites sites) {
    Set<String> types = new LinkedHashSet<>();
    sites.rows().stream().map(ProducerDoctype::refDoctype).forEach(types::add);
    sites.rows().forEach(row -> types.addAll(sites.linkedFrom(row)));
    Map<String, Long> from = new TreeMap<>();
    Map<String, Long> to = new TreeMap<>();
    for (String doctype : types) {
      Optional<SiteType> type = sites.typesTo().find(doctype);
      if (type.filter(CheckTargetMasters::canBeDisabled).isPresent()) {
        count(sites.from(), sites.producer().remoteDoctype(doctype, true))
            .ifPresent(count -> from.put(doctype, count));
        count(sites.to(), doctype).ifPresent(count -> to.put(doctype, count));
      }
    }
    from.values().removeIf(count -> count == 0);
    to.values().removeIf(count -> count == 0);
    if (from.isEmpty() && to.isEmpty()) {
      return List.of(Finding.ok(name(), "None of what is written or linked is disabled."));
    }
    String disabled =
        "Disabled are, on the producer: %s; there: %s.".formatted(text(from), text(to));
    Set<String> refusing = new TreeSet<>(from.keySet());
    refusing.addAll(to.keySet());
    refusing.removeAll(sites.target().asIs());
    if (refusing.isEmpty()) {
      return List.of(
          Finding.ok(
              name(), disabled + " The site file has all of these types in history: as_is."));
    }
    return List.of(
        Finding.warning(
            name(),
            disabled
                + " The site may refuse documents that name those of type %s."
                    .formatted(String.join(", ", refusing)),
            "Add %s to history: as_is in the site file to have such documents written as they are."
                .formatted(String.join(", ", refusing))));
  }

  private static boolean canBeDisabled(SiteType type) {
    return !type.definition().issingle()
        && type.definition().field(DISABLED).filter(field -> field.isNumber()).isPresent();
  }

  /** Empty where the site does not say: it may have no such field. */
  private static OptionalLong count(FrappeSite site, String doctype) {
    try {
      return OptionalLong.of(site.countWith(doctype, DISABLED, 1));
    } catch (SiteFailure e) {
      if (e.isSilent()) {
        throw e;
      }
      return OptionalLong.empty();
    }
  }

  private static String text(Map<String, Long> counts) {
    return counts.isEmpty()
        ? "none"
        : counts.entrySet().stream()
            .map(one -> one.getValue() + " " + one.getKey())
            .collect(Collectors.joining(", "));
  }
}
