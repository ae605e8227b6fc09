package org.eventstreaming.producer;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A site whose documents are followed: one file in {@code producers/}, fields as in Frappe's Event
 * Producer (protocol: frappe-semantics 2).
 *
 * @param producerUrl http or https, no slash at the end; the identity of the producer, byte for
 *     byte
 * @param user the subscriber: must exist on the producer with role System Manager to register
 * @param apiKey null where a route of the project authenticates the calls, like apiSecret
 * @param source what its changes are read from
 * @param read the reading that is requested; types with a condition that only the producer can
 *     evaluate are read by the method all the same
 * @param reconcile how often it is reconciled
 * @param quietHours when only its log is read; null where it may be looked at any time
 * @param webhookSecret what its webhooks sign their calls with; null where none may call
 * @param target the site that its documents are written to; null keeps them in our own store
 * @param nul what to do with NUL characters in its texts
 */
public record EventProducer(
    String producerUrl,
    String user,
    @Nullable Secret apiKey,
    @Nullable Secret apiSecret,
    Source source,
    Read read,
    Reconcile reconcile,
    @Nullable QuietHours quietHours,
    @Nullable Secret webhookSecret,
    @Nullable TargetSite target,
    Nul nul,
    List<ProducerDoctype> producerDoctypes) {

  /** What stands before the producer's host in the path that its webhooks call. */
  public static final String WEBHOOKS = "/api/method/event_streaming.webhook/";

  public EventProducer {
    producerDoctypes = List.copyOf(producerDoctypes);
  }

  /** Whether this field of a document or row of that type is for the target site to fill in. */
  public boolean leavesToTarget(String doctype, String fieldname) {
    return target != null && target.rules().of(doctype).setBySite().contains(fieldname);
  }

  /** One whose documents fail where a text of theirs holds a NUL character. */
  public EventProducer(
      String producerUrl,
      String user,
      @Nullable Secret apiKey,
      @Nullable Secret apiSecret,
      Source source,
      Read read,
      Reconcile reconcile,
      @Nullable QuietHours quietHours,
      @Nullable Secret webhookSecret,
      @Nullable TargetSite target,
      List<ProducerDoctype> producerDoctypes) {
    this(
        producerUrl,
        user,
        apiKey,
        apiSecret,
        source,
        read,
        reconcile,
        quietHours,
        webhookSecret,
        target,
        Nul.FAIL,
        producerDoctypes);
  }

  /** One that has Event Streaming, and of which the log alone is followed. */
  public EventProducer(
      String producerUrl,
      String user,
      @Nullable Secret apiKey,
      @Nullable Secret apiSecret,
      Read read,
      List<ProducerDoctype> producerDoctypes) {
    this(
        producerUrl,
        user,
        apiKey,
        apiSecret,
        Source.UPDATE_LOG,
        read,
        Reconcile.OFF,
        null,
        null,
        null,
        producerDoctypes);
  }

  /** Whether these are hours in which it is asked for what is new and for nothing that can wait. */
  public boolean isQuiet(Instant moment, ZoneId zone) {
    return quietHours != null && quietHours.include(moment, zone);
  }

  /** Where it is and what opens it. */
  public SiteAccess access() {
    return new SiteAccess(producerUrl, user, apiKey, apiSecret);
  }

  /** The row that follows a document type of the producer. */
  public Optional<ProducerDoctype> following(String remoteDoctype) {
    return producerDoctypes.stream()
        .filter(row -> row.remoteDoctype().equals(remoteDoctype))
        .findFirst();
  }

  /** The document type here that documents of one of the producer's types become. */
  public String refDoctype(String remoteDoctype) {
    return following(remoteDoctype).map(ProducerDoctype::refDoctype).orElse(remoteDoctype);
  }

  /**
   * The producer's document type that a link to a type means.
   *
   * @param mapped whether a mapping made the document that has the link: then it is in our words,
   *     and what it names may come from another type there
   */
  public String remoteDoctype(String linked, boolean mapped) {
    if (!mapped) {
      return linked;
    }
    List<ProducerDoctype> rows =
        producerDoctypes.stream().filter(row -> row.refDoctype().equals(linked)).toList();
    boolean comesAsItself = rows.stream().anyMatch(row -> row.remoteDoctype().equals(linked));
    return rows.isEmpty() || comesAsItself ? linked : rows.get(0).remoteDoctype();
  }

  /** Whether documents here have the producer's content and names: links are not translated. */
  public boolean keepsNames() {
    return producerDoctypes.stream()
        .allMatch(
            row -> row.useSameName() && row.mapping() == null && row.nameTaken() == NameTaken.FAIL);
  }

  /** The path here that its webhooks call. The host alone: no proxy rewrites that. */
  public String webhookPath() {
    return WEBHOOKS + host();
  }

  /** Host and port as they appear in the address: for names that must distinguish producers. */
  public String host() {
    return access().host();
  }

  /** What a document is called here whose own name is taken: nobody else gives such names. */
  public String withHost(String name) {
    return name + "-" + host();
  }
}
