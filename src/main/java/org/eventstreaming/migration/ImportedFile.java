package org.eventstreaming.migration;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/**
 * A document of a Frappe site as a file of a project.
 *
 * @param directory of the project, where the file goes
 * @param slug its name, for a file system and for people; several documents can have the same
 * @param text its content, without any secret
 * @param environment the environment variables that its placeholders name
 * @param notes what is otherwise than on the site, in short sentences
 */
public record ImportedFile(
    String directory, String slug, String text, List<String> environment, List<String> notes) {
  private static final int LONGEST_SLUG = 60;

  public ImportedFile {
    environment = List.copyOf(environment);
    notes = List.copyOf(notes);
  }

  /** Letters and digits in lower case, what is between them as one hyphen. */
  static String slug(String name) {
    String slug =
        Normalizer.normalize(name, Normalizer.Form.NFC)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^\\p{L}\\p{N}]+", "-")
            .replaceAll("^-|-$", "");
    int end = slug.codePointCount(0, slug.length());
    String cut =
        end > LONGEST_SLUG ? slug.substring(0, slug.offsetByCodePoints(0, LONGEST_SLUG)) : slug;
    return cut.isEmpty() ? "unnamed" : cut;
  }
}
