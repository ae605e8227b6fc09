package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;
import org.eventstreaming.document.NormalForm;
import org.eventstreaming.document.NulCharacters;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Nul;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.update.DocumentKey;

/** The form in which documents of one producer are held here. */
final class LocalForm {
  private final EventProducer producer;
  private final NormalForm normalForm;

  LocalForm(EventProducer producer, NormalForm normalForm) {
    this.producer = producer;
    this.normalForm = normalForm;
  }

  /**
   * The same where PostgreSQL can store it; else as the producer file says.
   *
   * @param notes what was removed is added to them
   */
  ObjectNode storable(ObjectNode content, List<String> notes) {
    List<String> fields = producer.nul() == Nul.STRIP ? NulCharacters.in(content) : List.of();
    if (fields.isEmpty()) {
      return content;
    }
    notes.add(
        "NUL characters were removed from "
            + fields.stream()
                .map(field -> field.replaceFirst("^changed\\.", ""))
                .collect(Collectors.joining(", ")));
    return NulCharacters.without(content);
  }

  /** The document under its local name; under a name of our own it remembers where it is from. */
  ObjectNode named(
      ObjectNode content, DocumentKey remote, DocumentKey local, ProducerDoctype rule) {
    content.put("doctype", local.doctype());
    content.put("name", local.name());
    if (!rule.useSameName()) {
      content.put("remote_docname", remote.name());
      content.put("remote_site_name", producer.producerUrl());
    }
    return normalForm.wholeInPlace(content);
  }
}
