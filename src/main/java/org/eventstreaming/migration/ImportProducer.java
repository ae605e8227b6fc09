package org.eventstreaming.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eventstreaming.files.YamlText;
import org.eventstreaming.producer.NeverStreamed;
import org.eventstreaming.producer.SiteUrl;

/**
 * Makes a file of {@code producers/} of a Frappe site's Event Producer (protocol: frappe-semantics
 * 2). Both credentials become placeholders: the secret cannot be read from the site, and a key
 * belongs beside its secret.
 */
public final class ImportProducer {
  private final List<String> notes = new ArrayList<>();

  private ImportProducer() {}

  /**
   * The file.
   *
   * @throws CannotImport where the address is none that can be followed, or a text would be read as
   *     a placeholder here
   */
  public static ImportedFile of(ObjectNode document) throws CannotImport {
    return new ImportProducer().file(document);
  }

  private ImportedFile file(ObjectNode document) throws CannotImport {
    String url = url(document.path("producer_url").asText());
    String slug = ImportedFile.slug(url.substring(url.indexOf("://") + "://".length()));
    String variable = variable(slug);
    List<String> environment = List.of(variable + "_API_KEY", variable + "_API_SECRET");
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    file.put("producer_url", url);
    file.put("user", plain("user", document.path("user").asText()));
    file.put("api_key", "{{env:" + environment.get(0) + "}}");
    file.put("api_secret", "{{env:" + environment.get(1) + "}}");
    var rows = file.putArray("producer_doctypes");
    for (JsonNode row : document.path("producer_doctypes")) {
      String doctype = plain("ref_doctype", row.path("ref_doctype").asText());
      Optional<String> reason = NeverStreamed.reason(doctype);
      if (reason.isPresent()) {
        notes.add("%s is left out: it is never streamed, %s".formatted(doctype, reason.get()));
      } else {
        rows.add(row(doctype, row));
      }
    }
    return new ImportedFile(
        "producers", slug, YamlText.of("event-producer-1.json", file), environment, notes);
  }

  private static ObjectNode row(String doctype, JsonNode row) throws CannotImport {
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    kept.put("ref_doctype", doctype);
    kept.put("use_same_name", row.path("use_same_name").asInt());
    if (row.path("has_mapping").asInt() == 1) {
      kept.put("has_mapping", 1);
      kept.put("mapping", plain("mapping", row.path("mapping").asText("")));
    }
    if (!row.path("condition").asText("").isBlank()) {
      kept.put("condition", plain("condition", row.path("condition").asText()));
    }
    if (row.path("unsubscribe").asInt() == 1) {
      kept.put("unsubscribe", 1);
    }
    return kept;
  }

  private static String url(String text) throws CannotImport {
    try {
      return SiteUrl.of(text);
    } catch (IllegalArgumentException wrong) {
      throw new CannotImport("its producer_url " + wrong.getMessage());
    }
  }

  /** Text from elsewhere must not be able to ask for what this machine keeps. */
  private static String plain(String key, String text) throws CannotImport {
    if (text.contains("{{")) {
      throw new CannotImport("its %s holds {{, which begins a placeholder here".formatted(key));
    }
    return text;
  }

  private static String variable(String slug) {
    String name = slug.replace('-', '_').toUpperCase(Locale.ROOT);
    return Character.isDigit(name.charAt(0)) ? "SITE_" + name : name;
  }
}
