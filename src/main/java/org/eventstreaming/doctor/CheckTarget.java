package org.eventstreaming.doctor;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.SiteAccess;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.site.Versions;

/** Checks the site that the documents of an Event Producer are written to. */
public final class CheckTarget {
  private static final List<SiteCheck> CHECKS =
      List.of(
          new CheckTargetZone(),
          new CheckTargetTypes(),
          new CheckTargetRights(),
          new CheckTargetFields(),
          new CheckTargetNames(),
          new CheckTargetOrigin(),
          new CheckTargetUsers(),
          new CheckTargetWorkflows(),
          new CheckTargetMasters());

  private final CheckAddress checkAddress;
  private final CheckKey checkKey;
  private final FrappeSites sites;

  public CheckTarget(CheckAddress checkAddress, FrappeSites sites, Clock clock) {
    this.checkAddress = checkAddress;
    this.checkKey = new CheckKey(clock);
    this.sites = sites;
  }

  /**
   * Stops at the first finding that makes further checks pointless.
   *
   * @param producer one that has a target
   * @param producerAnswers whether the producer can be asked what it has
   */
  public List<Finding> check(EventProducer producer, boolean producerAnswers) {
    SiteAccess access = Objects.requireNonNull(producer.target()).access();
    List<Finding> findings = new ArrayList<>(checkAddress.check(access.url()));
    if (findings.stream().anyMatch(one -> one.level() == Finding.Level.CLOSED)) {
      return findings;
    }
    FrappeSite site = sites.of(access);
    Optional<String> user = checkKey.check(site, access, findings);
    if (user.isEmpty()) {
      return findings;
    }
    findings.add(userPermissions(site, user.get()));
    if (producerAnswers) {
      findings.addAll(types(producer, site, user.get()));
    } else {
      findings.add(
          Finding.skipped(
              "types",
              "The target is not checked: the producer cannot be reached or refuses the key."));
    }
    return findings;
  }

  private List<Finding> types(EventProducer producer, FrappeSite site, String user) {
    List<Finding> findings = new ArrayList<>();
    Set<String> roles;
    Versions versions;
    try {
      roles = site.roles(user);
      versions = site.versions();
    } catch (SiteFailure e) {
      findings.add(Finding.problem("rights", e.getMessage(), ""));
      return findings;
    }
    FrappeSite from = sites.of(producer);
    BothSites both =
        new BothSites(
            producer, from, new SiteTypes(from), site, new SiteTypes(site), user, roles, versions);
    for (SiteCheck check : CHECKS) {
      try {
        findings.addAll(check.check(both));
      } catch (SiteFailure e) {
        findings.add(Finding.problem(check.name(), e.getMessage(), ""));
      }
    }
    return findings;
  }

  private static Finding userPermissions(FrappeSite site, String user) {
    List<FrappeSite.UserPermission> narrowing;
    try {
      narrowing = site.userPermissions(user);
    } catch (SiteFailure e) {
      return e.kind() == SiteFailure.Kind.REFUSED
          ? Finding.warning(
              "user permissions",
              "The key may not read User Permission: whether some restrict what it may write cannot be"
                  + " said.",
              "Check the User Permissions of %s there.".formatted(user))
          : Finding.problem("user permissions", e.getMessage(), "");
    }
    return narrowing.isEmpty()
        ? Finding.ok("user permissions", "None restricts what the key may write.")
        : Finding.warning(
            "user permissions",
            "%s is restricted to %s. Documents that name others are refused, and what this hides is not found there."
                .formatted(
                    user,
                    narrowing.stream()
                        .map(FrappeSite.UserPermission::text)
                        .collect(Collectors.joining("; "))),
            "Remove these User Permissions of %s there, or use the key of a user that has none."
                .formatted(user));
  }
}
