package org.eventstreaming.naming;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.eventstreaming.doctype.DocType;
import org.jspecify.annotations.Nullable;

/**
 * Gives a document its local name by the rule in {@code autoname} of its definition, as Frappe
 * would (protocol: frappe-semantics 4.7). While the definition is unknown, or its rule is none that
 * Frappe knows, the name is a random hash.
 */
public final class NameDocument {
  private static final int MOST_CHARACTERS = 140;
  private static final int HASH_LENGTH = 10;
  private static final String HASH_CHARACTERS = "0123456789abcdefghijklmnopqrstuv";

  private final Clock clock;
  private final RandomGenerator random;

  /**
   * @param clock its zone decides which day it is in a name
   * @param random must not repeat itself after a restart
   */
  public NameDocument(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * The name, trimmed, and without its number where the rule counts. Whether the name is taken is
   * for the store to say.
   *
   * @param definition of the local DocType; null while it is unknown
   * @throws NamingFailed where the rule gives no name
   */
  public NameDraft draft(@Nullable DocType definition, ObjectNode document, String remoteName) {
    String autoname = definition == null ? null : definition.autoname();
    if (definition == null || autoname == null || autoname.isBlank()) {
      return NameDraft.of(hash());
    }
    NamedDocument named = new NamedDocument(definition, document, remoteName, autoname.strip());
    NameDraft draft = byRule(named);
    return new NameDraft(draft.series(), number -> checked(draft.name().apply(number), named));
  }

  private NameDraft byRule(NamedDocument named) {
    String rule = named.rule();
    String lower = rule.toLowerCase(Locale.ROOT);
    if (lower.startsWith("naming_series:")) {
      return series(named, named.namingSeries() + ".#####");
    }
    if (lower.startsWith("field:")) {
      return NameDraft.of(named.required(rule.substring("field:".length()).strip()));
    }
    if (lower.startsWith("format:")) {
      NamePattern pattern = new NamePattern(named, LocalDateTime.now(clock));
      return pattern.format(rule.substring("format:".length())).draft();
    }
    return switch (lower) {
      case "autoincrement" ->
          new NameDraft("autoincrement:" + named.definition().name(), Long::toString);
      case "uuid" -> NameDraft.of(uuid());
      default -> {
        if (lower.startsWith("prompt")) {
          yield NameDraft.of(remoteName(named));
        }
        yield rule.contains("#") ? series(named, rule) : NameDraft.of(hash());
      }
    };
  }

  private NameDraft series(NamedDocument named, String series) {
    if (!series.contains(".#")) {
      throw named.failed(
          "a series needs a dot before its hashes", "Write the rule as PREFIX-.#####");
    }
    return new NamePattern(named, LocalDateTime.now(clock)).series(series).draft();
  }

  private static String remoteName(NamedDocument named) {
    if (named.remoteName().isBlank()) {
      throw named.failed(
          "it takes the name of the producer, and there is none", "Give the DocType another rule");
    }
    return named.remoteName();
  }

  private static String checked(String name, NamedDocument named) {
    String trimmed = name.strip();
    int characters = trimmed.codePointCount(0, trimmed.length());
    if (characters > MOST_CHARACTERS) {
      String start = trimmed.substring(0, trimmed.offsetByCodePoints(0, 40));
      throw named.failed(
          "the name \"%s…\" would have %d characters, at most %d are possible"
              .formatted(start, characters, MOST_CHARACTERS),
          "Shorten the fields or the rule");
    }
    if (trimmed.isEmpty()) {
      throw named.failed("the name would be empty", "Correct the rule");
    }
    return trimmed;
  }

  private String hash() {
    StringBuilder hash = new StringBuilder(HASH_LENGTH);
    for (int i = 0; i < HASH_LENGTH; i++) {
      hash.append(HASH_CHARACTERS.charAt(random.nextInt(HASH_CHARACTERS.length())));
    }
    return hash.toString();
  }

  /** Version 7, as Frappe gives them: the milliseconds first, so that names grow. */
  private String uuid() {
    long most = (clock.millis() << 16) | 0x7000L | random.nextLong(0x1000);
    long least = (random.nextLong() >>> 2) | Long.MIN_VALUE;
    return new UUID(most, least).toString();
  }
}
