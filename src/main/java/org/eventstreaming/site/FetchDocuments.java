package org.eventstreaming.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.ChildRows;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.document.Unread;
import org.eventstreaming.producer.SiteAccess;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.jspecify.annotations.Nullable;

/**
 * Reads whole documents as their producer has them now: in bulk, one list call for each type and
 * one for each of its child tables, since that is a hundred times faster than one by one. One by
 * one go the documents of types whose definition is unknown, what a list left out (only a call of
 * its own says whether it is gone or hidden), and what changed between two lists.
 */
public final class FetchDocuments {
  /** Few enough for the memory of a page, enough for the speed of lists. */
  static final int DOCUMENTS_A_CALL = 500;

  /** Lists of one type that a site fails on before all that is left is read one by one. */
  private static final int MOST_FAULTS = 16;

  /** A single document may be empty in what is hidden. */
  private static final int PROBED = 5;

  private final FrappeSites sites;
  private final DocTypes doctypes;
  private final Callers callers;
  private final Seen seen;
  private final Shown shown;
  private final Clock clock;
  private final ReadableLevels levels;

  /** When lists of a type were seen to show less than single reads, by site and type. */
  private final Map<List<String>, Instant> listsShowLess = new ConcurrentHashMap<>();

  /** When single reads of a type were tried for what its lists do not show. */
  private final Map<List<String>, Instant> probed = new ConcurrentHashMap<>();

  /**
   * @param seen hears which fields reads of a type do not show
   */
  public FetchDocuments(
      FrappeSites sites, DocTypes doctypes, Callers callers, Seen seen, Clock clock) {
    this(sites, doctypes, callers, seen, (siteUrl, states) -> states, clock);
  }

  /**
   * @param seen hears which fields reads of a type do not show
   * @param shown what of the documents the stream is to see
   */
  public FetchDocuments(
      FrappeSites sites, DocTypes doctypes, Callers callers, Seen seen, Shown shown, Clock clock) {
    this.sites = sites;
    this.doctypes = doctypes;
    this.callers = callers;
    this.seen = seen;
    this.shown = shown;
    this.clock = clock;
    this.levels = new ReadableLevels(doctypes, clock);
  }

  /** Hears which fields above the key's permission levels whole reads of a type do not show. */
  @FunctionalInterface
  public interface Seen {
    void saw(String siteUrl, String doctype, Unread unread);
  }

  /** Makes of documents of a site what the stream is to see of them. */
  @FunctionalInterface
  public interface Shown {
    Map<DocumentKey, FullState> of(String siteUrl, Map<DocumentKey, FullState> states);
  }

  /**
   * Each document with what the producer answered. Never throws for what a site answers.
   *
   * @param zone the producer's time zone: its times are in it
   */
  public Fetched fetch(SiteAccess access, ZoneId zone, Collection<DocumentKey> wanted) {
    return wanted.isEmpty()
        ? new Fetched(Map.of(), Map.of())
        : new Fetching(access, zone).all(wanted);
  }

  /**
   * The oldest document that has these values, for each of them: in one list call for all that ask
   * by the same single field.
   *
   * @return its name, or why there is none
   */
  public Map<Search, Found> find(SiteAccess access, Collection<Search> searches) {
    FrappeSite site = sites.of(access);
    ExecutorService mine = callers.of(access);
    Map<Search, Found> found = new HashMap<>();
    Map<List<String>, List<Search>> groups = new LinkedHashMap<>();
    for (Search search : new LinkedHashSet<>(searches)) {
      search
          .onlyField()
          .ifPresent(
              field ->
                  groups
                      .computeIfAbsent(List.of(search.doctype(), field), key -> new ArrayList<>())
                      .add(search));
    }
    groups.values().removeIf(group -> group.size() == 1);
    Map<List<String>, Future<Map<String, String>>> lists = new LinkedHashMap<>();
    groups.forEach((key, group) -> lists.put(key, mine.submit(() -> names(site, key, group))));
    lists.forEach(
        (key, list) -> {
          Map<String, String> names = Callers.answer(list);
          for (Search search : groups.getOrDefault(key, List.of())) {
            String name = names.get(search.values().path(key.get(1)).asText());
            if (name != null) {
              found.put(search, new Found.Name(name));
            }
          }
        });
    // what a list did not show may be written otherwise there: the site itself compares
    Map<Search, Future<Found>> calls = new LinkedHashMap<>();
    for (Search search : searches) {
      if (!found.containsKey(search)) {
        calls.computeIfAbsent(search, one -> mine.submit(() -> first(site, one)));
      }
    }
    calls.forEach((search, call) -> found.put(search, Callers.answer(call)));
    return found;
  }

  private static Map<String, String> names(
      FrappeSite site, List<String> doctypeAndField, List<Search> group) {
    String field = doctypeAndField.get(1);
    try {
      return site.namesBy(
          doctypeAndField.get(0),
          field,
          group.stream().map(search -> search.values().path(field).asText()).toList());
    } catch (SiteFailure e) {
      // each is asked alone then, and reports its own failure
      return Map.of();
    }
  }

  private static Found first(FrappeSite site, Search search) {
    try {
      return site.firstWith(search.doctype(), search.values())
          .<Found>map(Found.Name::new)
          .orElseGet(() -> new Found.None("no such document is there", false));
    } catch (SiteFailure e) {
      return new Found.None(String.valueOf(e.getMessage()), e.passes());
    }
  }

  /**
   * What a site answered.
   *
   * @param states of all documents that were asked for: by the name that the site has, and Gone by
   *     one that it has in another spelling alone
   * @param called what the site calls those that were asked for in another spelling
   */
  public record Fetched(Map<DocumentKey, FullState> states, Map<DocumentKey, DocumentKey> called) {
    public Fetched {
      states = Map.copyOf(states);
      called = Map.copyOf(called);
    }
  }

  /** A document that is identified by its values. */
  public record Search(String doctype, ObjectNode values) {
    Optional<String> onlyField() {
      return values.size() == 1 && values.elements().next().isTextual()
          ? Optional.of(values.fieldNames().next())
          : Optional.empty();
    }
  }

  /** What came of a search. */
  public sealed interface Found {
    /** The name of the document on the producer. */
    record Name(String name) implements Found {}

    /** There is none, or it cannot be known now. */
    record None(String why, boolean passes) implements Found {}
  }

  /** One fetching from one site. */
  private final class Fetching {
    private final SiteAccess access;
    private final FrappeSite site;
    private final ExecutorService threads;
    private final ZoneId zone;
    private final Map<DocumentKey, FullState> states = new HashMap<>();
    private final Map<String, Unread> unread = new ConcurrentHashMap<>();
    private final Map<DocumentKey, DocumentKey> called = new HashMap<>();
    // a site that does not answer one call will not answer the others either
    private final AtomicReference<@Nullable String> silent = new AtomicReference<>();

    Fetching(SiteAccess access, ZoneId zone) {
      this.access = access;
      this.site = sites.of(access);
      this.threads = callers.of(access);
      this.zone = zone;
    }

    Fetched all(Collection<DocumentKey> wanted) {
      Map<String, Set<String>> names = new LinkedHashMap<>();
      wanted.forEach(
          key ->
              names.computeIfAbsent(key.doctype(), type -> new LinkedHashSet<>()).add(key.name()));
      List<Bulk> bulks = new ArrayList<>();
      names.forEach((doctype, some) -> known(doctype).ifPresent(it -> bulks.addAll(of(it, some))));
      inBulk(bulks);
      Map<DocumentKey, Future<FullState>> calls = new LinkedHashMap<>();
      for (DocumentKey key : wanted) {
        if (!states.containsKey(key)) {
          calls.computeIfAbsent(key, one -> threads.submit(() -> alone(one)));
        }
      }
      calls.forEach((key, call) -> keep(key, Callers.answer(call)));
      unread.forEach((doctype, some) -> seen.saw(access.url(), doctype, some));
      return new Fetched(shown.of(access.url(), states), called);
    }

    /** The site alone knows which spellings are one name to it: the name that it answers counts. */
    private void keep(DocumentKey key, FullState state) {
      if (state instanceof FullState.Present present) {
        String name = present.document().path("name").asText("");
        if (!name.isEmpty() && !name.equals(key.name())) {
          DocumentKey stored = new DocumentKey(key.doctype(), name);
          states.put(key, new FullState.Gone());
          states.putIfAbsent(stored, state);
          called.put(key, stored);
          return;
        }
      }
      states.put(key, state);
    }

    private Optional<DocType> known(String doctype) {
      return doctypes
          .find(doctype)
          .filter(
              definition ->
                  !definition.issingle()
                      && !definition.istable()
                      && definition.tables().stream().allMatch(table -> table.options() != null));
    }

    private List<Bulk> of(DocType definition, Set<String> names) {
      List<Bulk> bulks = new ArrayList<>();
      // a single document is one call either way, and whole at one moment
      if (names.size() > 1 && !listsShowLess(definition.name())) {
        List<String> all = List.copyOf(names);
        int documents = site.rowsACall(DOCUMENTS_A_CALL);
        for (int i = 0; i < all.size(); i += documents) {
          bulks.add(new Bulk(definition, all.subList(i, Math.min(all.size(), i + documents))));
        }
      }
      return bulks;
    }

    private void inBulk(List<Bulk> bulks) {
      Set<String> spelledOtherwise = ConcurrentHashMap.newKeySet();
      Map<Bulk, Future<Map<String, ObjectNode>>> parents = new LinkedHashMap<>();
      for (Bulk bulk : bulks) {
        parents.put(bulk, threads.submit(() -> parents(bulk)));
      }
      Map<Bulk, Map<String, ObjectNode>> found = new LinkedHashMap<>();
      parents.forEach((bulk, call) -> found.put(bulk, Callers.answer(call)));
      Map<Bulk, List<Future<Set<String>>>> rows = new LinkedHashMap<>();
      found.forEach(
          (bulk, documents) -> {
            if (!documents.isEmpty()) {
              rows.put(
                  bulk,
                  bulk.rowTypes().stream()
                      .map(
                          type ->
                              threads.submit(
                                  () -> rowsInto(documents, bulk, type, spelledOtherwise)))
                      .toList());
            }
          });
      found.forEach(
          (bulk, documents) -> {
            Set<String> incomplete = new LinkedHashSet<>();
            for (Future<Set<String>> call : rows.getOrDefault(bulk, List.of())) {
              incomplete.addAll(Callers.answer(call));
            }
            // read alone, with those rows that the site counts as theirs
            documents
                .keySet()
                .removeIf(
                    name ->
                        incomplete.contains(name)
                            || spelledOtherwise.contains(Spelling.rough(name)));
            keep(bulk, documents);
          });
    }

    /** Lists leave out fields above the key's permission level, and computed ones. */
    private void keep(Bulk bulk, Map<String, ObjectNode> documents) {
      DocType definition = bulk.definition();
      List<DocType> types = ReadableLevels.withRowTypes(definition, doctypes);
      if (documents.isEmpty() || types.stream().allMatch(type -> maybeHidden(type).isEmpty())) {
        documents.forEach((name, document) -> keep(definition, name, document, Unread.NONE));
        return;
      }
      Unread singly;
      try {
        singly = hiddenSingly(definition);
      } catch (SiteFailure e) {
        noteSilence(e);
        return;
      }
      Unread hidden = hiddenByList(definition, types, documents.values(), singly);
      if (!covers(singly, hidden)) {
        // by roles and permissions as they are now
        levels.forget(access, definition);
        try {
          singly = hiddenSingly(definition);
        } catch (SiteFailure e) {
          noteSilence(e);
          return;
        }
        hidden = hiddenByList(definition, types, documents.values(), singly);
      }
      if (!covers(singly, hidden)
          || (!hidden.isEmpty() && singleReadsProveMore(definition, hidden, documents.keySet()))) {
        // single reads show more, so these documents are read singly
        listsShowLess.put(List.of(access.url(), definition.name()), clock.instant());
        return;
      }
      unread.put(definition.name(), hidden);
      Unread all = hidden.and(computed(types));
      documents.forEach((name, document) -> keep(definition, name, document, all));
    }

    private static Unread hiddenByList(
        DocType definition, List<DocType> types, Collection<ObjectNode> documents, Unread singly) {
      Map<String, Set<String>> hidden = new HashMap<>();
      for (DocType type : types) {
        ObjectNode shown = anyOf(type, definition, documents);
        hidden.put(
            type.name(),
            shown == null
                ? singly.of(type.name())
                : ReadableLevels.levelled(type).stream()
                    .filter(field -> !field.isTable() && !shown.has(field.fieldname()))
                    .map(DocField::fieldname)
                    .collect(Collectors.toSet()));
      }
      return new Unread(hidden);
    }

    private static Unread computed(List<DocType> types) {
      return new Unread(
          types.stream()
              .collect(
                  Collectors.toMap(
                      DocType::name,
                      type ->
                          type.fields().stream()
                              .filter(DocField::isVirtual)
                              .map(DocField::fieldname)
                              .collect(Collectors.toSet()))));
    }

    private static boolean covers(Unread all, Unread some) {
      return some.fields().entrySet().stream()
          .allMatch(type -> all.of(type.getKey()).containsAll(type.getValue()));
    }

    /**
     * Once an hour a few documents are read singly, to see whether that shows what lists do not.
     */
    private boolean singleReadsProveMore(
        DocType definition, Unread hidden, Collection<String> names) {
      List<String> type = List.of(access.url(), definition.name());
      if (levels.isFresh(probed.get(type))) {
        return false;
      }
      probed.put(type, clock.instant());
      return names.stream()
          .limit(PROBED)
          .map(name -> alone(new DocumentKey(definition.name(), name)))
          .anyMatch(
              state ->
                  state instanceof FullState.Present present && !covers(present.unread(), hidden));
    }

    /** Of all rows of one list the same fields are shown. Null where there is none. */
    private static @Nullable ObjectNode anyOf(
        DocType type, DocType definition, Collection<ObjectNode> documents) {
      for (ObjectNode document : documents) {
        if (type.name().equals(definition.name())) {
          return document;
        }
        for (DocField table : definition.tables()) {
          List<ObjectNode> rows = ChildRows.of(document.path(table.fieldname()));
          if (type.name().equals(table.options()) && !rows.isEmpty()) {
            return rows.get(0);
          }
        }
      }
      return null;
    }

    private static List<DocField> maybeHidden(DocType type) {
      return type.fields().stream()
          .filter(field -> field.permlevel() > 0 || field.isVirtual())
          .toList();
    }

    private Unread hiddenSingly(DocType definition) {
      return levels.hiddenSingly(site, access, definition);
    }

    private boolean listsShowLess(String doctype) {
      return levels.isFresh(listsShowLess.get(List.of(access.url(), doctype)));
    }

    /** Empty where a list is refused: single documents may be readable all the same. */
    private Map<String, ObjectNode> parents(Bulk bulk) {
      Map<String, ObjectNode> documents = new LinkedHashMap<>();
      String doctype = bulk.definition().name();
      inHalves(
          bulk.names(),
          names -> {
            for (ObjectNode document : site.parents(doctype, names)) {
              // who may only select a type is shown a few fields of its documents
              if (document.has("modified")) {
                document.put("doctype", doctype);
                documents.put(document.path("name").asText(), document);
              }
            }
          });
      return documents;
    }

    /**
     * Reads what belongs to documents of one type. A list that the site fails on for good is asked
     * for again by halves, so that only the document that it fails on is absent.
     *
     * @return the names of which nothing was read
     */
    private Set<String> inHalves(Collection<String> all, Consumer<List<String>> read) {
      Set<String> unread = new LinkedHashSet<>();
      Deque<List<String>> parts = new ArrayDeque<>(List.of(List.copyOf(all)));
      int faults = 0;
      while (!parts.isEmpty()) {
        List<String> names = parts.pop();
        if (silent.get() != null || faults > MOST_FAULTS) {
          unread.addAll(names);
          continue;
        }
        try {
          read.accept(names);
        } catch (SiteFailure e) {
          noteSilence(e);
          if (e.kind() == SiteFailure.Kind.FAULT && names.size() > 1) {
            faults++;
            int half = names.size() / 2;
            parts.push(names.subList(half, names.size()));
            parts.push(names.subList(0, half));
          } else {
            unread.addAll(names);
          }
        }
      }
      return unread;
    }

    /** Answers the documents whose rows could not be read. */
    private Set<String> rowsInto(
        Map<String, ObjectNode> documents,
        Bulk bulk,
        String rowType,
        Set<String> spelledOtherwise) {
      return inHalves(
          documents.keySet(),
          names -> {
            for (ObjectNode row : site.children(rowType, bulk.definition().name(), names)) {
              String parent = row.path("parent").asText();
              ObjectNode document = documents.get(parent);
              String table = row.path("parentfield").asText("");
              if (document == null) {
                spelledOtherwise.add(Spelling.rough(parent));
              } else if (!table.isEmpty()) {
                synchronized (document) {
                  document.withArray("/" + table).add(row);
                }
              }
            }
          });
    }

    private void keep(DocType definition, String name, ObjectNode document, Unread hidden) {
      @Nullable Instant modified = time(document);
      // a row newer than its document: written past it, or in between the two lists
      boolean torn = rows(document).stream().anyMatch(row -> isAfter(time(row), modified));
      if (!torn) {
        states.put(
            new DocumentKey(definition.name(), name),
            new FullState.Present(document, modified, hidden));
      }
    }

    private FullState alone(DocumentKey key) {
      String known = silent.get();
      if (known != null) {
        return new FullState.Unknown(known);
      }
      try {
        Optional<ObjectNode> found = site.document(key.doctype(), key.name());
        if (found.isEmpty()) {
          return new FullState.Gone();
        }
        DocType definition = doctypes.find(key.doctype()).orElse(null);
        Unread hidden = Unread.NONE;
        if (definition != null) {
          hidden = levels.hiddenIn(site, access, definition, found.get());
          unread.put(key.doctype(), hidden);
        }
        return new FullState.Present(found.get(), greatest(found.get()), hidden);
      } catch (SiteFailure e) {
        noteSilence(e);
        String why = String.valueOf(e.getMessage());
        return e.passes() ? new FullState.Unknown(why) : new FullState.Refused(why);
      }
    }

    private void noteSilence(SiteFailure failure) {
      if (failure.kind() == SiteFailure.Kind.UNREACHABLE) {
        silent.set(failure.getMessage());
      }
    }

    private @Nullable Instant greatest(ObjectNode document) {
      Instant greatest = time(document);
      for (ObjectNode row : rows(document)) {
        Instant modified = time(row);
        greatest = isAfter(modified, greatest) ? modified : greatest;
      }
      return greatest;
    }

    private @Nullable Instant time(ObjectNode document) {
      return FrappeTime.instant(document.path("modified").asText(""), zone).orElse(null);
    }
  }

  /** Some documents of one type. */
  private record Bulk(DocType definition, List<String> names) {
    List<String> rowTypes() {
      return definition.tables().stream()
          .map(DocField::options)
          .map(Objects::requireNonNull)
          .distinct()
          .toList();
    }
  }

  private static List<ObjectNode> rows(ObjectNode document) {
    List<ObjectNode> rows = new ArrayList<>();
    for (JsonNode value : document) {
      if (value.isArray()) {
        rows.addAll(ChildRows.of(value));
      }
    }
    return rows;
  }

  private static boolean isAfter(@Nullable Instant one, @Nullable Instant other) {
    return one != null && (other == null || one.isAfter(other));
  }
}
