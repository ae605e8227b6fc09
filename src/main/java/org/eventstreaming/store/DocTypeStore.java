package org.eventstreaming.store;

import java.util.Collection;
import java.util.List;

/** The definitions that were read, kept over a restart: one for each name. */
public interface DocTypeStore {
  /** The source of definitions that stand in the project's own files. */
  String FILE = "doctypes/";

  /** Those of these that are kept; the others are absent. */
  List<LearntDocType> find(Collection<String> names);

  /** Keeps them, each in the place of the one of the same name. Doing it twice changes nothing. */
  void keep(Collection<LearntDocType> definitions);
}
