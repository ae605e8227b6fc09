package org.eventstreaming.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionsTest {
  @ParameterizedTest
  @CsvSource({
    "13.58.21, , 13, true, CORE",
    "14.81.4, , 14, true, CORE",
    "14.81.4, 0.0.1, 14, true, APP",
    "15.45.0, 0.0.1, 15, true, APP",
    "15.45.0, , 15, true, ",
    "16.0.0-dev, , 16, true, ",
    "12.9.0, , 12, false, ",
    "17.0.0, , 17, false, ",
    "nightly, , 0, false, ",
  })
  void what_is_installed_reports_the_generation_and_where_the_methods_are(
      String frappe, String app, int generation, boolean known, Prefix prefix) {
    Map<String, String> apps = new HashMap<>(Map.of("frappe", frappe, "erpnext", "1"));
    if (app != null) {
      apps.put("event_streaming", app);
    }

    Versions versions = new Versions(apps);

    assertThat(versions.frappe()).isEqualTo(generation);
    assertThat(versions.isKnown()).isEqualTo(known);
    assertThat(versions.prefix().orElse(null)).isEqualTo(prefix);
    assertThat(versions)
        .hasToString(
            "erpnext 1, "
                + (app == null ? "" : "event_streaming " + app + ", ")
                + "frappe "
                + frappe);
  }
}
