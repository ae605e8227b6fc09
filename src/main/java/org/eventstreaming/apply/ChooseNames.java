package org.eventstreaming.apply;

import java.util.Collection;
import java.util.Map;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.update.IdentityKey;

/** Finds out what documents that are new are called where they are written to. */
@FunctionalInterface
interface ChooseNames {
  Map<IdentityKey, ChooseLocalName.Choice> choose(
      EventProducer producer, Collection<ChooseLocalName.Newcomer> newcomers);

  /** In our own store, or on the target site where the producer has one. */
  static ChooseNames where(ChooseNames here, ChooseNames onSite) {
    return (producer, newcomers) ->
        (producer.target() == null ? here : onSite).choose(producer, newcomers);
  }
}
