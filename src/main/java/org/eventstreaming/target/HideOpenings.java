package org.eventstreaming.target;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.store.OpenedMaster;
import org.eventstreaming.store.OpenedMasters;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.PassedOver;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;

/**
 * Hides openings from the stream, where a target site is followed as a producer too. An opening is
 * the enabling of a master while documents that link to it are written. Neither the entries nor the
 * whole documents show it.
 */
public final class HideOpenings {
  private static final List<String> FIELDS = List.of("disabled", "enabled");

  /**
   * The longest time from the {@code modified} of a save to its entry. Hooks of the save run in
   * between.
   */
  private static final Duration SAVE = Duration.ofMinutes(1);

  private final OpenedMasters masters;

  public HideOpenings(OpenedMasters masters) {
    this.masters = masters;
  }

  /** The page without the entries of openings. */
  public UpdatePage hide(UpdatePage page) {
    List<DocumentKey> suspects =
        page.updates().stream()
            .filter(HideOpenings::isSwitch)
            .map(one -> one.entry().remote())
            .distinct()
            .toList();
    if (suspects.isEmpty()) {
      return page;
    }
    Map<DocumentKey, List<OpenedMaster>> opened =
        byDocument(page.run().producer().producerUrl(), suspects);
    if (opened.isEmpty()) {
      return page;
    }
    Set<DocumentKey> switched = new HashSet<>();
    List<Update> updates = new ArrayList<>();
    for (Update update : page.updates()) {
      List<OpenedMaster> some = opened.getOrDefault(update.entry().remote(), List.of());
      updates.add(
          isSwitch(update) && !some.isEmpty()
              ? hidden((AcceptedUpdate) update, some, switched)
              : update);
    }
    return page.withUpdates(updates);
  }

  /** Documents of a site with their former values, where they were read while they were enabled. */
  public Map<DocumentKey, FullState> asBefore(String siteUrl, Map<DocumentKey, FullState> states) {
    List<DocumentKey> suspects =
        states.entrySet().stream()
            .filter(
                one ->
                    one.getValue() instanceof FullState.Present present
                        && FIELDS.stream().anyMatch(present.document()::has))
            .map(Map.Entry::getKey)
            .toList();
    Map<DocumentKey, List<OpenedMaster>> opened = byDocument(siteUrl, suspects);
    if (opened.isEmpty()) {
      return states;
    }
    Map<DocumentKey, FullState> hidden = new HashMap<>(states);
    opened.forEach(
        (key, some) ->
            some.forEach(
                one ->
                    hidden.computeIfPresent(
                        key,
                        (any, state) ->
                            state instanceof FullState.Present present
                                    && isOpenIn(present.document(), one)
                                ? asBefore(present, one)
                                : state)));
    return hidden;
  }

  private Map<DocumentKey, List<OpenedMaster>> byDocument(
      String siteUrl, List<DocumentKey> documents) {
    Map<DocumentKey, List<OpenedMaster>> opened = new HashMap<>();
    masters
        .of(siteUrl, documents)
        .forEach(one -> opened.computeIfAbsent(one.master(), any -> new ArrayList<>()).add(one));
    return opened;
  }

  private static boolean isSwitch(Update update) {
    return update instanceof AcceptedUpdate accepted
        && accepted.type() == UpdateType.UPDATE
        && accepted.content() != null
        && FIELDS.stream().anyMatch(accepted.content().path("changed")::has);
  }

  /**
   * The entry without the change of an opening.
   *
   * @param switched masters that somebody else enabled in this page, and may disable again
   */
  private static Update hidden(
      AcceptedUpdate update, List<OpenedMaster> opened, Set<DocumentKey> switched) {
    ObjectNode content = Objects.requireNonNull(update.content());
    LocalDateTime creation = FrappeTime.parse(update.entry().creation()).orElse(null);
    JsonNode changed = content.path("changed");
    for (OpenedMaster one : opened) {
      if (creation == null || !changed.has(one.fieldname())) {
        continue;
      }
      boolean isBack = changed.path(one.fieldname()).asInt() == one.value();
      if (isOfOpening(one, creation, isBack)
          && !(isBack && switched.contains(update.entry().remote()))) {
        ((ObjectNode) changed).remove(one.fieldname());
        UpdateLogEntry entry = update.entry();
        return saysNothing(content)
            ? new PassedOver(entry, PassedOver.Why.NOTHING_DIFFERS)
            : new AcceptedUpdate(
                new UpdateLogEntry(
                    entry.name(),
                    entry.updateType(),
                    entry.refDoctype(),
                    entry.docname(),
                    content.toString(),
                    entry.creation(),
                    entry.cause()),
                update.type(),
                update.rule(),
                content);
      }
      if (!isBack) {
        switched.add(update.entry().remote());
      }
    }
    return update;
  }

  private static boolean isOfOpening(OpenedMaster one, LocalDateTime creation, boolean isBack) {
    if (!isAfter(creation, one.before())) {
      return false;
    }
    if (one.ending() == null) {
      return true;
    }
    LocalDateTime after = one.after() == null ? null : FrappeTime.parse(one.after()).orElse(null);
    return after != null && !creation.isAfter(isBack ? after.plus(SAVE) : after);
  }

  private static boolean isAfter(LocalDateTime moment, String before) {
    return FrappeTime.parse(before).map(moment::isAfter).orElse(true);
  }

  private static boolean saysNothing(ObjectNode diff) {
    for (JsonNode part : diff) {
      if (part.isContainerNode() && !part.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOpenIn(ObjectNode document, OpenedMaster one) {
    String modified = document.path("modified").asText();
    return document.has(one.fieldname())
        && document.path(one.fieldname()).asInt() != one.value()
        && (one.opened() == null
            ? one.ending() == null
                && FrappeTime.parse(modified)
                    .filter(moment -> isAfter(moment, one.before()))
                    .isPresent()
            : FrappeTime.parse(one.opened()).equals(FrappeTime.parse(modified)));
  }

  private static FullState asBefore(FullState.Present present, OpenedMaster one) {
    ObjectNode document = present.document().objectNode();
    document.setAll(present.document());
    return new FullState.Present(
        document.put(one.fieldname(), one.value()),
        present.modified(),
        present.details(),
        present.unread());
  }
}
