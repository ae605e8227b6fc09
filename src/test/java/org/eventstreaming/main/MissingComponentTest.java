package org.eventstreaming.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.junit.jupiter.api.Test;

class MissingComponentTest {
  @Test
  void the_artifacts_are_those_of_the_catalog_of_this_camel() throws IOException {
    DefaultCamelCatalog catalog = new DefaultCamelCatalog();
    Map<String, String> artifacts = new TreeMap<>();
    catalog
        .findComponentNames()
        .forEach(
            name ->
                artifacts.put("component." + name, catalog.componentModel(name).getArtifactId()));
    catalog
        .findDataFormatNames()
        .forEach(
            name ->
                artifacts.put("dataformat." + name, catalog.dataFormatModel(name).getArtifactId()));
    catalog
        .findLanguageNames()
        .forEach(
            name -> artifacts.put("language." + name, catalog.languageModel(name).getArtifactId()));
    Properties ours = new Properties();
    try (InputStream in = getClass().getResourceAsStream("/components/artifacts.properties")) {
      ours.load(in);
    }

    assertThat(new TreeMap<>(ours)).isEqualTo(artifacts);
    assertThat(catalog.getCatalogVersion()).isEqualTo(ComponentJars.camelVersion());
  }

  @Test
  void messages_of_camel_that_are_about_something_else_are_left() {
    assertThat(MissingComponent.explain("Unknown parameters=[{x=1}]")).isEmpty();
  }
}
