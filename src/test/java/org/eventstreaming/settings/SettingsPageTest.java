package org.eventstreaming.settings;

import java.nio.file.Path;
import org.eventstreaming.GeneratedText;
import org.junit.jupiter.api.Test;

/** The settings in docs/reference/settings.md are those that the program reads. */
class SettingsPageTest {
  private static final Path PAGE = Path.of("docs", "reference", "settings.md");

  @Test
  void the_page_about_the_settings_is_up_to_date() throws Exception {
    StringBuilder text =
        new StringBuilder(
            "| Setting | Environment | Type | Default | Meaning |\n|---|---|---|---|---|\n");
    for (Setting setting : Setting.values()) {
      text.append(
          "| `%s` | `%s` | %s | %s | %s |\n"
              .formatted(
                  setting.property(),
                  setting.variable(),
                  setting.type().text(),
                  setting.byDefault().map(value -> "`" + value + "`").orElse("none"),
                  setting.meaning()));
    }

    new GeneratedText(PAGE, SettingsPageTest.class).isPart(text.toString());
  }
}
