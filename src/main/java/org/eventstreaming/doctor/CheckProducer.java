package org.eventstreaming.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.Unread;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Source;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.Prefix;
import org.eventstreaming.site.ReadableLevels;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.site.Versions;
import org.jspecify.annotations.Nullable;

/** Checks one Event Producer, from its address to each document type that is followed. */
public final class CheckProducer {
  private final CheckAddress checkAddress;
  private final CheckKey checkKey;
  private final FrappeSites sites;
  private final DocTypes files;
  private final @Nullable String ours;
  private final Clock clock;

  /**
   * @param files the definitions that need not be read from the site
   * @param ours our own address; null where it is known only once we serve
   */
  public CheckProducer(
      CheckAddress checkAddress,
      FrappeSites sites,
      DocTypes files,
      @Nullable String ours,
      Clock clock) {
    this.checkAddress = checkAddress;
    this.checkKey = new CheckKey(clock);
    this.sites = sites;
    this.files = files;
    this.ours = ours;
    this.clock = clock;
  }

  /**
   * Stops at the first finding that makes further checks pointless.
   *
   * @param registered the address under which we are an Event Consumer there; null where we are
   *     none yet, or where it is not known here
   */
  public List<Finding> check(EventProducer producer, @Nullable String registered) {
    List<Finding> findings = new ArrayList<>(checkAddress.check(producer.producerUrl()));
    if (findings.stream().noneMatch(one -> one.level() == Finding.Level.CLOSED)) {
      new Examination(producer, registered, findings).all();
    }
    return findings;
  }

  /** The questions to one site. */
  private final class Examination {
    private final EventProducer producer;
    private final @Nullable String address;
    private final FrappeSite site;
    private final List<Finding> findings;
    private String user = "";

    Examination(EventProducer producer, @Nullable String registered, List<Finding> findings) {
      this.producer = producer;
      this.address = registered == null ? ours : registered;
      this.site = sites.of(producer);
      this.findings = findings;
    }

    void all() {
      Optional<String> taken = checkKey.check(site, producer.access(), findings);
      if (taken.isEmpty()) {
        return;
      }
      user = taken.get();
      userPermissions();
      timeZone();
      boolean hasLog = hasLog(versions());
      if (hasLog) {
        log();
      } else {
        optional(
            "deletions",
            "Deleted Document",
            "Documents that are deleted there stay here until the key may read it.");
      }
      if (!hasLog || producer.reconcile().isOn()) {
        optional(
            "renames", "Comment", "Documents that are renamed there keep their old name here.");
      }
      ourAddress(hasLog);
      producer.producerDoctypes().stream()
          .filter(row -> !row.unsubscribe())
          .map(ProducerDoctype::remoteDoctype)
          .forEach(this::documentType);
    }

    /** They restrict the key silently: what they exclude is absent from every list. */
    private void userPermissions() {
      List<FrappeSite.UserPermission> narrowing;
      try {
        narrowing = site.userPermissions(user);
      } catch (SiteFailure e) {
        add(
            e.kind() == SiteFailure.Kind.REFUSED
                ? Finding.warning(
                    "user permissions",
                    "The key may not read User Permission: whether some restrict it cannot"
                        + " be said.",
                    "Check the User Permissions of %s there.".formatted(user))
                : Finding.problem("user permissions", e.getMessage(), ""));
        return;
      }
      add(
          narrowing.isEmpty()
              ? Finding.ok("user permissions", "None restricts what the key may read.")
              : Finding.warning(
                  "user permissions",
                  "%s is restricted to %s. Documents that this leaves out are neither followed nor compared."
                      .formatted(
                          user,
                          narrowing.stream()
                              .map(FrappeSite.UserPermission::text)
                              .collect(Collectors.joining("; "))),
                  "To follow all documents, remove these User Permissions of %s there, or use the key"
                          .formatted(user)
                      + " of a user that has none."));
    }

    private void timeZone() {
      asked(
          "time zone",
          () -> {
            Optional<String> reported = site.timeZone();
            if (reported.isEmpty()) {
              return Finding.warning(
                  "time zone",
                  "None is set there: the site works in Asia/Kolkata, which is Frappe's default.",
                  "Set the time zone in its System Settings, before anything is followed.");
            }
            try {
              return Finding.ok(
                  "time zone", "The site works in " + ZoneId.of(reported.get()) + ".");
            } catch (DateTimeException e) {
              return Finding.warning(
                  "time zone",
                  "The site says it works in '%s', which is not a time zone: Asia/Kolkata is taken."
                      .formatted(reported.get()),
                  "Set the time zone in its System Settings.");
            }
          });
    }

    /** Null where the site does not say. */
    private @Nullable Versions versions() {
      Versions versions;
      try {
        versions = site.versions();
      } catch (SiteFailure e) {
        add(Finding.warning("versions", e.getMessage(), ""));
        return null;
      }
      add(
          versions.isKnown()
              ? Finding.ok("versions", "Installed are " + versions + ".")
              : Finding.warning(
                  "versions",
                  "Installed are " + versions + ".",
                  "This program is tested with Frappe 13 to 16: check the first documents closely."));
      return versions;
    }

    /** Whether the site is followed by its log. */
    private boolean hasLog(@Nullable Versions versions) {
      Optional<Prefix> prefix = versions == null ? Optional.empty() : versions.prefix();
      if (producer.source() == Source.MODIFIED) {
        add(Finding.ok("source", "It is followed by lists of what changed, as the file says."));
        return false;
      }
      if (versions == null) {
        add(Finding.skipped("source", "The first poll finds out whether it has Event Streaming."));
        return producer.source() == Source.UPDATE_LOG;
      }
      if (prefix.isPresent()) {
        add(
            Finding.ok(
                "source",
                "It has Event Streaming (%s) and is followed by its log."
                    .formatted(prefix.get().text())));
        return true;
      }
      add(
          producer.source() == Source.UPDATE_LOG
              ? Finding.problem(
                  "source",
                  "The file says source: update_log, and the site has no Event Streaming.",
                  "Write source: modified, or install the app event_streaming there.")
              : Finding.ok(
                  "source", "It has no Event Streaming: it is followed by lists of what changed."));
      return false;
    }

    private void log() {
      asked(
          "update log",
          () ->
              site.updateLog().mayReadLogTable()
                  ? Finding.ok("update log", "The key may read it.")
                  : Finding.warning(
                      "update log",
                      "The key may not list it: it is read by the method, which is slower.",
                      "Give %s the role System Manager.".formatted(producer.user())));
      if (address == null) {
        return;
      }
      asked(
          "subscription",
          () ->
              site.updateLog()
                  .eventConsumer(address)
                  .map(this::subscription)
                  .orElseGet(
                      () ->
                          Finding.ok(
                              "subscription",
                              "We are not registered there as %s yet: the first poll does it."
                                  .formatted(address))));
    }

    private Finding subscription(ObjectNode consumer) {
      Set<String> waiting = new TreeSet<>();
      for (JsonNode row : consumer.path("consumer_doctypes")) {
        if (!row.path("status").asText("Pending").equals("Approved")) {
          waiting.add(row.path("ref_doctype").asText());
        }
      }
      return waiting.isEmpty()
          ? Finding.ok("subscription", "We are registered there; all types are approved.")
          : Finding.warning(
              "subscription",
              "Not approved there: " + String.join(", ", waiting) + ".",
              "Approve them in the Event Consumer %s there.".formatted(address));
    }

    private void ourAddress(boolean hasLog) {
      if (!hasLog && producer.webhookSecret() == null) {
        add(Finding.skipped("our address", "This site does not call us."));
      } else if (address == null) {
        add(
            Finding.warning(
                "our address",
                "It is known only once we serve: eventstreaming.url is not set, and the port is 0.",
                "Set eventstreaming.url to the address by which the site reaches us."));
      } else if (CheckAddress.isLoopback(address)
          && !CheckAddress.isLoopback(producer.producerUrl())) {
        add(
            Finding.warning(
                "our address",
                "The site would call us at %s, which is itself: notifications, approvals and webhooks do not arrive."
                    .formatted(address),
                "Set eventstreaming.url to the address by which the site reaches us. Until then"
                    + " polls go by the clock alone."));
      } else if (ours != null && !ours.equals(address)) {
        add(
            Finding.warning(
                "our address",
                "The site calls us at %s, where we are registered; the settings say %s."
                    .formatted(address, ours),
                "Set eventstreaming.url, and restart run: the next poll changes the address there."
                    + " Where the site lets no Event Consumer be renamed, delete it there: the next"
                    + " poll registers the new address, and its document types have to be approved"
                    + " again."));
      } else {
        add(Finding.ok("our address", "The site calls us at " + address + "."));
      }
    }

    private void documentType(String doctype) {
      Optional<DocType> definition = files.find(doctype);
      Map<String, DocType> read = new HashMap<>();
      String unreported = null;
      if (definition.isEmpty()) {
        try {
          site.docTypes(doctype).forEach(one -> read.put(one.name(), one));
          definition = Optional.ofNullable(read.get(doctype));
        } catch (SiteFailure e) {
          unreported = e.getMessage();
        }
      }
      try {
        if (definition.map(DocType::issingle).orElse(false)) {
          site.document(doctype, doctype);
        } else {
          site.look(doctype, "");
        }
      } catch (SiteFailure e) {
        add(
            Finding.problem(
                doctype,
                e.getMessage(),
                "Give %s a role that may read %s, or correct its name in the file."
                    .formatted(producer.user(), doctype)));
        return;
      }
      if (unreported != null) {
        add(
            Finding.warning(
                doctype,
                unreported + " Its documents are streamed without typed view and links.",
                "Put the definition into doctypes/."));
        return;
      }
      List<String> children = definition.map(CheckProducer::tables).orElse(List.of());
      List<String> hidden = new ArrayList<>();
      for (String child : children) {
        try {
          site.look(child, doctype);
        } catch (SiteFailure e) {
          hidden.add(e.getMessage());
        }
      }
      add(
          hidden.isEmpty()
              ? Finding.ok(
                  doctype,
                  children.isEmpty()
                      ? "It may be read; it has no child tables."
                      : "It may be read, its rows too: " + String.join(", ", children) + ".")
              : Finding.problem(
                  doctype,
                  String.join(" ", hidden),
                  "Give %s a role that may read %s.".formatted(producer.user(), doctype)));
      definition.ifPresent(known -> fieldsOf(known, read));
    }

    /** Fields above the permission levels of the key. */
    private void fieldsOf(DocType definition, Map<String, DocType> read) {
      DocTypes known = name -> files.find(name).or(() -> Optional.ofNullable(read.get(name)));
      asked(
          definition.name(),
          () -> {
            Unread hidden =
                new ReadableLevels(known, clock).hiddenSingly(site, producer.access(), definition);
            return hidden.isEmpty()
                ? Finding.ok(definition.name(), "All of its fields may be read.")
                : Finding.warning(
                    definition.name(),
                    "The key may not read these fields: %s. What the update log says of them is"
                            .formatted(hidden.text(definition.name()))
                        + " kept; they are not compared, and never set to 0.",
                    "To follow them, give %s a role that may read their permission level."
                        .formatted(producer.user()));
          });
    }

    private void optional(String check, String doctype, String missing) {
      asked(
          check,
          () -> {
            try {
              site.look(doctype, "");
              return Finding.ok(check, "The key may read " + doctype + ".");
            } catch (SiteFailure e) {
              if (e.kind() != SiteFailure.Kind.REFUSED) {
                throw e;
              }
              return Finding.warning(
                  check,
                  "The key may not read %s. %s".formatted(doctype, missing),
                  "Give %s a role that may.".formatted(producer.user()));
            }
          });
    }

    private void asked(String check, Supplier<Finding> question) {
      try {
        add(question.get());
      } catch (SiteFailure e) {
        add(Finding.problem(check, e.getMessage(), ""));
      }
    }

    private void add(Finding finding) {
      findings.add(finding);
    }
  }

  private static List<String> tables(DocType definition) {
    Set<String> children = new LinkedHashSet<>();
    for (DocField table : definition.tables()) {
      if (table.options() != null) {
        children.add(table.options());
      }
    }
    return List.copyOf(children);
  }
}
