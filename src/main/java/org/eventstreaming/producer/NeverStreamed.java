package org.eventstreaming.producer;

import java.util.Map;
import java.util.Optional;

/**
 * The document types that no producer may change here: what defines or guards a site, and the
 * tables of the streaming itself. Refused when producers are read and again when an entry is
 * accepted.
 */
public final class NeverStreamed {
  private static final String DEFINES = "it defines what documents here look like";
  private static final String RUNS = "it holds code that would run here";
  private static final String GUARDS = "it decides who may enter here and see what";
  private static final String STREAMS = "it is a table of the streaming itself";

  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("DocType", DEFINES),
          Map.entry("Custom Field", DEFINES),
          Map.entry("Property Setter", DEFINES),
          Map.entry("Server Script", RUNS),
          Map.entry("Client Script", RUNS),
          Map.entry("User", GUARDS),
          Map.entry("User Permission", GUARDS),
          Map.entry("Event Producer", STREAMS),
          Map.entry("Event Producer Last Update", STREAMS),
          Map.entry("Event Consumer", STREAMS),
          Map.entry("Event Update Log", STREAMS),
          Map.entry("Event Update Log Consumer", STREAMS),
          Map.entry("Event Sync Log", STREAMS));

  private NeverStreamed() {}

  public static boolean contains(String doctype) {
    return REASONS.containsKey(doctype);
  }

  /** Why this type is never streamed; empty when it may be. */
  public static Optional<String> reason(String doctype) {
    return Optional.ofNullable(REASONS.get(doctype));
  }
}
