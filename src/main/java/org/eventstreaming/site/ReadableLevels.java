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

  /** How old an answer is at least before an empty field makes it asked for again. */
  private static final Duration SUSPECTED = Duration.ofMinutes(1);

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
      known = ask(site, access, question, types);
    }
    return hidden(types, known.levels());
  }

  /** What changed of roles or permissions since they were asked for counts from now on. */
  void forget(SiteAccess access, DocType definition) {
    answers.remove(new Question(access.url(), access.user(), definition.name()));
  }

  /**
   * The same for a document that a single read showed. Where it contradicts what is known, roles
   * and permissions are asked for again. A value in a field that is hidden by them all the same
   * proves that single reads of this site show all levels, as before version 15.
   */
  Unread hiddenIn(FrappeSite site, SiteAccess access, DocType definition, ObjectNode document) {
    return byRoles(site, access, definition, document).and(leftOut(definition, document));
  }

  /** A number that is never empty and does not show is hidden, whoever asks. */
  private Unread leftOut(DocType definition, ObjectNode document) {
    Map<String, Set<String>> hidden = new HashMap<>();
    for (DocType type : withRowTypes(definition, doctypes)) {
      List<ObjectNode> objects =
          type.name().equals(definition.name())
              ? List.of(document)
              : definition.tables().stream()
                  .filter(table -> type.name().equals(table.options()))
                  .flatMap(table -> ChildRows.of(document.path(table.fieldname())).stream())
                  .toList();
      hidden.put(
          type.name(),
          levelled(type).stream()
              .filter(DocField::isNeverEmpty)
              .map(DocField::fieldname)
              .filter(field -> objects.stream().anyMatch(object -> !object.has(field)))
              .collect(Collectors.toSet()));
    }
    return new Unread(hidden);
  }

  private Unread byRoles(
      FrappeSite site, SiteAccess access, DocType definition, ObjectNode document) {
    Unread hidden = hiddenSingly(site, access, definition);
    Question question = new Question(access.url(), access.user(), definition.name());
    Answer known = answers.get(question);
    if (known == null || isFresh(shownAll.get(List.of(access.url(), access.user())))) {
      return hidden;
    }
    boolean shows = shows(document, definition, hidden);
    if (shows
        || (isOlderThan(SUSPECTED, known.at()) && isBlank(document, definition, known.levels()))) {
      known = ask(site, access, question, known.types());
      hidden = hidden(known.types(), known.levels());
      if (shows && known.levels() != null && shows(document, definition, hidden)) {
        shownAll.put(List.of(access.url(), access.user()), clock.instant());
        return Unread.NONE;
      }
    }
    return hidden;
  }

  private Answer ask(FrappeSite site, SiteAccess access, Question question, List<DocType> types) {
    Answer answer = new Answer(types, levels(site, access, question.doctype()), clock.instant());
    answers.put(question, answer);
    return answer;
  }

  private static Unread hidden(List<DocType> types, @Nullable Set<Integer> levels) {
    Map<String, Set<String>> hidden = new HashMap<>();
    for (DocType type : types) {
      hidden.put(
          type.name(),
          levelled(type).stream()
              .filter(field -> levels == null || !levels.contains(field.permlevel()))
              .map(DocField::fieldname)
              .collect(Collectors.toSet()));
    }
    return new Unread(hidden);
  }

  private static boolean shows(ObjectNode document, DocType definition, Unread hidden) {
    return shows(document, hidden.of(definition.name()))
        || definition.tables().stream()
            .filter(table -> table.options() != null)
            .anyMatch(
                table ->
                    ChildRows.of(document.path(table.fieldname())).stream()
                        .anyMatch(
                            row -> shows(row, hidden.of(Objects.requireNonNull(table.options())))));
  }

  /** Whether no field of some level that should be readable has a value: it may be hidden now. */
  private boolean isBlank(ObjectNode document, DocType definition, @Nullable Set<Integer> levels) {
    if (levels == null) {
      return false;
    }
    List<DocType> types = withRowTypes(definition, doctypes);
    return levels.stream()
        .filter(level -> level > 0)
        .map(level -> hidden(types, allBut(level, types)))
        .anyMatch(fields -> !fields.isEmpty() && !shows(document, definition, fields));
  }

  private static Set<Integer> allBut(int level, List<DocType> types) {
    return types.stream()
        .flatMap(type -> levelled(type).stream())
        .map(DocField::permlevel)
        .filter(other -> other != level)
        .collect(Collectors.toSet());
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
    return at != null && !isOlderThan(FRESH, at);
  }

  private boolean isOlderThan(Duration age, Instant at) {
    return Duration.between(at, clock.instant()).compareTo(age) >= 0;
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

  private static @Nullable Set<Integer> levels(FrappeSite site, SiteAccess access, String doctype) {
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
      return null;
    }
  }

  private record Question(String url, String user, String doctype) {}

  /**
   * @param types the definitions that it was asked for
   * @param levels null where they cannot be found out
   */
  private record Answer(List<DocType> types, @Nullable Set<Integer> levels, Instant at) {}
}
