package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.TargetSite;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.OpenedMaster;
import org.eventstreaming.store.OpenedMaster.Ending;
import org.eventstreaming.store.OpenedMasters;
import org.eventstreaming.target.FindDisabled.Disabled;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.Sentence;
import org.jspecify.annotations.Nullable;

/**
 * Writes documents to a producer's target site, even if they link to masters that are disabled by
 * now. Where the site refuses a document for that, the masters are enabled for the time of its
 * write, if the site file permits it for their types. Each master is recorded before it is enabled,
 * so that it is restored after a crash.
 */
public final class WriteAsHistory {
  private final WriteToSite site;
  private final Targets targets;
  private final OpenedMasters masters;
  private final CloseMasters closeMasters;

  public WriteAsHistory(WriteToSite site, Targets targets, OpenedMasters masters) {
    this.site = site;
    this.targets = targets;
    this.masters = masters;
    this.closeMasters = new CloseMasters(masters);
  }

  /** As {@link WriteToSite#forget}. */
  public void forget(EventProducer producer, Collection<IdentityKey> gone) {
    site.forget(producer, gone);
  }

  /** As {@link WriteToSite#echoes}. */
  public Set<IdentityKey> echoes(
      EventProducer producer, String doctype, Map<IdentityKey, ObjectNode> documents) {
    return site.echoes(producer, doctype, documents);
  }

  /** As {@link WriteToSite#isRequired}. */
  public boolean isRequired(EventProducer producer, String doctype, String fieldname) {
    return site.isRequired(producer, doctype, fieldname);
  }

  /** As {@link WriteToSite#withoutOwnRows}. */
  public Optional<ObjectNode> withoutOwnRows(EventProducer producer, ObjectNode document) {
    return site.withoutOwnRows(producer, document);
  }

  /** As {@link WriteToSite#holdBack}. */
  public void holdBack(EventProducer producer, ObjectNode document, @Nullable ObjectNode stands) {
    site.holdBack(producer, document, stands);
  }

  /**
   * Writes documents. Answers the result for each.
   *
   * @throws SiteFailure as {@link WriteToSite#write} does. Masters that are enabled then are
   *     restored when the producer's next work begins
   */
  public Map<IdentityKey, Written> write(EventProducer producer, List<SiteWrite> writes) {
    return new Writing(producer).all(writes);
  }

  /** One call. */
  private final class Writing {
    private final EventProducer producer;
    private final TargetSite file;
    private final Target target;
    private final FindDisabled findDisabled;
    private final Map<IdentityKey, Written> results = new HashMap<>();

    Writing(EventProducer producer) {
      this.producer = producer;
      this.file = Objects.requireNonNull(producer.target());
      this.target = targets.of(producer);
      this.findDisabled = new FindDisabled(target);
    }

    Map<IdentityKey, Written> all(List<SiteWrite> writes) {
      List<SiteWrite> free = withoutMastersInUse(writes);
      results.putAll(site.write(producer, free));
      List<SiteWrite> refused = free.stream().filter(this::isRefused).toList();
      if (!file.asIs().isEmpty()) {
        openFor(refused);
      }
      refused.stream().filter(this::isRefused).forEach(this::advise);
      return results;
    }

    /**
     * The writes without masters that are enabled for documents of another producer. Such a write
     * would look like a change by a person. It is done later.
     */
    private List<SiteWrite> withoutMastersInUse(List<SiteWrite> writes) {
      if (writes.stream().noneMatch(write -> isOpened(write.identity().localDoctype()))) {
        return writes;
      }
      Set<DocumentKey> open = open();
      List<SiteWrite> free = new ArrayList<>();
      for (SiteWrite write : writes) {
        if (keys(write).anyMatch(open::contains)) {
          results.put(
              write.identity(),
              new Written.Later(
                  "it is enabled there now, while documents that link to it are written"));
        } else {
          free.add(write);
        }
      }
      return free;
    }

    private boolean isOpened(String doctype) {
      return file.asIs().contains(doctype);
    }

    private Set<DocumentKey> open() {
      return masters.open(file.url()).stream()
          .map(OpenedMaster::master)
          .collect(Collectors.toSet());
    }

    private static Stream<DocumentKey> keys(SiteWrite write) {
      return write.isCreation()
          ? Stream.of()
          : Stream.of(write.before(), write.after()).filter(Objects::nonNull);
    }

    /** Whether the site refused the document for a reason that an enabled master may remove. */
    private boolean isRefused(SiteWrite write) {
      Written result = results.get(write.identity());
      boolean backwards =
          write.stands() != null
              && SiteForm.docstatus(write.document()) < SiteForm.docstatus(write.stands());
      return write.document() != null && !backwards && refusal(result) != null;
    }

    private void openFor(List<SiteWrite> refused) {
      Map<SiteWrite, Set<DocumentKey>> linked = new LinkedHashMap<>();
      for (SiteWrite write : refused) {
        Set<DocumentKey> some = new LinkedHashSet<>(findDisabled.linked(write));
        some.removeIf(key -> !isOpened(key.doctype()));
        if (!some.isEmpty()) {
          linked.put(write, some);
        }
      }
      while (!linked.isEmpty()) {
        Map<SiteWrite, Set<DocumentKey>> batch = withoutOthersMasters(linked);
        linked.keySet().removeAll(batch.keySet());
        writeOpened(batch);
      }
    }

    /**
     * By write: the masters to enable, without documents that are written themselves at the same
     * time. Of documents that link to each other, one is written after the other.
     */
    private static Map<SiteWrite, Set<DocumentKey>> withoutOthersMasters(
        Map<SiteWrite, Set<DocumentKey>> linked) {
      Set<DocumentKey> all =
          linked.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
      Map<SiteWrite, Set<DocumentKey>> batch = new LinkedHashMap<>(linked);
      batch.keySet().removeIf(write -> keys(write).anyMatch(all::contains));
      if (batch.isEmpty()) {
        SiteWrite first = linked.keySet().iterator().next();
        batch.put(first, Objects.requireNonNull(linked.get(first)));
      }
      return batch;
    }

    private void writeOpened(Map<SiteWrite, Set<DocumentKey>> linked) {
      Map<DocumentKey, Disabled> disabled =
          findDisabled.among(linked.values().stream().flatMap(Set::stream).distinct().toList());
      Set<DocumentKey> inUse = open();
      Map<Disabled, Set<DocumentKey>> needed = new LinkedHashMap<>();
      Map<SiteWrite, Set<Disabled>> needs = new LinkedHashMap<>();
      linked.forEach(
          (write, keys) -> {
            if (keys.stream().anyMatch(inUse::contains)) {
              putOff(write, "what it links to is enabled there for another producer now");
              return;
            }
            keys.stream()
                .map(disabled::get)
                .filter(Objects::nonNull)
                .forEach(
                    master -> {
                      needs.computeIfAbsent(write, any -> new LinkedHashSet<>()).add(master);
                      needed
                          .computeIfAbsent(master, any -> new LinkedHashSet<>())
                          .add(write.identity().remote());
                    });
          });
      if (needs.isEmpty()) {
        return;
      }
      Opening opening = new Opening();
      try {
        opening.enable(needed);
        repeat(needs, opening);
      } catch (RuntimeException | Error e) {
        opening.close(e);
        throw e;
      }
      opening.close(null);
    }

    private void repeat(Map<SiteWrite, Set<Disabled>> needs, Opening opening) {
      List<SiteWrite> again = new ArrayList<>();
      Map<IdentityKey, Written.Begun> begun = new HashMap<>();
      needs.forEach(
          (write, masters) -> {
            String why = opening.whyNot(masters);
            if (opening.isPutOff(masters)) {
              putOff(write, "what it links to was changed there meanwhile");
            } else if (why != null) {
              refuse(write, why);
            } else if (results.get(write.identity()) instanceof Written.Begun half) {
              begun.put(write.identity(), half);
              again.add(rest(write, half.done()));
            } else {
              again.add(write);
            }
          });
      if (again.isEmpty()) {
        return;
      }
      Map<IdentityKey, Boolean> created = new HashMap<>();
      needs.keySet().forEach(write -> created.put(write.identity(), write.isCreation()));
      site.write(producer, again)
          .forEach(
              (identity, result) ->
                  results.put(
                      identity,
                      begun.containsKey(identity)
                          ? both(
                              Objects.requireNonNull(begun.get(identity)),
                              result,
                              Boolean.TRUE.equals(created.get(identity)))
                          : result));
    }

    private void putOff(SiteWrite write, String why) {
      results.put(
          write.identity(), withRest(results.get(write.identity()), new Written.Later(why)));
    }

    private void refuse(SiteWrite write, String more) {
      Written result = results.get(write.identity());
      results.put(
          write.identity(),
          withRest(
              result,
              new Written.Refused(
                  Sentence.of(Objects.requireNonNull(refusal(result)).said()) + " " + more)));
    }

    /** Adds advice to the result, where the site names a disabled document. */
    private void advise(SiteWrite write) {
      String said = Objects.requireNonNull(refusal(results.get(write.identity()))).said();
      Set<DocumentKey> named = new LinkedHashSet<>(findDisabled.linked(write));
      named.removeIf(key -> isOpened(key.doctype()) || !isNamed(key.name(), said));
      if (named.isEmpty()) {
        return;
      }
      Map<String, Set<String>> byType = new TreeMap<>();
      findDisabled
          .among(named)
          .values()
          .forEach(
              one ->
                  byType
                      .computeIfAbsent(one.key().doctype(), any -> new LinkedHashSet<>())
                      .add(one.key().toString()));
      byType.forEach((doctype, names) -> refuse(write, advice(doctype, names)));
    }

    private String advice(String doctype, Set<String> names) {
      boolean isOne = names.size() == 1;
      return "%s %s disabled there. Enable %s, or add %s to history: as_is of the site file %s."
          .formatted(
              String.join(", ", names),
              isOne ? "is" : "are",
              isOne ? "it" : "them",
              doctype,
              file.name());
    }

    private static boolean isNamed(String name, String said) {
      for (int at = said.indexOf(name); at >= 0; at = said.indexOf(name, at + 1)) {
        int end = at + name.length();
        if ((at == 0 || !Character.isLetterOrDigit(said.charAt(at - 1)))
            && (end == said.length() || !Character.isLetterOrDigit(said.charAt(end)))) {
          return true;
        }
      }
      return false;
    }

    /** Masters that are enabled now and have to be restored. */
    private final class Opening {
      private final List<OpenedMaster> open = new ArrayList<>();
      private final Map<Disabled, String> refused = new HashMap<>();
      private final Set<Disabled> putOff = new HashSet<>();

      void enable(Map<Disabled, Set<DocumentKey>> needed) {
        Map<DocumentKey, OpenedMaster> enabled = new LinkedHashMap<>();
        needed.forEach(
            (master, documents) ->
                masters
                    .opening(file.url(), intent(master), documents)
                    .ifPresentOrElse(
                        intent -> {
                          open.add(intent);
                          if (isEnabled(master, intent)) {
                            enabled.put(master.key(), intent);
                          }
                        },
                        () -> putOff.add(master)));
        Map<DocumentKey, FullState> states = target.fetch(enabled.keySet());
        enabled.forEach(
            (key, intent) -> {
              if (states.get(key) instanceof FullState.Present present) {
                String modified = present.document().path("modified").asText();
                masters.enabled(intent, modified);
                open.replaceAll(one -> one.equals(intent) ? intent.enabled(modified) : one);
              }
            });
      }

      private OpenedMaster intent(Disabled master) {
        return new OpenedMaster(
            0,
            master.key(),
            master.by().fieldname(),
            master.by().off(),
            master.modified(),
            null,
            null,
            producer.producerUrl(),
            null);
      }

      private boolean isEnabled(Disabled master, OpenedMaster intent) {
        try {
          target
              .writes()
              .update(
                  master.key(),
                  JsonNodeFactory.instance
                      .objectNode()
                      .put(master.by().fieldname(), 1 - master.by().off())
                      .put("modified", master.modified()));
          return true;
        } catch (SiteFailure e) {
          if (e.isSilent()) {
            throw e;
          }
          masters.ended(intent, Ending.NOT_ENABLED, null);
          open.remove(intent);
          if (e.passes() || e.kind() == SiteFailure.Kind.STALE) {
            putOff.add(master);
          } else {
            refused.put(master, e.said());
          }
          return false;
        }
      }

      boolean isPutOff(Set<Disabled> some) {
        return some.stream().anyMatch(putOff::contains);
      }

      /** Why these cannot all be enabled; null where all are enabled. */
      @Nullable String whyNot(Set<Disabled> some) {
        String why =
            some.stream()
                .filter(refused::containsKey)
                .map(
                    one ->
                        "%s is disabled there, and could not be enabled: %s"
                            .formatted(one.key(), Sentence.of(String.valueOf(refused.get(one)))))
                .collect(Collectors.joining(" "));
        return why.isEmpty() ? null : why;
      }

      /**
       * Restores the masters, also after a failure.
       *
       * @param because the failure; null where there was none
       */
      void close(@Nullable Throwable because) {
        try {
          closeMasters.close(target, open);
        } catch (RuntimeException e) {
          if (because == null) {
            throw e;
          }
          because.addSuppressed(e);
        }
      }
    }
  }

  /** The rest of a write whose document is there already, so that it is not created again. */
  private static SiteWrite rest(SiteWrite write, Written.Done begun) {
    return new SiteWrite(
        write.identity(),
        begun.local(),
        begun.local(),
        false,
        null,
        write.document(),
        null,
        write.whole() || write.isCreation(),
        write.mapped(),
        write.lastCreation(),
        write.remoteModified(),
        write.left(),
        false);
  }

  private static Written both(Written.Begun half, Written rest, boolean created) {
    Written.Done before = half.done();
    if (!(rest instanceof Written.Done done)) {
      return rest instanceof Written.Begun more
          ? new Written.Begun(before, more.rest(), more.isRest())
          : new Written.Begun(before, rest, half.isRest());
    }
    return new Written.Done(
        done.local(),
        created
            ? List.of()
            : Stream.concat(before.changed().stream(), done.changed().stream()).distinct().toList(),
        Stream.concat(before.notes().stream(), done.notes().stream()).distinct().toList(),
        before.logged() && done.logged());
  }

  private static Written withRest(@Nullable Written result, Written rest) {
    return result instanceof Written.Begun begun
        ? new Written.Begun(begun.done(), rest, begun.isRest())
        : rest;
  }

  /** The refusal in a result; null where the site may accept the document later. */
  private static Written.@Nullable Refused refusal(@Nullable Written result) {
    Written last = result instanceof Written.Begun begun ? begun.rest() : result;
    return last instanceof Written.Refused refused ? refused : null;
  }
}
