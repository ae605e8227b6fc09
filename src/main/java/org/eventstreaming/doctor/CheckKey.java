package org.eventstreaming.doctor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eventstreaming.producer.SiteAccess;
import org.eventstreaming.settings.LengthOfTime;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.SiteFailure;
import org.jspecify.annotations.Nullable;

/** Checks that a Frappe site answers, that its clock is right, and that it accepts the key. */
final class CheckKey {
  /** A clock that is further off has fallen behind or is set wrong. */
  private static final Duration MOST_SKEW = Duration.ofMinutes(1);

  private final Clock clock;

  CheckKey(Clock clock) {
    this.clock = clock;
  }

  /**
   * The user that the key speaks for; empty where nothing else can be asked.
   *
   * @param findings takes what is found
   */
  Optional<String> check(FrappeSite site, SiteAccess access, List<Finding> findings) {
    FrappeSite.Greeting greeting;
    try {
      greeting = site.greet();
    } catch (SiteFailure e) {
      findings.add(Finding.closed("reachable", e.getMessage(), ""));
      return Optional.empty();
    }
    findings.add(Finding.ok("reachable", "A Frappe site answers."));
    findings.add(skew(greeting.date()));
    if (greeting.rateLimit().isSet()) {
      long left = greeting.rateLimit().percentLeft();
      String text = "The site limits its work; %d %% of this window is left.".formatted(left);
      findings.add(
          greeting.rateLimit().isLow()
              ? Finding.warning(
                  "rate limit", text, "Polls pause until the next window. Raise rate_limit there.")
              : Finding.ok("rate limit", text));
    }
    return user(site, access, findings);
  }

  private Finding skew(@Nullable Instant theirs) {
    if (theirs == null) {
      return Finding.skipped("clock", "The site does not report its time.");
    }
    Duration skew = Duration.between(clock.instant(), theirs);
    String text =
        "Its clock is %s %s ours."
            .formatted(
                LengthOfTime.text(Duration.ofSeconds(skew.abs().toSeconds())),
                skew.isNegative() ? "behind" : "ahead of");
    return skew.abs().compareTo(MOST_SKEW) > 0
        ? Finding.warning(
            "clock",
            text,
            "Synchronize both clocks by NTP: times in the logs do not match, and the overlap of the"
                + " polls covers less.")
        : Finding.ok("clock", text);
  }

  private static Optional<String> user(FrappeSite site, SiteAccess access, List<Finding> findings) {
    String user;
    try {
      user = site.loggedUser();
    } catch (SiteFailure e) {
      boolean refused =
          e.kind() == SiteFailure.Kind.KEY_REFUSED || e.kind() == SiteFailure.Kind.REFUSED;
      findings.add(
          refused && access.apiKey() != null
              ? Finding.closed(
                  "key",
                  "The site does not know this api_key, or the api_secret is wrong.",
                  "Generate keys anew for %s in the User document there; the secret is shown once."
                      .formatted(access.user()))
              : Finding.closed("key", e.getMessage(), ""));
      return Optional.empty();
    }
    findings.add(
        user.equals(access.user())
            ? Finding.ok("key", "The key belongs to " + user + ".")
            : Finding.warning(
                "key",
                "The key belongs to %s, the file says user %s.".formatted(user, access.user()),
                "Write the user of the key into the file."));
    return Optional.of(user);
  }
}
