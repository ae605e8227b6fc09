package org.eventstreaming.accept;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import java.util.Optional;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.NoJson;
import org.eventstreaming.update.PassedOver;
import org.eventstreaming.update.Received;
import org.eventstreaming.update.RenamedUpdate;
import org.eventstreaming.update.ResyncCommand;
import org.eventstreaming.update.RowSentences;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdateType;

/**
 * Follows what the producer file asks for and the producer approved, and nothing else: real
 * producers send more (protocol: frappe-semantics, defect 86).
 */
public final class AcceptUpdate {
  public Update accept(Received received) {
    UpdateLogEntry entry = received.entry();
    Optional<ProducerDoctype> rule = received.run().producer().following(entry.refDoctype());
    if (rule.isEmpty()) {
      return new PassedOver(entry, PassedOver.Why.NOT_ASKED_FOR);
    }
    if (rule.get().unsubscribe()) {
      return new PassedOver(entry, PassedOver.Why.UNSUBSCRIBED);
    }
    if (!received.run().approved().contains(entry.refDoctype())) {
      return new PassedOver(entry, PassedOver.Why.NOT_APPROVED);
    }
    String name = entry.docname();
    if (name.isBlank() || name.length() > DocumentKey.LONGEST_NAME || name.indexOf('\0') >= 0) {
      return failed(
          received,
          "its document name is empty, longer than "
              + DocumentKey.LONGEST_NAME
              + " characters or holds a NUL character");
    }
    if (entry.isOurs()) {
      return ours(received, rule.get());
    }
    Optional<UpdateType> type = UpdateType.of(entry.updateType());
    if (type.isEmpty()) {
      return failed(
          received,
          "its update type is '" + entry.updateType() + "', not Create, Update or Delete");
    }
    if (type.get() == UpdateType.DELETE) {
      return new AcceptedUpdate(entry, type.get(), rule.get(), null);
    }
    if (entry.data() == null) {
      return failed(received, "its data is empty");
    }
    try {
      JsonNode content = DocumentJson.MAPPER.readTree(entry.data());
      return content instanceof ObjectNode object
          ? new AcceptedUpdate(entry, type.get(), rule.get(), object)
          : failed(received, "its data is JSON but not an object");
    } catch (JsonProcessingException e) {
      return failed(received, "its data is not JSON: " + NoJson.why(e));
    }
  }

  /** One that was made here says what it means. */
  private static Update ours(Received received, ProducerDoctype rule) {
    UpdateLogEntry entry = received.entry();
    if (entry.updateType().equals(RenamedUpdate.TYPE)) {
      return new RenamedUpdate(
          entry,
          new DocumentKey(entry.refDoctype(), Objects.requireNonNull(entry.data())),
          received.run().identity(entry.remote()),
          rule.useSameName());
    }
    return new AcceptedUpdate(entry, UpdateType.of(entry.updateType()).orElseThrow(), rule, null);
  }

  private static Update failed(Received received, String why) {
    UpdateLogEntry entry = received.entry();
    return new SyncOutcome.Failed(
        entry,
        null,
        "Could not read entry "
            + entry.name()
            + " about "
            + entry.remote()
            + " of "
            + received.run().producer().producerUrl()
            + ": "
            + why
            + "."
            + RowSentences.LATER_ENTRIES_WAIT
            + " Look at the entry on the producer;"
            + " once it can be read, run "
            + ResyncCommand.WITHOUT_NUMBER
            + ".");
  }
}
