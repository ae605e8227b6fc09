package org.eventstreaming.attachment;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.TargetSite;
import org.jspecify.annotations.Nullable;

/**
 * The right to copy the files of a producer: one at a time has it, over all processes.
 *
 * @param owner who has it, unlike any other
 */
public record Turn(EventProducer producer, String owner) {
  String url() {
    return producer.producerUrl();
  }

  /** Null where documents, and their files, are kept here. */
  @Nullable String targetUrl() {
    TargetSite target = producer.target();
    return target == null ? null : target.url();
  }

  TargetSite target() {
    return Objects.requireNonNull(producer.target());
  }

  /** The types whose files are copied, as they are called here, by what the producer calls them. */
  Map<String, String> doctypes() {
    return producer.producerDoctypes().stream()
        .filter(ProducerDoctype::copiesAttachments)
        .collect(Collectors.toMap(ProducerDoctype::remoteDoctype, ProducerDoctype::refDoctype));
  }

  /** How large a file may be: one limit for all types of a producer. */
  long limit() {
    return producer.producerDoctypes().stream()
        .mapToLong(ProducerDoctype::attachmentsLimit)
        .max()
        .orElse(0);
  }
}
