package org.eventstreaming.poll;

import java.util.function.Function;
import org.eventstreaming.site.Prefix;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.ProducerStates;

/**
 * Calls a method of Event Streaming. Its path has one of two prefixes, by the generation of the
 * site. The prefix that works is kept in the producer's state and tried first. When it no longer
 * works, the other one is tried (protocol: frappe-wire 1).
 */
final class ProbePrefix {
  private final ProducerStates producers;
  private final String producerUrl;

  ProbePrefix(ProducerStates producers, String producerUrl) {
    this.producers = producers;
    this.producerUrl = producerUrl;
  }

  <T> T call(Function<Prefix, T> call) {
    String known = producers.state(producerUrl).methodPrefix();
    Prefix first = Prefix.APP.text().equals(known) ? Prefix.APP : Prefix.CORE;
    T answer;
    Prefix found = first;
    try {
      answer = call.apply(first);
    } catch (SiteFailure e) {
      if (e.kind() != SiteFailure.Kind.NO_SUCH_METHOD) {
        throw e;
      }
      found = first.other();
      try {
        answer = call.apply(found);
      } catch (SiteFailure other) {
        if (other.kind() == SiteFailure.Kind.NO_SUCH_METHOD) {
          throw other.noEventStreaming(producerUrl);
        }
        throw other;
      }
    }
    if (!found.text().equals(known)) {
      producers.learntPrefix(producerUrl, found.text());
    }
    return answer;
  }
}
