package org.eventstreaming.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.ChildRows;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.SiteAccess;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.jspecify.annotations.Nullable;

/**
 * Reads whole documents as their producer has them now: in bulk, one list call for each type and
 * one for each of its child tables, since that is a hundred times faster than one by one. One by
 * one go the documents of types whose definition is unknown, what a list left out (only a call of
 * its own tells whether it is gone or hidden), and what changed between two lists.
 */
public final class FetchDocuments {
  /** Few enough for the memory of a page, enough for the speed of lists. */
  private static final int DOCUMENTS_A_CALL = 500;

  private final FrappeSites sites;
  private final DocTypes doctypes;
  private final Callers callers;

  public FetchDocuments(FrappeSites sites, DocTypes doctypes, Callers callers) {
    this.sites = sites;
    this.doctypes = doctypes;
    this.callers = callers;
  }

  /**
   * Each document with what the producer answered. Never throws for what a site answers.
   *
   * @param zone the producer's time zone: its times are in it
   */
  public Map<DocumentKey, FullState> fetch(
      SiteAccess access, ZoneId zone, Collection<DocumentKey> wanted) {
    return wanted.isEmpty()
        ? Map.of()
        : new Fetching(sites.of(access), callers.of(access), zone).all(wanted);
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
      // each is asked alone then, and tells its own trouble
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

  /** A document that is told by its values. */
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

    /** There is none, or it cannot be told now. */
    record None(String why, boolean passes) implements Found {}
  }

  /** One fetching from one site. */
  private final class Fetching {
    private final FrappeSite site;
    private final ExecutorService threads;
    private final ZoneId zone;
    private final Map<DocumentKey, FullState> states = new HashMap<>();
    // a site that does not answer one call will not answer the others either
    private final AtomicReference<@Nullable String> silent = new AtomicReference<>();

    Fetching(FrappeSite site, ExecutorService threads, ZoneId zone) {
      this.site = site;
      this.threads = threads;
      this.zone = zone;
    }

    Map<DocumentKey, FullState> all(Collection<DocumentKey> wanted) {
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
      calls.forEach((key, call) -> states.put(key, Callers.answer(call)));
      return states;
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
      if (names.size() > 1) {
        List<String> all = List.copyOf(names);
        int documents = site.rowsACall(DOCUMENTS_A_CALL);
        for (int i = 0; i < all.size(); i += documents) {
          bulks.add(new Bulk(definition, all.subList(i, Math.min(all.size(), i + documents))));
        }
      }
      return bulks;
    }

    private void inBulk(List<Bulk> bulks) {
      Map<Bulk, Future<Map<String, ObjectNode>>> parents = new LinkedHashMap<>();
      for (Bulk bulk : bulks) {
        parents.put(bulk, threads.submit(() -> parents(bulk)));
      }
      Map<Bulk, Map<String, ObjectNode>> found = new LinkedHashMap<>();
      parents.forEach((bulk, call) -> found.put(bulk, Callers.answer(call)));
      Map<Bulk, List<Future<Boolean>>> rows = new LinkedHashMap<>();
      found.forEach(
          (bulk, documents) -> {
            if (!documents.isEmpty()) {
              rows.put(
                  bulk,
                  bulk.rowTypes().stream()
                      .map(type -> threads.submit(rowsInto(documents, bulk, type)))
                      .toList());
            }
          });
      found.forEach(
          (bulk, documents) -> {
            boolean complete = true;
            for (Future<Boolean> call : rows.getOrDefault(bulk, List.of())) {
              complete &= Callers.answer(call);
            }
            if (complete) {
              documents.forEach((name, document) -> keep(bulk.definition().name(), name, document));
            }
          });
    }

    /** Empty where a list is refused: single documents may be readable all the same. */
    private Map<String, ObjectNode> parents(Bulk bulk) {
      return told(
          Map.of(),
          () -> {
            Map<String, ObjectNode> documents = new LinkedHashMap<>();
            for (ObjectNode document : site.parents(bulk.definition().name(), bulk.names())) {
              // who may only select a type is shown a few fields of its documents
              if (document.has("modified")) {
                document.put("doctype", bulk.definition().name());
                documents.put(document.path("name").asText(), document);
              }
            }
            return documents;
          });
    }

    private Callable<Boolean> rowsInto(
        Map<String, ObjectNode> documents, Bulk bulk, String rowType) {
      return () ->
          told(
              false,
              () -> {
                List<ObjectNode> rows =
                    site.children(rowType, bulk.definition().name(), documents.keySet());
                for (ObjectNode row : rows) {
                  ObjectNode document = documents.get(row.path("parent").asText());
                  String table = row.path("parentfield").asText("");
                  if (document != null && !table.isEmpty()) {
                    synchronized (document) {
                      document.withArray("/" + table).add(row);
                    }
                  }
                }
                return true;
              });
    }

    private void keep(String doctype, String name, ObjectNode document) {
      @Nullable Instant modified = time(document);
      // a row newer than its document: written past it, or in between the two lists
      boolean torn = rows(document).stream().anyMatch(row -> isAfter(time(row), modified));
      if (!torn) {
        states.put(new DocumentKey(doctype, name), new FullState.Present(document, modified));
      }
    }

    private FullState alone(DocumentKey key) {
      String known = silent.get();
      if (known != null) {
        return new FullState.Unknown(known);
      }
      try {
        return site.document(key.doctype(), key.name())
            .<FullState>map(document -> new FullState.Present(document, greatest(document)))
            .orElseGet(FullState.Gone::new);
      } catch (SiteFailure e) {
        noteSilence(e);
        String why = String.valueOf(e.getMessage());
        return e.passes() ? new FullState.Unknown(why) : new FullState.Refused(why);
      }
    }

    private <T> T told(T otherwise, Callable<T> call) {
      if (silent.get() != null) {
        return otherwise;
      }
      try {
        return call.call();
      } catch (SiteFailure e) {
        noteSilence(e);
        return otherwise;
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
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
