package org.eventstreaming.apply;

import java.util.Collection;
import java.util.Map;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.update.Counterpart;

/** Finds out what documents that are new are called where they are written to. */
@FunctionalInterface
interface ChooseNames {
  Map<Counterpart, ChooseLocalName.Choice> choose(
      EventProducer producer, Collection<ChooseLocalName.Newcomer> newcomers);
}
