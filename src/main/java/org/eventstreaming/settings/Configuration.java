package org.eventstreaming.settings;

import java.util.Map;

/**
 * What {@code config/application.properties}, the environment and the system properties say.
 *
 * @param settings ours, with everything overridden that is
 * @param others the other keys of the file as they stand there, placeholders and all: Camel's
 */
public record Configuration(Settings settings, Map<String, String> others) {
  public Configuration {
    others = Map.copyOf(others);
  }
}
