package org.eventstreaming.producer;

import com.fasterxml.jackson.core.JsonPointer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.expression.Expression;
import org.eventstreaming.expression.MalformedExpression;
import org.eventstreaming.files.FileSchema;
import org.eventstreaming.files.MarkedFile;
import org.eventstreaming.files.Nearest;
import org.eventstreaming.files.Placeholders;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ProjectFiles;
import org.eventstreaming.files.ReadMarkedFile;
import org.eventstreaming.mapping.DocumentTypeMapping;
import org.eventstreaming.mapping.Mappings;
import org.eventstreaming.settings.LengthOfTime;
import org.eventstreaming.settings.SizeOfFile;
import org.jspecify.annotations.Nullable;

/** Reads the Event Producers of {@code producers/}: one file each, by file name. */
public final class ReadProducerFiles {
  static final String DIRECTORY = "producers";

  /** The target that is no site. */
  private static final String HERE = "postgres";

  private final FileSchema schema = FileSchema.named("event-producer-1.json");
  private final ProjectFiles files;
  private final ReadMarkedFile readFile;
  private final Placeholders placeholders;
  private final @Nullable Mappings mappings;
  private final Secrets secrets;
  private final ReadSiteFiles readSites;

  /** Empty while they are not read, or one of their files is refused. */
  private Optional<Map<String, TargetSite>> sites = Optional.empty();

  /**
   * @param mappings those that a row may name; null where they were refused, and the names of rows
   *     cannot be checked
   */
  public ReadProducerFiles(
      Path project, Map<String, String> environment, @Nullable Mappings mappings, Secrets secrets) {
    this.mappings = mappings;
    this.secrets = secrets;
    this.files = new ProjectFiles(project);
    this.readFile = new ReadMarkedFile(files);
    this.placeholders = new Placeholders(project, environment);
    this.readSites = new ReadSiteFiles(project, environment, secrets);
  }

  /**
   * The Event Producers; none where the directory is empty.
   *
   * @throws org.eventstreaming.files.FilesRefused with the problems of all files
   */
  public List<EventProducer> read() {
    return List.copyOf(byFile().values());
  }

  /** The same, each with its file. */
  public Map<Path, EventProducer> byFile() {
    var problems = new Problems();
    var producers = byFile(problems);
    problems.refuseIfAny();
    return producers;
  }

  /** Those whose own file is not refused, each with its file. */
  public Map<Path, EventProducer> byFile(Problems problems) {
    sites = problems.gather(readSites::read);
    var producers = new LinkedHashMap<Path, EventProducer>();
    var fileOfUrl = new HashMap<String, Path>();
    for (var path : files.in(DIRECTORY, problems)) {
      readFile
          .read(path, problems)
          .flatMap(file -> new OneFile(file, problems).producer(fileOfUrl))
          .ifPresent(producer -> producers.put(path, producer));
    }
    return producers;
  }

  /** One file on its way to an Event Producer. */
  private final class OneFile extends SiteFile {
    private static final int DAY = "2026-01-01".length();

    /** What a site takes itself. */
    private static final long ATTACHMENTS_LIMIT = SizeOfFile.of("25MB");

    private static final Duration SHORTEST_PERIOD = Duration.ofSeconds(5);

    private final JsonPointer base;

    OneFile(MarkedFile file, Problems problems) {
      super(file, problems, placeholders, secrets);
      // Frappe exports fixtures as a list
      this.base = file.root().isArray() ? JsonPointer.compile("/0") : JsonPointer.empty();
    }

    Optional<EventProducer> producer(Map<String, Path> fileOfUrl) {
      var root = file.root();
      if (root.isArray() && root.size() != 1) {
        problems.add(
            file.file(),
            file.value(JsonPointer.empty()),
            "a file holds one Event Producer, this one holds " + root.size());
        return Optional.empty();
      }
      var before = problems.count();
      check(schema, base);
      var url = url(base.appendProperty("producer_url"), fileOfUrl);
      var user = name(base.appendProperty("user"));
      var apiKey = secret(base.appendProperty("api_key"));
      var apiSecret = secret(base.appendProperty("api_secret"));
      var quietHours = quietHours(base.appendProperty("quiet_hours"));
      var webhookSecret = secret(base.appendProperty("webhook_secret"));
      var target = target(base.appendProperty("target"), url);
      var rows =
          rows(
              base.appendProperty("producer_doctypes"),
              attachmentsLimit(base.appendProperty("attachments_limit")));
      target.ifPresent(site -> checkMadeBySite(base.appendProperty("producer_doctypes"), site));
      if (problems.count() > before) {
        return Optional.empty();
      }
      return Optional.of(
          new EventProducer(
              url.orElseThrow(),
              user.orElseThrow(),
              apiKey.orElse(null),
              apiSecret.orElse(null),
              choice(Source.class, base.appendProperty("source"), Source.PROBE),
              choice(Read.class, base.appendProperty("read"), Read.LIST),
              new Reconcile(
                  period(base.appendProperty("reconcile"), Reconcile.DEFAULT.changes()),
                  period(base.appendProperty("reconcile_rows"), Reconcile.DEFAULT.rows()),
                  period(compare(), Reconcile.DEFAULT.all())),
              quietHours.orElse(null),
              webhookSecret.orElse(null),
              target.orElse(null),
              choice(Nul.class, base.appendProperty("nul"), Nul.FAIL),
              rows));
    }

    /** Also by its former name. */
    private JsonPointer compare() {
      JsonPointer compare = base.appendProperty("compare");
      JsonPointer former = base.appendProperty(FormerKeys.COMPARE);
      boolean hasFormer = !file.root().at(former).isMissingNode();
      if (hasFormer && !file.root().at(compare).isMissingNode()) {
        problems.add(
            file.file(), file.key(former), "diff is the former name of compare: remove it");
      }
      return hasFormer ? former : compare;
    }

    /** Empty where documents are kept here. */
    private Optional<TargetSite> target(JsonPointer at, Optional<String> producerUrl) {
      var named = text(at).filter(name -> !name.equals(HERE));
      if (named.isEmpty() || sites.isEmpty()) {
        return Optional.empty();
      }
      var site = Optional.ofNullable(sites.get().get(named.get()));
      if (site.isEmpty()) {
        refuse(
            at,
            "there is no site '%s' in sites/".formatted(named.get())
                + Nearest.to(named.get(), sites.get().keySet())
                    .map(near -> ": did you mean '" + near + "'?")
                    .orElse(", and " + HERE + " keeps the documents here"));
      } else if (producerUrl.filter(site.get().url()::equalsIgnoreCase).isPresent()) {
        refuse(at, "target is the producer itself: its documents cannot be written to it");
      }
      return site;
    }

    private void checkMadeBySite(JsonPointer rows, TargetSite site) {
      for (var i = 0; i < file.root().at(rows).size(); i++) {
        var at = rows.appendIndex(i).appendProperty("ref_doctype");
        text(at)
            .filter(doctype -> site.rules().of(doctype).madeBySite())
            .ifPresent(
                doctype ->
                    refuse(
                        at,
                        "ref_doctype %s is not streamed to %s: the site makes such documents itself, from the documents that they belong to. made_by_site: false in the rules of sites/%s takes that back"
                            .formatted(doctype, site.url(), site.name())));
      }
    }

    private List<ProducerDoctype> rows(JsonPointer at, long attachmentsLimit) {
      var rows = new ArrayList<ProducerDoctype>();
      var rowOfDoctype = new HashMap<String, Integer>();
      var size = isRefused(at) ? 0 : file.root().at(at).size();
      for (var i = 0; i < size; i++) {
        var row = at.appendIndex(i);
        var refDoctype = name(row.appendProperty("ref_doctype"));
        if (refDoctype.isEmpty()) {
          continue;
        }
        var mapping = mapping(row, refDoctype.get());
        var remoteDoctype =
            mapping.map(DocumentTypeMapping::remoteDoctype).orElse(refDoctype.get());
        // where mappings were refused it is not known which type a row that names one follows
        boolean unknown = mappings == null && text(row.appendProperty("mapping")).isPresent();
        checkDoctype(
            row, refDoctype.get(), remoteDoctype, i, unknown ? new HashMap<>() : rowOfDoctype);
        var condition = row.appendProperty("condition");
        var rule =
            new ProducerDoctype(
                refDoctype.get(),
                remoteDoctype,
                mapping.map(DocumentTypeMapping::mappingName).orElse(null),
                isOn(row.appendProperty("use_same_name")),
                text(condition).filter(text -> !text.isBlank()).orElse(null),
                choice(Leaves.class, row.appendProperty("leaves"), Leaves.KEEP),
                isOn(row.appendProperty("unsubscribe")),
                choice(NameTaken.class, row.appendProperty("name_taken"), NameTaken.FAIL),
                dependencies(row.appendProperty("dependencies")),
                loadSince(row.appendProperty("initial_load")),
                isOn(row.appendProperty("attachments")) ? attachmentsLimit : 0,
                names(row.appendProperty("adds")));
        checkCondition(condition, rule);
        rows.add(rule);
      }
      return rows;
    }

    private void checkCondition(JsonPointer at, ProducerDoctype rule) {
      if (rule.command().isPresent()) {
        if (rule.command().get().isEmpty()) {
          refuse(at, "condition must name a route or a bean: cmd: dotted.name");
        }
      } else if (rule.condition() != null) {
        try {
          if (Expression.compile(rule.condition()).reads()) {
            refuse(at, "condition sees its document alone: frappe.db is not offered here");
          }
        } catch (MalformedExpression malformed) {
          // where a placeholder stood, places in the text are not those in the file
          var asWritten = rule.condition().equals(file.root().at(at).textValue());
          problems.add(
              file.file(),
              asWritten ? file.within(at, malformed.line(), malformed.column()) : file.value(at),
              "condition is not an expression: " + malformed.why());
        }
      }
    }

    private Set<String> names(JsonPointer at) {
      var names = new LinkedHashSet<String>();
      var size = isRefused(at) ? 0 : file.root().at(at).size();
      for (var i = 0; i < size; i++) {
        name(at.appendIndex(i)).ifPresent(names::add);
      }
      return names;
    }

    private Dependencies dependencies(JsonPointer at) {
      var value = file.root().at(at);
      if (isRefused(at)) {
        return Dependencies.NONE;
      }
      if (value.isArray()) {
        var doctypes = new LinkedHashSet<String>();
        for (var i = 0; i < value.size(); i++) {
          name(at.appendIndex(i)).ifPresent(doctypes::add);
        }
        return Dependencies.of(doctypes);
      }
      return switch (value.asText("all")) {
        case "none" -> Dependencies.NONE;
        case "subscribed" -> Dependencies.SUBSCRIBED;
        default -> Dependencies.ALL;
      };
    }

    /** all, none, or since a day or moment. */
    private @Nullable String loadSince(JsonPointer at) {
      var value = file.root().at(at);
      if (isRefused(at) || value.isMissingNode()) {
        return null;
      }
      var since = value.isObject() ? at.appendProperty("since") : at;
      if (isRefused(since)) {
        return null;
      }
      var said = text(since).orElse("none").strip();
      if (!value.isObject() && said.equals("none")) {
        return null;
      }
      if (!value.isObject() && said.equals("all")) {
        return FrappeTime.EVER;
      }
      return FrappeTime.parse(said.length() == DAY ? said + " 00:00:00" : said)
          .map(FrappeTime::format)
          .orElseGet(
              () -> {
                refuse(
                    since,
                    "initial_load must be all, none, or {since: 2026-01-01}, was '" + said + "'");
                return null;
              });
    }

    /** The mapping that a row names; as in Frappe has_mapping: 0 takes no account of it. */
    private Optional<DocumentTypeMapping> mapping(JsonPointer row, String refDoctype) {
      var switched = row.appendProperty("has_mapping");
      var at = row.appendProperty("mapping");
      var named = text(at).filter(name -> !name.isBlank());
      var off = !file.root().at(switched).isMissingNode() && !isOn(switched);
      if (off || isRefused(at)) {
        return Optional.empty();
      }
      if (named.isEmpty()) {
        if (isOn(switched)) {
          refuse(switched, "has_mapping is on and mapping is missing");
        }
        return Optional.empty();
      }
      if (mappings == null) {
        return Optional.empty();
      }
      var mapping = mappings.find(named.get());
      if (mapping.isEmpty()) {
        var names = mappings.all().stream().map(DocumentTypeMapping::mappingName).toList();
        refuse(
            at,
            "there is no mapping '%s' in mappings/".formatted(named.get())
                + Nearest.to(named.get(), names)
                    .map(near -> ": did you mean '" + near + "'?")
                    .orElse(""));
        return Optional.empty();
      }
      if (!mapping.get().localDoctype().equals(refDoctype)) {
        refuse(
            at,
            "mapping '%s' makes documents of %s, not of %s"
                .formatted(named.get(), mapping.get().localDoctype(), refDoctype));
      }
      return mapping;
    }

    private void checkDoctype(
        JsonPointer row,
        String refDoctype,
        String remoteDoctype,
        int number,
        Map<String, Integer> rowOfDoctype) {
      var at = row.appendProperty("ref_doctype");
      var first = rowOfDoctype.putIfAbsent(remoteDoctype, number);
      if (first != null) {
        refuse(
            at,
            refDoctype.equals(remoteDoctype)
                ? "this ref_doctype is in row %d already: a type has one row".formatted(first + 1)
                : "%s of the producer is followed by row %d already: a type has one row"
                    .formatted(remoteDoctype, first + 1));
      }
      for (var doctype : new LinkedHashSet<>(List.of(refDoctype, remoteDoctype))) {
        NeverStreamed.reason(doctype)
            .ifPresent(
                reason ->
                    refuse(at, "ref_doctype %s is never streamed: %s".formatted(doctype, reason)));
      }
    }

    private <E extends Enum<E>> E choice(Class<E> type, JsonPointer at, E otherwise) {
      var value = file.root().at(at);
      return isRefused(at) || !value.isTextual()
          ? otherwise
          : Enum.valueOf(type, value.textValue().toUpperCase(Locale.ROOT));
    }

    /** How often, or off. */
    private Duration period(JsonPointer at, Duration otherwise) {
      var text = text(at);
      if (text.isEmpty()) {
        return otherwise;
      }
      if (text.get().strip().equalsIgnoreCase("off")) {
        return Duration.ZERO;
      }
      try {
        var length = LengthOfTime.of(text.get());
        if (length.compareTo(SHORTEST_PERIOD) < 0) {
          refuse(
              at,
              "%s must be off or at least %s, was %s"
                  .formatted(
                      key(at), LengthOfTime.text(SHORTEST_PERIOD), LengthOfTime.text(length)));
        }
        return length;
      } catch (IllegalArgumentException wrong) {
        refuse(at, key(at) + " " + wrong.getMessage());
        return otherwise;
      }
    }

    /** In bytes. */
    private long attachmentsLimit(JsonPointer at) {
      return text(at)
          .map(
              text -> {
                try {
                  long limit = SizeOfFile.of(text);
                  if (limit == 0) {
                    refuse(at, key(at) + " must be larger than 0: attachments: 0 copies none");
                  }
                  return limit;
                } catch (IllegalArgumentException wrong) {
                  refuse(at, key(at) + " " + wrong.getMessage());
                  return ATTACHMENTS_LIMIT;
                }
              })
          .orElse(ATTACHMENTS_LIMIT);
    }

    private Optional<QuietHours> quietHours(JsonPointer at) {
      return text(at)
          .flatMap(
              text -> {
                try {
                  return Optional.of(QuietHours.of(text));
                } catch (IllegalArgumentException wrong) {
                  refuse(at, key(at) + " " + wrong.getMessage());
                  return Optional.empty();
                }
              });
    }
  }
}
