package org.eventstreaming.producer;

import com.fasterxml.jackson.core.JsonPointer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eventstreaming.files.FileSchema;
import org.eventstreaming.files.MarkedFile;
import org.eventstreaming.files.Placeholders;
import org.eventstreaming.files.Problems;

/** A file that names a site and what opens it, while it is read. */
class SiteFile {
  private static final int LONGEST_NAME = 140;

  final MarkedFile file;
  final Problems problems;
  private final Placeholders placeholders;
  private final Secrets secrets;
  private final Set<JsonPointer> refused = new HashSet<>();

  SiteFile(MarkedFile file, Problems problems, Placeholders placeholders, Secrets secrets) {
    this.file = file;
    this.problems = problems;
    this.placeholders = placeholders;
    this.secrets = secrets;
  }

  final void check(FileSchema schema, JsonPointer base) {
    refused.addAll(schema.check(file, base, problems));
  }

  /** Whether it was refused already: then nothing more is said of it. */
  final boolean isRefused(JsonPointer at) {
    return refused.contains(at);
  }

  /**
   * The address of the site.
   *
   * @param fileOfUrl those of other files, which it is added to
   */
  final Optional<String> url(JsonPointer at, Map<String, Path> fileOfUrl) {
    return name(at)
        .flatMap(
            text -> {
              try {
                var url = SiteUrl.of(text);
                var other = fileOfUrl.putIfAbsent(url.toLowerCase(Locale.ROOT), file.file());
                if (other != null) {
                  refuse(
                      at,
                      "this "
                          + key(at)
                          + " stands in "
                          + other.toString().replace('\\', '/')
                          + " already: a site has one file");
                }
                return Optional.of(url);
              } catch (IllegalArgumentException wrong) {
                refuse(at, key(at) + " " + wrong.getMessage());
                return Optional.empty();
              }
            });
  }

  Optional<String> name(JsonPointer at) {
    return line(at)
        .filter(
            name -> {
              var fits = name.length() <= LONGEST_NAME;
              if (!fits) {
                refuse(
                    at,
                    "%s must have at most %d characters, has %d"
                        .formatted(key(at), LONGEST_NAME, name.length()));
              }
              return fits;
            });
  }

  Optional<String> line(JsonPointer at) {
    return text(at)
        .filter(
            line -> {
              if (line.isBlank()) {
                refuse(at, key(at) + " must not be empty");
              } else if (!line.equals(line.strip())) {
                refuse(at, key(at) + " must not begin or end with a space or line break");
              } else if (line.chars().anyMatch(Character::isISOControl)) {
                refuse(at, key(at) + " must be a single line");
              } else {
                return true;
              }
              return false;
            });
  }

  /** Empty where there is none, or it is refused. */
  final Optional<Secret> secret(JsonPointer at) {
    if (secrets == Secrets.READ) {
      return line(at).map(Secret::new);
    }
    return isRefused(at) || !file.root().at(at).isTextual()
        ? Optional.empty()
        : Optional.of(Secret.UNREAD);
  }

  Optional<String> text(JsonPointer at) {
    var value = file.root().at(at);
    return isRefused(at) || !value.isTextual()
        ? Optional.empty()
        : placeholders.resolve(value.textValue(), problem -> refuse(at, key(at) + ": " + problem));
  }

  boolean isOn(JsonPointer at) {
    var value = file.root().at(at);
    return value.asInt() == 1 || value.booleanValue();
  }

  void refuse(JsonPointer at, String message) {
    problems.add(file.file(), file.value(at), message);
  }

  static String key(JsonPointer at) {
    return at.last().getMatchingProperty();
  }
}
