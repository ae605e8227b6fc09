package org.eventstreaming.site;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.ChildRows;
import org.eventstreaming.document.Unread;
import org.eventstreaming.producer.SiteAccess;
import org.jspecify.annotations.Nullable;

/**
 * Which fields single reads do not show to the user of a key: those above the permission levels
 * that its roles may read, by the permissions of the document's own type for child rows too
 * (protocol: live evidence 7). Asked for once an hour, and where the definition changed; a level
 * that cannot be found out counts as not readable. Safe for many threads.
 */
public final class ReadableLevels {
  private static final Duration FRESH = Duration.ofHours(1);
  private static final String ADMINISTRATOR = "Administrator";

  private final DocTypes doctypes;
  private final Clock clock;
  private final Map<Question, Answer> answers = new ConcurrentHashMap<>();

  /** Users to whom single reads show all levels, whatever their roles, and since when. */
  private final Map<List<String>, Instant> shownAll = new ConcurrentHashMap<>();

  /**
   * @param doctypes know the child tables of a type
   */
  public ReadableLevels(DocTypes doctypes, Clock clock) {
    this.doctypes = doctypes;
    this.clock = clock;
  }

  /** Makes no call where the type and its child tables have no field above level 0. */
  public Unread hiddenSingly(FrappeSite site, SiteAccess access, DocType definition) {
    List<DocType> types = withRowTypes(definition, doctypes);
    if (access.user().equals(ADMINISTRATOR)
        || isFresh(shownAll.get(List.of(access.url(), access.user())))
        || types.stream().allMatch(type -> levelled(type).isEmpty())) {
      return Unread.NONE;
    }
    Question question = new Question(access.url(), access.user(), definition.name());
    Answer known = answers.get(question);
    if (known == null || !known.types().equals(types) || !isFresh(known.at())) {
      known = new Answer(types, levels(site, access, definition.name()), clock.instant());
      answers.put(question, known);
    }
    Set<Integer> levels = known.levels();
    Map<String, Set<String>> hidden = new HashMap<>();
    for (DocType type : types) {
      hidden.put(
          type.name(),
          levelled(type).stream()
              .filter(field -> !levels.contains(field.permlevel()))
              .map(DocField::fieldname)
              .collect(Collectors.toSet()));
    }
    return new Unread(hidden);
  }

  /**
   * Learns from a single read: a value in a field that should be hidden proves that single reads of
   * this site show all levels, as before version 15.
   *
   * @return whether that is proved
   */
  boolean provesMore(SiteAccess access, ObjectNode document, DocType definition, Unread hidden) {
    boolean proved =
        shows(document, hidden.of(definition.name()))
            || definition.tables().stream()
                .filter(table -> table.options() != null)
                .anyMatch(
                    table ->
                        ChildRows.of(document.path(table.fieldname())).stream()
                            .anyMatch(
                                row ->
                                    shows(
                                        row, hidden.of(Objects.requireNonNull(table.options())))));
    if (proved) {
      shownAll.put(List.of(access.url(), access.user()), clock.instant());
    }
    return proved;
  }

  private static boolean shows(ObjectNode object, Set<String> fields) {
    return fields.stream()
        .map(object::path)
        .anyMatch(
            value ->
                value.isNumber()
                    ? value.decimalValue().signum() != 0
                    : value.isContainerNode() ? !value.isEmpty() : !value.asText("").isEmpty());
  }

  boolean isFresh(@Nullable Instant at) {
    return at != null && Duration.between(at, clock.instant()).compareTo(FRESH) < 0;
  }

  /** The stored fields above permission level 0. */
  static List<DocField> levelled(DocType type) {
    return type.fields().stream()
        .filter(field -> field.permlevel() > 0 && (field.isStoredValue() || field.isTable()))
        .toList();
  }

  /** The type itself and the types of its rows, as far as they are known. */
  static List<DocType> withRowTypes(DocType definition, DocTypes doctypes) {
    return Stream.concat(
            Stream.of(definition),
            definition.tables().stream()
                .map(DocField::options)
                .flatMap(Stream::ofNullable)
                .distinct()
                .map(doctypes::find)
                .flatMap(Optional::stream))
        .toList();
  }

  private static Set<Integer> levels(FrappeSite site, SiteAccess access, String doctype) {
    try {
      Map<Integer, Set<String>> readers =
          site.docTypes(doctype).stream()
              .filter(type -> type.name().equals(doctype))
              .findFirst()
              .map(DocType::readers)
              .orElse(Map.of());
      Set<String> roles = site.roles(access.user());
      return readers.entrySet().stream()
          .filter(level -> level.getValue().stream().anyMatch(roles::contains))
          .map(Map.Entry::getKey)
          .collect(Collectors.toSet());
    } catch (SiteFailure e) {
      if (e.isSilent()) {
        throw e;
      }
      return Set.of();
    }
  }

  private record Question(String url, String user, String doctype) {}

  /**
   * @param types the definitions that it was asked for
   */
  private record Answer(List<DocType> types, Set<Integer> levels, Instant at) {}
}
