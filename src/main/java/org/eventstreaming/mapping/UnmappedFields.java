package org.eventstreaming.mapping;

/** What becomes of the producer's fields that no row names; standard fields stay in any case. */
enum UnmappedFields {
  /** Those stay that the DocType here has; none, while its definition is unknown. */
  KNOWN,
  /** All stay, as in Frappe. */
  KEEP,
  DROP
}
