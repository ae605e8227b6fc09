package org.eventstreaming.camel;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;

/**
 * Whether documents arrive, for who watches this process: DOWN while the database does not answer
 * or cannot be written, and while work on a producer fails. The process itself lives then: it is
 * not to be restarted.
 */
public final class StreamHealth implements HealthCheck {
  private final Supplier<Optional<String>> outage;
  private final Supplier<Map<String, String>> failures;
  private volatile boolean enabled = true;

  /**
   * @param outage why the database cannot be written
   * @param failures by producer, why work on it fails; throws where the database does not answer
   */
  public StreamHealth(Supplier<Optional<String>> outage, Supplier<Map<String, String>> failures) {
    this.outage = outage;
    this.failures = failures;
  }

  @Override
  public String getId() {
    return "event-streaming";
  }

  @Override
  public String getGroup() {
    return "event-streaming";
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  public boolean isReadiness() {
    return true;
  }

  @Override
  public boolean isEnabled() {
    return enabled;
  }

  @Override
  public void setEnabled(boolean isEnabled) {
    enabled = isEnabled;
  }

  @Override
  public Result call(Map<String, Object> options) {
    HealthCheckResultBuilder result = HealthCheckResultBuilder.on(this);
    result.detail(CHECK_ID, getId());
    result.detail(CHECK_GROUP, getGroup());
    Optional<String> broken = outage.get();
    if (broken.isPresent()) {
      return result.down().message(broken.get()).build();
    }
    Map<String, String> failing;
    try {
      failing = new TreeMap<>(failures.get());
    } catch (RuntimeException e) {
      return result.down().message("The database does not answer: " + e.getMessage()).build();
    }
    if (failing.isEmpty()) {
      return result.up().build();
    }
    failing.forEach(result::detail);
    return result.down().message(String.join(" ", failing.values())).build();
  }
}
