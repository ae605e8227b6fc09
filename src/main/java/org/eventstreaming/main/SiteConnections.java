package org.eventstreaming.main;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.eventstreaming.camel.HttpSiteCalls;
import org.eventstreaming.camel.SiteKeys;
import org.eventstreaming.files.FilesRefused;
import org.eventstreaming.files.Problem;
import org.eventstreaming.files.Problems;
import org.eventstreaming.settings.Configuration;
import org.eventstreaming.settings.HttpSettings;
import org.eventstreaming.settings.Settings;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.RepeatReads;
import org.eventstreaming.site.SiteCalls;
import org.jspecify.annotations.Nullable;

/**
 * Lets a command call sites as the stream does: through the route {@code call-site} of the project.
 * Of the files of routes that one is loaded, and no database is opened.
 */
public final class SiteConnections implements AutoCloseable {
  private final Main main = new Main();
  private final int attempts;
  private final ComponentJars components;
  private final boolean ownRoute;
  private @Nullable HttpSiteCalls calls;

  /**
   * Opens them.
   *
   * @param configuration of the project; a command may be more impatient than its settings
   * @throws FilesRefused where the route cannot run as it is written
   */
  public SiteConnections(Path project, Configuration configuration) {
    Settings settings = configuration.settings();
    attempts = settings.http().attempts();
    RouteFiles files = RouteFiles.read(project, settings.routes(), new Problems());
    RouteFile file = files.named(CheckCallSite.FILE);
    ownRoute = !file.isBuiltIn();
    if (ownRoute) {
      refuse(CheckRoutes.guarded(project, settings.routes()));
    }
    components = ComponentJars.open(project);
    try {
      start(files, files.pattern(List.of(file)), configuration);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** What the route takes from the settings. */
  static Map<String, String> properties(HttpSettings http) {
    return Map.of(
        "http.connect-timeout.millis",
        Long.toString(http.connectTimeout().toMillis()),
        "http.response-timeout.millis",
        Long.toString(http.responseTimeout().toMillis()));
  }

  /** The sites; what is read is read again where that fails in passing. */
  public FrappeSites sites() {
    Clock clock = Clock.systemUTC();
    return new FrappeSites(
        calls(), clock, new RepeatReads(attempts, clock, RepeatReads.Waiting::real));
  }

  /** Whether the project replaces the jar's route, for example to call by a proxy. */
  public boolean hasOwnRoute() {
    return ownRoute;
  }

  /** The calls alone. */
  public SiteCalls calls() {
    return Objects.requireNonNull(calls);
  }

  @Override
  public void close() {
    main.stop();
    if (calls != null) {
      calls.close();
    }
    components.close();
  }

  private void start(RouteFiles files, String routes, Configuration configuration) {
    Properties initial = new Properties();
    initial.put("camel.main.name", "site-connections");
    initial.put("camel.main.autoConfigurationLogSummary", "false");
    initial.put("camel.main.startupSummaryLevel", "Off");
    initial.put("camel.main.jmxEnabled", "false");
    initial.putAll(properties(configuration.settings().http()));
    initial.putAll(configuration.others());
    Properties overriding = new Properties();
    overriding.put("camel.main.routesIncludePattern", routes);
    overriding.put("camel.main.sourceLocationEnabled", "true");
    overriding.put("camel.server.enabled", "false");
    overriding.put("camel.management.enabled", "false");
    main.setInitialProperties(initial);
    main.setOverrideProperties(overriding);
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeInitialize(BaseMainSupport starting) {
            components.offer(starting.getCamelContext());
            SiteKeys keys = new SiteKeys();
            starting.getCamelContext().getRegistry().bind("siteKeys", keys);
            calls = new HttpSiteCalls(starting.getCamelContext(), keys);
          }

          @Override
          public void afterConfigure(BaseMainSupport configured) {
            refuse(
                CheckCallSite.problems(
                    files, CalledRoutes.definitions(configured.getCamelContext())));
          }
        });
    RouteProblems.start(main, files);
  }

  private static void refuse(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new FilesRefused(new ArrayList<>(problems));
    }
  }
}
