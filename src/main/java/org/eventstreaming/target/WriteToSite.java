package org.eventstreaming.target;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.Workflow;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.site.Callers;
import org.eventstreaming.site.FrappeWrites;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.Rewritten;
import org.eventstreaming.store.SiteLink;
import org.eventstreaming.store.SiteLinks;
import org.eventstreaming.target.FollowWorkflow.Course;
import org.eventstreaming.target.FollowWorkflow.Way;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * Writes documents to a producer's target site.
 *
 * <p>New documents are created in calls of many. A call that the site refuses is divided in halves
 * until the refused document is alone. Changes are sent by a few calls at the same time.
 * Submissions, cancellations and deletions are sent one after the other, in the order given.
 *
 * <p>Each document is written as a whole or not at all. No document may link to a new one of the
 * same call. A written document is recorded in the identity map before the next step, so the same
 * writes again change nothing.
 */
public final class WriteToSite {
  /** Of one call: a site takes 25 MB, and a form makes text longer. */
  private static final int MOST_CHARACTERS = 4_000_000;

  /** Of calls that create documents: more are no quicker on a site with two workers. */
  private static final int CALLS_AT_ONCE = 2;

  private final Targets targets;
  private final BothWays links;

  public WriteToSite(Targets targets, SiteLinks links, List<EventProducer> producers) {
    this.targets = targets;
    this.links = new BothWays(links, producers);
  }

  /**
   * Writes documents. Answers the result for each. Workflows are written first, since they apply to
   * the others.
   *
   * @throws SiteFailure where the site does not answer. Whether it carried out the last call is
   *     unknown then; a repetition finds out
   */
  public Map<IdentityKey, Written> write(EventProducer producer, List<SiteWrite> writes) {
    List<SiteWrite> workflows = writes.stream().filter(WriteToSite::isWorkflow).toList();
    if (workflows.isEmpty()) {
      return new Writing(producer).all(writes);
    }
    Map<IdentityKey, Written> results = new HashMap<>();
    try {
      results.putAll(new Writing(producer).all(workflows));
    } finally {
      forgetWorkflows(producer, workflows);
    }
    results.putAll(
        new Writing(producer).all(writes.stream().filter(write -> !isWorkflow(write)).toList()));
    return results;
  }

  private static boolean isWorkflow(SiteWrite write) {
    return write.identity().localDoctype().equals(Workflow.DOCTYPE);
  }

  /** Discards Workflows that were written, so that they are read anew. */
  private void forgetWorkflows(EventProducer producer, List<SiteWrite> workflows) {
    Target target = targets.of(producer);
    for (SiteWrite workflow : workflows) {
      ObjectNode document = workflow.document();
      target.forgetWorkflow(document == null ? "" : document.path("document_type").asText());
    }
  }

  /**
   * Removes documents that were deleted on the site from the identity map. The next entry of such a
   * document creates it again.
   */
  public void forget(EventProducer producer, Collection<IdentityKey> gone) {
    links.forget(producer, links.find(producer, gone).values());
  }

  /**
   * Those of these documents that the producer made by itself when documents of the target were
   * written to it. They are not written to the target.
   *
   * @param documents documents of one type of the target, as the producer has them
   */
  public Set<IdentityKey> echoes(
      EventProducer producer, String doctype, Map<IdentityKey, ObjectNode> documents) {
    return links
        .back(producer)
        .map(
            back ->
                new FindMadeBySite(targets.of(back), links.map())
                    .madeHere(back, doctype, documents))
        .orElse(Set.of());
  }

  /** Whether the target site refuses a document of this type without this field. */
  public boolean isRequired(EventProducer producer, String doctype, String fieldname) {
    return targets
        .of(producer)
        .find(doctype)
        .flatMap(definition -> definition.field(fieldname))
        .filter(field -> field.is(DocField.Trait.REQD))
        .isPresent();
  }

  /**
   * A document without the fields that name its own rows, which get other names when they are
   * written; empty where there are no such fields.
   */
  public Optional<ObjectNode> withoutOwnRows(EventProducer producer, ObjectNode document) {
    return targets.shape(producer, List.of(), rows -> Map.of()).withoutOwnRows(document);
  }

  /**
   * Changes a document so that it keeps its present docstatus and state: a submitted document
   * accepts no further links.
   *
   * @param stands the document there; null where it is new
   */
  public void holdBack(EventProducer producer, ObjectNode document, @Nullable ObjectNode stands) {
    document.put("docstatus", SiteForm.docstatus(stands));
    targets.followWorkflow(producer).holdBack(document, stands);
  }

  /** One call. */
  private final class Writing {
    private final EventProducer producer;
    private final Target target;
    private final FrappeWrites site;
    private final SiteForm form;
    private final FollowWorkflow workflows;
    private final Map<IdentityKey, Written> results = new HashMap<>();
    private final Map<SiteWrite, DocumentKey> there = new LinkedHashMap<>();
    private final Map<IdentityKey, String> leftOut = new HashMap<>();
    private final Map<IdentityKey, List<String>> takenOver = new HashMap<>();

    /** Documents that were read again before the end, as they are there now. */
    private final Map<DocumentKey, FullState> readBack = new HashMap<>();

    /**
     * Documents that were created and not read again yet; null where they are read at the end
     * alone.
     */
    private @Nullable Map<SiteWrite, DocumentKey> toReadBack;

    /** The rows of the identity map for documents that were read again before the end. */
    private final Map<SiteWrite, SiteLink> settled = new HashMap<>();

    /** The documents that were sent, of those that had to be read first. */
    private final Map<SiteWrite, ObjectNode> pointed = new ConcurrentHashMap<>();

    private Map<IdentityKey, SiteLink> known = Map.of();
    private @Nullable PointUsers users;

    Writing(EventProducer producer) {
      this.producer = producer;
      this.target = targets.of(producer);
      this.site = target.writes();
      this.form = targets.form(producer);
      this.workflows = targets.followWorkflow(producer);
    }

    Map<IdentityKey, Written> all(List<SiteWrite> asked) {
      List<SiteWrite> writes = withUsers(takingOver(withoutEchoes(shaped(asked))));
      known = links.find(producer, writes.stream().map(SiteWrite::identity).toList());
      List<SiteWrite> creations = writes.stream().filter(SiteWrite::isCreation).toList();
      links.creating(
          producer, writes.stream().filter(this::isGivenNames).map(SiteWrite::identity).toList());
      try {
        List<SiteWrite> begun = begunBefore(writes);
        List<SiteWrite> amended = amended(writes, creations);
        List<SiteWrite> first =
            writes.stream()
                .filter(write -> begun.contains(write) || amended.contains(write))
                .toList();
        toReadBack = areApart(writes) ? new LinkedHashMap<>() : null;
        change(first);
        create(creations);
        change(writes.stream().filter(write -> !first.contains(write)).toList());
      } finally {
        remember(writes);
      }
      takenOver.forEach(
          (identity, notes) ->
              results.computeIfPresent(
                  identity,
                  (key, result) ->
                      result instanceof Written.Done done ? done.notingFirst(notes) : result));
      return results;
    }

    /**
     * The writes without documents that the producer made by itself when documents were written to
     * it from this target. The target has its own document, which becomes the copy when it is
     * written to the producer.
     */
    private List<SiteWrite> withoutEchoes(List<SiteWrite> asked) {
      EventProducer back = links.back(producer).orElse(null);
      if (back == null) {
        return asked;
      }
      Map<IdentityKey, DocumentKey> own =
          new FindMadeBySite(target, links.map()).ofEchoes(producer, back, targets.of(back), asked);
      return asked.stream()
          .map(
              write -> {
                DocumentKey local = own.get(write.identity());
                if (local == null) {
                  return write;
                }
                takenOver.put(
                    write.identity(),
                    List.of(
                        "%s made it by itself, as %s had: it is not written."
                            .formatted(producer.producerUrl(), target.url())));
                return write.standingFor(local);
              })
          .toList();
    }

    /**
     * The writes, where a document that the site made by itself is taken over and not created
     * again.
     */
    private List<SiteWrite> takingOver(List<SiteWrite> asked) {
      Map<IdentityKey, DocumentKey> found =
          new FindMadeBySite(target, links.map()).ofWrites(producer, asked);
      if (found.isEmpty()) {
        return asked;
      }
      Map<SiteWrite, Future<DocumentKey>> renames = new LinkedHashMap<>();
      for (SiteWrite write : asked) {
        DocumentKey made = found.get(write.identity());
        String name = write.name();
        if (made != null) {
          String note = "The site had made %s by itself: taken over.".formatted(made.name());
          takenOver.put(write.identity(), List.of(note));
          if (name != null && !name.equals(made.name())) {
            renames.put(write, target.threads().submit(() -> renamed(made, name)));
          }
        }
      }
      await(renames, (write, local) -> found.put(write.identity(), local));
      return asked.stream()
          .map(
              write -> {
                DocumentKey made = found.get(write.identity());
                return made == null ? write : write.takingOver(made);
              })
          .toList();
    }

    /**
     * The writes with users of the site. A document that is neither new nor read yet is not changed
     * here: its users are replaced when it is read.
     */
    private List<SiteWrite> withUsers(List<SiteWrite> asked) {
      PointUsers page =
          targets.users(
              producer,
              asked.stream().map(SiteWrite::document).flatMap(Stream::ofNullable).toList(),
              true);
      users = page;
      return asked.stream()
          .map(
              write -> {
                ObjectNode document = write.document();
                if (document == null || (write.stands() == null && !write.isCreation())) {
                  return write;
                }
                if (write.isCreation() && page.leftOut(document) != null) {
                  leftOut.put(write.identity(), page.leftOut(document));
                }
                return write.withDocument(page.in(document, write.stands(), write.whole()));
              })
          .toList();
    }

    private PointUsers users() {
      return Objects.requireNonNull(users);
    }

    private List<SiteWrite> shaped(List<SiteWrite> asked) {
      ShapeForTarget shape =
          targets.shape(
              producer,
              asked.stream().map(SiteWrite::document).flatMap(Stream::ofNullable).toList(),
              rows -> links.rowNames(producer, rows));
      return asked.stream()
          .map(
              write ->
                  write.document() == null
                      ? write
                      : write.withDocument(shape.shaped(write.document())))
          .toList();
    }

    /** Whether all writes are new drafts of one type: none of them changes another. */
    private static boolean areApart(List<SiteWrite> writes) {
      List<SiteWrite> sent = writes.stream().filter(write -> !write.isLinkOnly()).toList();
      return sent.stream()
              .allMatch(write -> write.isCreation() && SiteForm.docstatus(write.document()) == 0)
          && sent.stream().map(write -> write.identity().localDoctype()).distinct().count() == 1;
    }

    /**
     * Drafts that are submitted, before the first new document. An interrupted run left them, which
     * created them and did not come to submit them: what is new comes behind them.
     */
    private static List<SiteWrite> begunBefore(List<SiteWrite> writes) {
      return writes.stream()
          .takeWhile(write -> !write.isCreation())
          .filter(write -> write.stands() != null && write.document() != null)
          .filter(
              write ->
                  SiteForm.docstatus(write.stands()) == 0
                      && SiteForm.docstatus(write.document()) > 0)
          .toList();
    }

    /** The writes of documents that new ones amend: they have to be cancelled before. */
    private static List<SiteWrite> amended(List<SiteWrite> writes, List<SiteWrite> creations) {
      Set<DocumentKey> amended = new HashSet<>();
      for (SiteWrite creation : creations) {
        String name = Objects.requireNonNull(creation.document()).path("amended_from").asText("");
        if (!name.isEmpty()) {
          amended.add(new DocumentKey(creation.identity().localDoctype(), name));
        }
      }
      return amended.isEmpty()
          ? List.of()
          : writes.stream().filter(write -> amended.contains(write.after())).toList();
    }

    /**
     * Whether the site gives a name to the document or its rows. A lost answer contained these
     * names.
     */
    private boolean isGivenNames(SiteWrite write) {
      SiteLink link = known.get(write.identity());
      if (link == null || write.document() == null || write.isCreation()) {
        return write.isCreation();
      }
      for (JsonNode table : write.document()) {
        for (JsonNode row : table.isArray() ? table : object()) {
          if (!link.rowNames().containsKey(row.path("name").asText())) {
            return true;
          }
        }
      }
      return false;
    }

    private void create(List<SiteWrite> creations) {
      Deque<SiteWrite> rest = new ArrayDeque<>(creations);
      Deque<Call> open = new ArrayDeque<>();
      int atOnce = mayGoAtOnce(creations) ? CALLS_AT_ONCE : 1;
      try {
        send(rest, open, atOnce);
        while (!open.isEmpty()) {
          // read while the site creates the next documents
          readBack();
          inserted(open.remove());
          send(rest, open, atOnce);
        }
      } catch (RuntimeException e) {
        // the answer to a call that is under way has the names of what it creates
        for (Call call : open) {
          try {
            inserted(call);
          } catch (RuntimeException more) {
            e.addSuppressed(more);
          }
        }
        throw e;
      }
    }

    /**
     * Whether two calls may create documents at the same time. Nothing shows the order of the calls
     * where documents of one type are apart from each other and get the names that they ask for.
     * The nodes of a tree change each other's positions.
     */
    private boolean mayGoAtOnce(List<SiteWrite> creations) {
      return toReadBack != null
          && creations.stream().allMatch(write -> write.name() != null)
          && creations.stream()
              .findFirst()
              .flatMap(write -> target.find(write.identity().localDoctype()))
              .filter(definition -> !definition.isTree())
              .isPresent();
    }

    private void send(Deque<SiteWrite> rest, Deque<Call> open, int atOnce) {
      while (open.size() < atOnce) {
        Chunk chunk = chunk(rest);
        if (chunk.isEmpty()) {
          return;
        }
        open.add(new Call(chunk, insert(chunk)));
      }
    }

    /** The next documents for one call; empty where none are left. */
    private Chunk chunk(Deque<SiteWrite> rest) {
      Chunk chunk = new Chunk(new ArrayList<>(), new ArrayList<>());
      int characters = 0;
      while (!rest.isEmpty() && chunk.writes().size() < FrappeWrites.MOST_INSERTS) {
        SiteWrite write = rest.element();
        Course course = course(write, null);
        if (course != null && course.refusal() != null) {
          results.put(write.identity(), new Written.Refused(course.refusal()));
        } else {
          ObjectNode document = creation(write);
          characters += document.toString().length();
          if (!chunk.isEmpty() && characters > MOST_CHARACTERS) {
            return chunk;
          }
          chunk.writes().add(write);
          chunk.documents().add(document);
        }
        rest.remove();
      }
      return chunk;
    }

    private ObjectNode creation(SiteWrite write) {
      ObjectNode begun = workflows.begun(Objects.requireNonNull(write.document()));
      ObjectNode created = form.creation(begun, write.name(), write.mapped());
      if (beginsAsDraft(write)) {
        created.put("docstatus", 0);
      }
      return withOrigin(created, write);
    }

    /**
     * Whether a new document is created as a draft and submitted then. ERPNext makes a draft of a
     * new document that amends another, even if it is submitted.
     */
    private boolean beginsAsDraft(SiteWrite write) {
      ObjectNode document = Objects.requireNonNull(write.document());
      return SiteForm.docstatus(document) > 0
          && (!document.path("amended_from").asText("").isEmpty()
              || target.beginsAsDraft(write.identity().localDoctype()));
    }

    private ObjectNode withOrigin(ObjectNode values, SiteWrite write) {
      return values
          .put(Target.ORIGIN.get(0), write.identity().remote().name())
          .put(Target.ORIGIN.get(1), producer.producerUrl());
    }

    private Future<List<String>> insert(Chunk chunk) {
      return target.threads().submit(() -> site.insertMany(chunk.documents()));
    }

    private void inserted(Call call) {
      Chunk chunk = call.chunk();
      List<String> names;
      try {
        names = Callers.answer(call.names());
      } catch (SiteFailure e) {
        if (e.isSilent()) {
          throw e;
        }
        insertTheRest(chunk, e);
        return;
      }
      for (int i = 0; i < names.size(); i++) {
        SiteWrite write = chunk.writes().get(i);
        there.put(write, new DocumentKey(write.identity().localDoctype(), names.get(i)));
      }
      complete(chunk.writes());
    }

    /**
     * Creates the documents of a refused call that are not there. A refused call usually creates
     * nothing. Where the code of an application commits within it, the documents before the refused
     * one stay.
     */
    private void insertTheRest(Chunk chunk, SiteFailure refusal) {
      Map<SiteWrite, DocumentKey> stayed = stayed(chunk.writes());
      there.putAll(stayed);
      complete(List.copyOf(stayed.keySet()));
      Chunk rest = chunk.without(stayed.keySet());
      int left = rest.writes().size();
      if (left == 1 && chunk.writes().size() == 1) {
        results.put(rest.writes().get(0).identity(), refused(rest.writes().get(0), refusal));
      } else if (left == 1) {
        inserted(new Call(rest, insert(rest)));
      } else if (left > 1) {
        for (Chunk half : List.of(rest.part(0, left / 2), rest.part(left / 2, left))) {
          inserted(new Call(half, insert(half)));
        }
      }
    }

    /**
     * The documents of a refused call that are there, found by their origin. None of them was there
     * before the call.
     */
    private Map<SiteWrite, DocumentKey> stayed(List<SiteWrite> chunk) {
      Map<IdentityKey, DocumentKey> found =
          new FindByOrigin(target, links.map())
              .of(producer, chunk.stream().map(SiteWrite::identity).toList());
      Map<SiteWrite, DocumentKey> stayed = new LinkedHashMap<>();
      for (SiteWrite write : chunk) {
        DocumentKey local = found.get(write.identity());
        if (local != null) {
          stayed.put(write, local);
        }
      }
      return stayed;
    }

    private void complete(List<SiteWrite> created) {
      rename(created);
      created.forEach(this::completeCreation);
      if (toReadBack != null) {
        created.forEach(write -> toReadBack.put(write, Objects.requireNonNull(there.get(write))));
      }
    }

    private void readBack() {
      if (toReadBack == null || toReadBack.isEmpty()) {
        return;
      }
      Map<DocumentKey, FullState> read = target.fetch(toReadBack.values());
      toReadBack.forEach(
          (write, local) -> {
            if (read.get(local) instanceof FullState.Present present) {
              readBack.put(local, present);
              settled.put(write, settled(write, local, present));
            }
          });
      toReadBack.clear();
    }

    /** Renames documents, a few at the same time, since they are independent. */
    private void rename(List<SiteWrite> chunk) {
      Map<SiteWrite, Future<DocumentKey>> calls = new LinkedHashMap<>();
      for (SiteWrite write : chunk) {
        DocumentKey local = Objects.requireNonNull(there.get(write));
        String name = write.name();
        if (name != null && !name.equals(local.name())) {
          calls.put(write, target.threads().submit(() -> renamed(local, name)));
        }
      }
      await(calls, there::put);
    }

    private void completeCreation(SiteWrite write) {
      DocumentKey local = Objects.requireNonNull(there.get(write));
      List<String> notes = new ArrayList<>();
      Optional.ofNullable(leftOut.get(write.identity())).ifPresent(notes::add);
      Written notRenamed = results.get(write.identity());
      if (notRenamed != null) {
        results.put(write.identity(), begun(new Written.Done(local, List.of(), notes), notRenamed));
        return;
      }
      if (write.name() != null && !write.name().equals(local.name())) {
        notes.add("The site calls it " + local.name() + ", by its own rule.");
      }
      try {
        int docstatus = SiteForm.docstatus(write.document());
        Course course = course(write, null);
        int reached = beginsAsDraft(write) ? 0 : Math.min(docstatus, 1);
        if (course != null) {
          Way way = gone(local, course, notes);
          if (way.obstacle() != null) {
            results.put(
                write.identity(),
                new Written.Begun(
                    new Written.Done(local, List.of(), notes), way.obstacle(), way::isBeyond));
            return;
          }
          reached = way.docstatus();
        }
        raise(local, reached, docstatus);
        results.put(write.identity(), new Written.Done(local, List.of(), notes));
      } catch (SiteFailure e) {
        Written refusal = refusal(e);
        Written.Done done =
            new Written.Done(Objects.requireNonNull(there.get(write)), List.of(), notes);
        results.put(write.identity(), begun(done, refusal));
      }
    }

    private @Nullable Course course(SiteWrite write, @Nullable ObjectNode stands) {
      return workflows.course(Objects.requireNonNull(write.document()), stands);
    }

    private Way gone(DocumentKey local, Course course, List<String> notes) {
      Way way = workflows.go(local, course);
      String note = way.note();
      if (note != null) {
        notes.add(note);
      }
      return way;
    }

    /** Submits and cancels a document, as far as transitions did not. */
    private void raise(DocumentKey local, int from, int to) {
      for (int next = from + 1; next <= to; next++) {
        site.update(local, object().put("docstatus", next));
      }
    }

    private static Written.Begun begun(Written.Done done, Written rest) {
      return new Written.Begun(done, rest, state -> SiteForm.docstatus(state) == 2);
    }

    private Written refusal(SiteFailure e) {
      return workflows.refusal(e);
    }

    private DocumentKey renamed(DocumentKey local, String name) {
      if (target.find(local.doctype()).filter(DocType::mayBeRenamed).isEmpty()) {
        return local;
      }
      try {
        return new DocumentKey(local.doctype(), site.rename(local, name));
      } catch (SiteFailure e) {
        if (e.passes()) {
          throw e;
        }
        return local;
      }
    }

    private void change(List<SiteWrite> writes) {
      Map<DocumentKey, FullState> adopted =
          target.fetch(
              writes.stream()
                  .filter(write -> !write.isCreation() && !write.isLinkOnly())
                  .filter(write -> write.stands() == null && write.after() != null)
                  .map(write -> Objects.requireNonNull(write.after()))
                  .toList());
      Map<SiteWrite, Future<Written>> calls = new LinkedHashMap<>();
      // the result of one of these can depend on the others
      List<SiteWrite> inOrder = new ArrayList<>();
      for (SiteWrite write : writes) {
        if (write.isLinkOnly()) {
          results.put(
              write.identity(),
              new Written.Done(Objects.requireNonNull(write.after()), List.of(), List.of()));
        } else if (write.isNothing()) {
          results.put(
              write.identity(), new Written.Done(write.identity().awaited(), List.of(), List.of()));
        } else if (changesItsState(write)) {
          inOrder.add(write);
        } else if (!write.isCreation()) {
          calls.put(write, target.threads().submit(() -> changed(write, adopted)));
        }
      }
      await(calls, this::changed);
      for (SiteWrite write : inOrder) {
        try {
          changed(write, changed(write, adopted));
        } catch (SiteFailure e) {
          results.put(write.identity(), refused(write, e));
        }
      }
    }

    /**
     * Awaits the results of calls. A refusal concerns its document alone.
     *
     * @throws SiteFailure where a call was not answered, after all calls have ended
     */
    private <T> void await(Map<SiteWrite, Future<T>> calls, BiConsumer<SiteWrite, T> taker) {
      SiteFailure silence = null;
      for (Map.Entry<SiteWrite, Future<T>> call : calls.entrySet()) {
        SiteWrite write = call.getKey();
        try {
          taker.accept(write, call.getValue().get());
        } catch (ExecutionException e) {
          if (e.getCause() instanceof SiteFailure failure && failure.isSilent()) {
            silence = failure;
          } else if (e.getCause() instanceof SiteFailure failure) {
            results.put(write.identity(), refused(write, failure));
          } else {
            throw new IllegalStateException(e.getCause());
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("stopped while writing documents", e);
        }
      }
      if (silence != null) {
        throw silence;
      }
    }

    private static boolean changesItsState(SiteWrite write) {
      return !write.isCreation()
          && (write.isDeletion()
              || (write.stands() != null
                  && SiteForm.docstatus(write.stands()) != SiteForm.docstatus(write.document())));
    }

    private void changed(SiteWrite write, Written result) {
      results.put(write.identity(), result);
      if (write.after() != null
          && (result instanceof Written.Done || result instanceof Written.Begun)) {
        there.put(write, write.after());
      }
    }

    /**
     * Changes a document. Documents of one page change each other, as a payment changes its
     * invoice. A document that was saved since it was read is read again, and changed if the fields
     * that are sent still have the values they had.
     */
    private void update(
        DocumentKey local, ObjectNode values, ObjectNode stands, Map<String, String> rowNames) {
      values.set("modified", stands.path("modified"));
      try {
        site.update(local, values);
      } catch (SiteFailure e) {
        if (e.kind() != SiteFailure.Kind.STALE
            || !(target.fetch(List.of(local)).get(local) instanceof FullState.Present present)) {
          throw e;
        }
        ObjectNode now = form.read(present.document(), rowNames);
        for (Map.Entry<String, JsonNode> value : values.properties()) {
          String field = value.getKey();
          if (!field.equals("modified") && !now.path(field).equals(stands.path(field))) {
            throw e;
          }
        }
        values.set("modified", now.path("modified"));
        site.update(local, values);
      }
    }

    private Written changed(SiteWrite write, Map<DocumentKey, FullState> adopted) {
      DocumentKey local = write.after();
      if (local == null) {
        return deleted(write, Objects.requireNonNull(write.before()));
      }
      SiteLink link = known.get(write.identity());
      Map<String, String> rowNames = link == null ? Map.of() : link.rowNames();
      ObjectNode stands = write.stands();
      ObjectNode desired = Objects.requireNonNull(write.document());
      if (stands == null) {
        if (!(adopted.get(local) instanceof FullState.Present present)) {
          return new Written.Later("it no longer exists there, or could not be read");
        }
        stands = form.read(present.document(), rowNames);
        desired = users().in(desired, stands, write.whole());
        pointed.put(write, desired);
      }
      int from = SiteForm.docstatus(stands);
      int to = SiteForm.docstatus(desired);
      if (to < from) {
        return new Written.Refused(SiteForm.backwards(from, to));
      }
      Course course = workflows.course(desired, stands);
      if (course != null && course.refusal() != null) {
        return new Written.Refused(course.refusal());
      }
      SiteForm.Changes changes =
          form.changes(
              stands,
              workflows.inItsState(desired, stands),
              rowNames,
              rewrites(link),
              write.whole(),
              write.mapped());
      List<String> notes = new ArrayList<>();
      List<String> sent = new ArrayList<>();
      if (from < 2) {
        ObjectNode values = changes.values();
        values.fieldNames().forEachRemaining(sent::add);
        if (takenOver.containsKey(write.identity()) && target.remembersOrigin(local.doctype())) {
          withOrigin(values, write);
        }
        if (course == null && from == 0 && to > 0) {
          values.put("docstatus", 1);
          sent.add("docstatus");
        }
        if (!values.isEmpty()) {
          update(local, values, stands, rowNames);
        }
      }
      String left = changes.leftAsTheyAre();
      if (left != null) {
        notes.add(left);
      }
      int reached = course == null ? Math.max(from, Math.min(to, 1)) : from;
      if (course != null) {
        Way way = gone(local, course, notes);
        reached = way.docstatus();
        if (!way.actions().isEmpty()) {
          sent.add(course.workflow().stateField());
        }
        if (reached > from) {
          sent.add("docstatus");
        }
        if (way.obstacle() != null) {
          return sent.isEmpty()
              ? way.obstacle()
              : new Written.Begun(done(local, sent, notes), way.obstacle(), way::isBeyond);
        }
      }
      if (reached < to) {
        try {
          raise(local, reached, to);
        } catch (SiteFailure e) {
          return begun(done(local, sent, notes), refusal(e));
        }
        sent.add("docstatus");
      }
      return sent.isEmpty() && link != null && !link.logged()
          ? done(local, sent, notes).unlogged()
          : done(local, sent, notes);
    }

    /** As {@link #refusal}, with advice about users that the site does not have. */
    private Written refused(SiteWrite write, SiteFailure e) {
      Written refusal = refusal(e);
      return refusal instanceof Written.Refused refused
          ? new Written.Refused(users().explained(refused.said(), write.document()))
          : refusal;
    }

    private static Written.Done done(DocumentKey local, List<String> sent, List<String> notes) {
      return new Written.Done(local, sent.stream().distinct().toList(), notes);
    }

    private Written deleted(SiteWrite write, DocumentKey local) {
      try {
        if (write.stands() != null && SiteForm.docstatus(write.stands()) == 1) {
          site.update(local, object().put("docstatus", 2));
        }
        site.delete(local);
      } catch (SiteFailure e) {
        if (e.kind() == SiteFailure.Kind.NOT_FOUND) {
          return new Written.Done(local, List.of(), List.of());
        }
        if (e.kind() == SiteFailure.Kind.REJECTED) {
          // documents that link to it may be deleted or changed
          return new Written.Later(e.said());
        }
        throw e;
      }
      return new Written.Done(local, List.of(), List.of());
    }

    /** Records the writes that were done in the identity map, also after a failure. */
    private void remember(List<SiteWrite> writes) {
      Map<DocumentKey, FullState> now = new HashMap<>(readBack);
      now.putAll(
          target.fetch(
              there.values().stream().filter(local -> !readBack.containsKey(local)).toList()));
      List<SiteLink> kept = new ArrayList<>();
      there.forEach(
          (write, local) -> {
            SiteLink link = settled.get(write);
            kept.add(link == null ? settled(write, local, now.get(local)) : link);
          });
      List<SiteLink> gone = new ArrayList<>();
      for (SiteWrite write : writes) {
        if (!(results.get(write.identity()) instanceof Written.Done done)) {
          continue;
        }
        if (write.isLinkOnly() && takenOver.containsKey(write.identity())) {
          // recorded when the target's own document is written to the producer: until then it may
          // get another name
          continue;
        }
        if (write.isLinkOnly()) {
          kept.add(link(write, done.local(), null, Map.of(), Map.of()));
        } else if (write.isDeletion() && known.get(write.identity()) != null) {
          gone.add(Objects.requireNonNull(known.get(write.identity())));
        }
      }
      links.keep(producer, target, kept, now);
      links.forget(producer, gone);
      // the rows of a document that could not be read again are not known yet
      links.answered(
          producer,
          writes.stream()
              .filter(this::isGivenNames)
              .filter(
                  write ->
                      results.containsKey(write.identity())
                          && !(results.get(write.identity()) instanceof Written.Begun))
              .filter(
                  write ->
                      !there.containsKey(write)
                          || now.get(there.get(write)) instanceof FullState.Present)
              .map(SiteWrite::identity)
              .toList());
    }

    /**
     * The row of the identity map for a written document.
     *
     * @param now the document there now; null where it is not known
     */
    private SiteLink settled(SiteWrite write, DocumentKey local, @Nullable FullState now) {
      SiteLink link = known.get(write.identity());
      Map<String, String> rowNames = link == null ? Map.of() : link.rowNames();
      ObjectNode document = pointed.getOrDefault(write, Objects.requireNonNull(write.document()));
      Map<String, Rewritten> rewritten = rewrites(link).byPath();
      if (now instanceof FullState.Present present) {
        rowNames = form.rowNames(present.document(), document, rowNames);
        rewritten = rewritten(write, document, form.read(present.document(), rowNames), link);
      }
      return link(write, local, document, rowNames, rewritten);
    }

    /** Whether the Event Sync Log says what stands there: it did, and nothing changed. */
    private boolean isAsLogged(SiteWrite write) {
      SiteLink link = known.get(write.identity());
      return link != null
          && link.logged()
          && results.get(write.identity()) instanceof Written.Done done
          && done.isNoNews();
    }

    /** The values that the site changed. Each is reported once. */
    private Map<String, Rewritten> rewritten(
        SiteWrite write, ObjectNode sent, ObjectNode now, @Nullable SiteLink link) {
      // the values of an incomplete document are not compared: the rest follows
      if (write.cut() || !(results.get(write.identity()) instanceof Written.Done done)) {
        return rewrites(link).byPath();
      }
      Set<String> changed = Set.copyOf(done.changed());
      Rewrites.Found found =
          form.rewritten(
              workflows.inItsState(sent, now),
              now,
              field -> write.isCreation() || changed.contains(field),
              write.whole() || write.isCreation(),
              write.mapped(),
              rewrites(link));
      String reported = found.reported();
      if (reported != null) {
        results.put(write.identity(), done.noting(reported));
      }
      return found.byPath();
    }

    private static Rewrites rewrites(@Nullable SiteLink link) {
      return link == null ? Rewrites.NONE : new Rewrites(link.rewritten());
    }

    private SiteLink link(
        SiteWrite write,
        DocumentKey local,
        @Nullable ObjectNode document,
        Map<String, String> rowNames,
        Map<String, Rewritten> rewritten) {
      // a change has the creation and owner of the site's document, not of the producer's
      ObjectNode reported = write.whole() || write.isCreation() ? document : null;
      boolean done = results.get(write.identity()) instanceof Written.Done;
      return new SiteLink(
          write.identity(),
          local,
          0,
          done ? write.lastCreation() : null,
          done ? write.remoteModified() : null,
          reported == null ? null : form.made(reported),
          reported == null ? null : reported.path("owner").asText(null),
          document != null,
          write.left(),
          isAsLogged(write),
          rowNames,
          rewritten);
    }
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * A call that creates documents.
   *
   * @param names what the site calls them, in their order
   */
  private record Call(Chunk chunk, Future<List<String>> names) {}

  /** New documents for one call, each with the values sent. */
  private record Chunk(List<SiteWrite> writes, List<ObjectNode> documents) {
    boolean isEmpty() {
      return writes.isEmpty();
    }

    Chunk part(int from, int to) {
      return new Chunk(writes.subList(from, to), documents.subList(from, to));
    }

    Chunk without(Set<SiteWrite> some) {
      Chunk rest = new Chunk(new ArrayList<>(), new ArrayList<>());
      for (int i = 0; i < writes.size(); i++) {
        if (!some.contains(writes.get(i))) {
          rest.writes.add(writes.get(i));
          rest.documents.add(documents.get(i));
        }
      }
      return rest;
    }
  }
}
