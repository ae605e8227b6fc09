package org.eventstreaming.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.stream.ExpectedDocuments.Target;
import org.eventstreaming.stream.LinkedHistory.State;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a history left here with what it left on its site: documents, names, links, what
 * came along, and what waits.
 */
final class CompareLinks {
  private static final Set<String> STANDARD =
      Set.of(
          "name",
          "owner",
          "creation",
          "modified",
          "modified_by",
          "docstatus",
          "idx",
          "doctype",
          "parent",
          "parentfield",
          "parenttype",
          "remote_docname",
          "remote_site_name");

  private final TestDatabase database;
  private final String producer;
  private final RandomTypes types;
  private final LinkedHistory history;
  private final ExpectedDocuments expected;
  // names that documents have or had here: what was deleted there leaves its name behind
  private final Map<Key, Set<String>> names = new HashMap<>();
  private final Map<Key, Held> held = new HashMap<>();
  private final Map<DocumentKey, List<Entry>> entries = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();

  CompareLinks(TestDatabase database, String producer, RandomTypes types, LinkedHistory history) {
    this.database = database;
    this.producer = producer;
    this.types = types;
    this.history = history;
    this.expected = new ExpectedDocuments(types);
  }

  /** What is not as it has to be, each in a line. */
  List<String> differences() {
    wrong.clear();
    read();
    Set<Reached> reached = reached();
    Set<Key> mayWait = mayWait(reached);
    history
        .documents()
        .forEach(
            (key, states) ->
                types.row(key.doctype()).ifPresent(row -> followed(key, states, row, mayWait)));
    Set<Key> may = reached.stream().map(Reached::key).collect(Collectors.toSet());
    held.forEach(
        (key, document) -> {
          if (!may.contains(key)) {
            wrong.add(key + " is here and nothing that comes along names it");
          } else if (!isFollowed(key)) {
            matches(key, history.states(key.remote()), null, false);
          }
          named(key, document);
        });
    return List.copyOf(wrong);
  }

  /** Entries that have no row, or more than one: right after a pull, before one looks back. */
  List<String> lost() {
    wrong.clear();
    read();
    history
        .documents()
        .forEach(
            (remote, states) -> {
              long heard = states.stream().filter(State::heard).count();
              List<Entry> rows = entries.getOrDefault(remote, List.of());
              if (types.row(remote.doctype()).isPresent() && rows.size() != heard) {
                wrong.add(remote + " has " + heard + " entries and rows " + rows);
              }
            });
    return List.copyOf(wrong);
  }

  /** The rows of the Event Sync Log, each in a line. */
  String logged() {
    return database
        .rows(
            """
            select seq, update_type, producer_doctype, producer_doc, docname, status,
                   coalesce(error, note, '')
              from event_sync_log where event_producer = %s order by seq
            """
                .formatted(Here.quoted(producer)))
        .stream()
        .map(String::valueOf)
        .collect(Collectors.joining("\n"));
  }

  private void read() {
    held.clear();
    entries.clear();
    for (List<@Nullable String> row :
        database.rows(
            """
            select l.remote_doctype, l.remote_name, l.local_doctype, l.local_name, d.data::text
              from document_link l
              left join document d on d.doctype = l.local_doctype and d.name = l.local_name
             where l.producer_url = %s
            """
                .formatted(Here.quoted(producer)))) {
      Key key =
          new Key(
              new DocumentKey(String.valueOf(row.get(0)), String.valueOf(row.get(1))),
              String.valueOf(row.get(2)));
      String name = String.valueOf(row.get(3));
      names.computeIfAbsent(key, unused -> new TreeSet<>()).add(name);
      if (row.get(4) == null) {
        wrong.add(key + " is in the identity map and not here");
      } else {
        held.put(key, new Held(name, (ObjectNode) Here.parsed(row.get(4))));
      }
    }
    if (database.count("document where remote_site_name = " + Here.quoted(producer))
        != held.size()) {
      wrong.add("documents are here that are not in the identity map");
    }
    for (List<@Nullable String> row :
        database.rows(
            """
            select producer_doctype, producer_doc, status, waits_for::text, coalesce(error, note, ''),
                   ref_doctype, docname, update_type
              from event_sync_log where event_producer = %s order by seq
            """
                .formatted(Here.quoted(producer)))) {
      DocumentKey remote = new DocumentKey(String.valueOf(row.get(0)), String.valueOf(row.get(1)));
      entries
          .computeIfAbsent(remote, unused -> new ArrayList<>())
          .add(
              new Entry(
                  String.valueOf(row.get(7)),
                  String.valueOf(row.get(2)),
                  row.get(3),
                  String.valueOf(row.get(4))));
      if (row.get(6) != null) {
        names
            .computeIfAbsent(new Key(remote, String.valueOf(row.get(5))), unused -> new TreeSet<>())
            .add(String.valueOf(row.get(6)));
      }
    }
  }

  /** A document of a type that is followed is as its last entry left it, or waits for a reason. */
  private void followed(
      DocumentKey remote, List<State> states, ProducerDoctype row, Set<Key> mayWait) {
    Key key = new Key(remote, row.refDoctype());
    List<State> heard = states.stream().filter(State::heard).toList();
    List<Entry> rows = entries.getOrDefault(remote, List.of());
    int synced = 0;
    while (synced < rows.size() && rows.get(synced).status().equals("Synced")) {
      synced++;
    }
    boolean waits = synced < rows.size();
    if (waits) {
      Entry head = rows.get(synced);
      if (!rows.stream().skip(synced).allMatch(one -> one.status().equals("Waiting"))) {
        wrong.add(key + " is neither Synced nor Waiting: " + rows);
      } else if (head.waitsFor() == null) {
        wrong.add(key + " waits for no document: " + head);
      } else if (!mayWait.contains(key)) {
        wrong.add(key + " waits though all that it names is on the site: " + head);
      }
    }
    // what made no entry changed nothing
    int at =
        synced > 0
            ? states.indexOf(heard.get(synced - 1))
            : heard.isEmpty() ? states.size() - 1 : states.indexOf(heard.get(0)) - 1;
    boolean there = at >= 0 && states.get(at).document() != null;
    if (waits && held.containsKey(key)) {
      // it may have come along meanwhile, as it was then
      matches(key, states.subList(Math.max(at, 0), states.size()), row.dependencies(), false);
    } else if (held.containsKey(key) && !there) {
      wrong.add(key + " is here and not there: " + rows);
    } else if (held.containsKey(key)) {
      matches(key, states.subList(0, at + 1), row.dependencies(), true);
    } else if (there && synced > 0) {
      wrong.add(key + " is not here: " + rows);
    }
  }

  /**
   * Whether the document is here as the last of these states says.
   *
   * @param exactly or as any of them says
   */
  private void matches(Key key, List<State> states, @Nullable Dependencies which, boolean exactly) {
    Held document = Objects.requireNonNull(held.get(key));
    List<String> nearest = null;
    for (int i = states.size() - 1; i >= 0; i--) {
      ObjectNode state = states.get(i).document();
      if (state != null) {
        int at = i;
        List<String> differences =
            fields(
                key.toString(),
                expected.document(key.localType(), state),
                document.data(),
                (target, name) -> link(key, states, at, which, exactly, target, name));
        if (nearest == null || differences.size() < nearest.size()) {
          nearest = differences;
        }
        if (exactly) {
          break;
        }
      }
    }
    wrong.addAll(nearest == null ? List.of(key + " never was on the site") : nearest);
  }

  /**
   * Whether a name here is the right one; null where it is.
   *
   * @param which the policy that brings along; null where it is not known which it was
   */
  private @Nullable String link(
      Key holder,
      List<State> states,
      int at,
      @Nullable Dependencies which,
      boolean exactly,
      Target target,
      String name) {
    Key key = key(target);
    boolean covered =
        which == null
            ? Stream.of(types.rows()).allMatch(row -> covers(row.dependencies(), target))
            : covers(which, target);
    if (exactly && covered && history.since(target.remote()) <= named(holder, states, at, target)) {
      Held document = held.get(key);
      if (document == null) {
        return key + " has to be here";
      }
      return document.name().equals(name) ? null : key + " is called " + document.name() + " here";
    }
    if (!target.sought() && name.equals(target.remote().name())) {
      return null;
    }
    return names.getOrDefault(key, Set.of()).contains(name)
        ? null
        : key + " was never called that here";
  }

  /** The step since which the holder names this target, without a break. */
  private int named(Key holder, List<State> states, int at, Target target) {
    int since = states.get(at).at();
    for (int i = at; i >= 0; i--) {
      ObjectNode state = states.get(i).document();
      if (state == null || !targets(holder, state).contains(target)) {
        break;
      }
      since = states.get(i).at();
    }
    return since;
  }

  private static List<String> fields(
      String context, Map<String, Object> wanted, JsonNode here, LinkCheck links) {
    List<String> differences = new ArrayList<>();
    Set<String> extra = new TreeSet<>();
    here.fieldNames().forEachRemaining(extra::add);
    extra.removeAll(STANDARD);
    extra.removeAll(wanted.keySet());
    if (!extra.isEmpty()) {
      differences.add(context + " has " + extra);
    }
    wanted.forEach(
        (field, value) -> {
          JsonNode found = here.path(field);
          String place = context + "." + field;
          if (value instanceof Target target) {
            String why = links.difference(target, found.asText());
            if (why != null) {
              differences.add(place + " is '" + found.asText() + "': " + why);
            }
          } else if (value instanceof List<?> rows) {
            if (rows.size() != found.size()) {
              differences.add(place + " has to be " + rows + ", is " + found);
              return;
            }
            for (int i = 0; i < rows.size(); i++) {
              differences.addAll(
                  fields(
                      place + "[" + i + "]",
                      ExpectedDocuments.asRow(rows.get(i)),
                      found.path(i),
                      links));
            }
          } else if (!plain((JsonNode) value).equals(plain(found))) {
            differences.add(place + " has to be " + value + ", is " + found);
          }
        });
    return differences;
  }

  private static String plain(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue().signum() == 0
          ? ""
          : value.decimalValue().stripTrailingZeros().toPlainString();
    }
    return value instanceof MissingNode || value.isNull() ? "" : value.asText();
  }

  /** What names what is gone or does not come, in the way that its policy minds. */
  private Set<Key> mayWait(Set<Reached> reached) {
    Set<Key> waiting = new HashSet<>();
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Reached one : reached) {
        ObjectNode now = history.now(one.key().remote());
        if (now == null) {
          continue;
        }
        // what dangles on the site itself does not keep a document from coming along
        for (Target target : targets(one.key(), now)) {
          if (covers(one.which(), target)
              && history.now(target.remote()) == null
              && (target.sought() || isFollowed(one.key()))) {
            grown |= waiting.add(one.key());
          }
        }
        // an entry waits for what it names, also where a later one names it no more
        for (State state : history.states(one.key().remote())) {
          if (state.document() != null
              && targets(one.key(), state.document()).stream()
                  .anyMatch(
                      target ->
                          covers(one.which(), target)
                              && waiting.contains(key(target))
                              && !held.containsKey(key(target)))) {
            grown |= waiting.add(one.key());
          }
        }
      }
    }
    return waiting;
  }

  /** What is followed, and what any state of that ever named or came along with what it named. */
  private Set<Reached> reached() {
    Set<Reached> reached = new LinkedHashSet<>();
    List<Reached> open = new ArrayList<>();
    for (DocumentKey remote : history.documents().keySet()) {
      types
          .row(remote.doctype())
          .map(row -> new Reached(new Key(remote, row.refDoctype()), row.dependencies()))
          .ifPresent(open::add);
    }
    while (!open.isEmpty()) {
      Reached next = open.remove(open.size() - 1);
      if (!reached.add(next)) {
        continue;
      }
      for (State state : history.states(next.key().remote())) {
        if (state.document() != null) {
          targets(next.key(), state.document()).stream()
              .filter(target -> covers(next.which(), target))
              .map(target -> new Reached(key(target), policy(key(target), next.which())))
              .forEach(open::add);
        }
      }
    }
    return reached;
  }

  private Set<Target> targets(Key key, ObjectNode there) {
    return ExpectedDocuments.targets(expected.document(key.localType(), there));
  }

  private boolean covers(Dependencies which, Target target) {
    return target.sought() || types.covers(which, target.remote().doctype());
  }

  /** What comes along with a document: as the row of its type says, else that of its needer. */
  private Dependencies policy(Key key, Dependencies other) {
    return isFollowed(key) ? types.row(key.remote().doctype()).orElseThrow().dependencies() : other;
  }

  private static Key key(Target target) {
    return new Key(target.remote(), target.localType());
  }

  private boolean isFollowed(Key key) {
    return types
        .row(key.remote().doctype())
        .filter(row -> row.refDoctype().equals(key.localType()))
        .isPresent();
  }

  /** Under the producer's name, or under one of our own with a word on where it is from. */
  private void named(Key key, Held document) {
    boolean sameName =
        isFollowed(key)
            ? types.row(key.remote().doctype()).orElseThrow().useSameName()
            : types.mappingTo(key.localType()) == null;
    if (sameName && !document.name().equals(key.remote().name())) {
      wrong.add(key + " is called " + document.name());
    }
    if (!sameName
        && !(document.data().path("remote_docname").asText().equals(key.remote().name())
            && document.data().path("remote_site_name").asText().equals(producer))) {
      wrong.add(key + " does not say where it is from: " + document.data());
    }
  }

  private interface LinkCheck {
    @Nullable String difference(Target target, String name);
  }

  private record Key(DocumentKey remote, String localType) {
    @Override
    public String toString() {
      return remote + " as " + localType;
    }
  }

  private record Held(String name, ObjectNode data) {}

  private record Entry(String type, String status, @Nullable String waitsFor, String message) {
    @Override
    public String toString() {
      return "%n  %s %s %s %s".formatted(type, status, waitsFor, message);
    }
  }

  private record Reached(Key key, Dependencies which) {}
}
