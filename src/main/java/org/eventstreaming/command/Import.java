package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.eventstreaming.doctype.ReadDocTypeFiles;
import org.eventstreaming.files.Problem;
import org.eventstreaming.files.Problems;
import org.eventstreaming.main.SiteConnections;
import org.eventstreaming.mapping.Mappings;
import org.eventstreaming.migration.CannotImport;
import org.eventstreaming.migration.ImportMapping;
import org.eventstreaming.migration.ImportProducer;
import org.eventstreaming.migration.ImportedFile;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.ReadProducerFiles;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.producer.Secrets;
import org.eventstreaming.producer.SiteUrl;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.SiteFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code import}: writes the files of what a Frappe site has followed so far. */
@CommandLine.Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Write producer files and mapping files from the Event Producers and Document Type Mappings of a Frappe site that used Event Streaming. Nothing is written on the site, and no secret into a file.",
    exitCodeList = {
      "2:The command line is wrong, or an environment variable is not set.",
      "4:The site cannot be reached or refuses the key.",
      "5:A document could not be read, a file was kept, or a written file needs a correction."
    },
    footer = "event-streaming import --from https://erp.example.com")
final class Import extends ProjectCommand implements Callable<Integer> {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  @CommandLine.Option(
      names = "--from",
      required = true,
      paramLabel = "URL",
      description = "Address of the site that has the Event Producer documents: the consumer.")
  String from = "";

  @CommandLine.Option(
      names = "--api-key-env",
      paramLabel = "NAME",
      defaultValue = "FRAPPE_API_KEY",
      description = "Environment variable with the API key (default: ${DEFAULT-VALUE}).")
  String apiKeyVariable = "";

  @CommandLine.Option(
      names = "--api-secret-env",
      paramLabel = "NAME",
      defaultValue = "FRAPPE_API_SECRET",
      description = "Environment variable with the API secret (default: ${DEFAULT-VALUE}).")
  String apiSecretVariable = "";

  @CommandLine.Option(names = "--force", description = "Overwrite files that have other content.")
  boolean force;

  @CommandLine.Mixin OutputFormat output = new OutputFormat();

  @Override
  public Integer call() throws IOException {
    Command command = command();
    String url;
    try {
      url = SiteUrl.of(from);
    } catch (IllegalArgumentException wrong) {
      return refuse("--from " + wrong.getMessage());
    }
    String key = command.variable(apiKeyVariable);
    String secret = command.variable(apiSecretVariable);
    if (key == null || secret == null) {
      return refuse(
          ("The environment variables %s and %s must hold the API key and secret of a user of %s"
                  + " who is System Manager there. --api-key-env and --api-secret-env name others.")
              .formatted(apiKeyVariable, apiSecretVariable, url));
    }
    Result result = new Result(url);
    try (SiteConnections connections =
        new SiteConnections(command.directory(), Project.settings(command.directory()))) {
      FrappeSite site =
          connections
              .sites()
              .of(
                  new EventProducer(
                      url, "", new Secret(key), new Secret(secret), Read.LIST, List.of()));
      // both lists first: a site that refuses one of them leaves nothing half done
      List<String> mappings = names(site, "Document Type Mapping", url);
      List<String> producers = names(site, "Event Producer", url);
      Writing writing = new Writing(command.directory(), site, result);
      for (String name : mappings) {
        writing.write("Document Type Mapping", name, ImportMapping::of);
      }
      for (String name : producers) {
        writing.write("Event Producer", name, ImportProducer::of);
      }
    }
    result.problems.addAll(problems(command.directory(), result.environment));
    result.print();
    return result.isWhole() ? Command.DONE : Command.SOME_FAILED;
  }

  private static List<String> names(FrappeSite site, String doctype, String url) {
    try {
      return site.names(doctype);
    } catch (SiteFailure e) {
      throw e.kind() == SiteFailure.Kind.NOT_FOUND ? e.noEventStreaming(url) : e;
    }
  }

  /** What {@code validate} will find once the environment variables are set. */
  private static List<Problem> problems(Path directory, Set<String> environment) {
    Map<String, String> set = new HashMap<>(System.getenv());
    environment.forEach(name -> set.putIfAbsent(name, "set later"));
    Problems problems = new Problems();
    Mappings mappings =
        problems
            .gather(() -> new ReadDocTypeFiles(directory).read())
            .flatMap(doctypes -> problems.gather(() -> Project.mappings(directory, doctypes)))
            .orElse(null);
    if (directory.resolve("producers").toFile().exists()) {
      problems.gather(() -> new ReadProducerFiles(directory, set, mappings, Secrets.READ).read());
    }
    return problems.all();
  }

  /** Makes the file of a document. */
  @FunctionalInterface
  private interface Making {
    ImportedFile file(ObjectNode document) throws CannotImport;
  }

  /** Writes one document after the other. */
  private final class Writing {
    private final Path directory;
    private final FrappeSite site;
    private final Result result;
    private final Set<String> taken = new HashSet<>();

    Writing(Path directory, FrappeSite site, Result result) {
      this.directory = directory;
      this.site = site;
      this.result = result;
    }

    void write(String doctype, String name, Making making) throws IOException {
      ObjectNode document;
      ImportedFile made;
      try {
        document = site.document(doctype, name).orElse(null);
        if (document == null) {
          // deleted between the list and now: there is nothing to import
          return;
        }
        made = making.file(document);
      } catch (SiteFailure | CannotImport failed) {
        result.add(doctype, name, null, "failed", failed.getMessage(), List.of());
        return;
      }
      String file = free(made);
      NewFile written = NewFile.write(directory.resolve(file), made.text(), force);
      if (written != NewFile.KEPT) {
        result.environment.addAll(made.environment());
      }
      if (doctype.equals("Event Producer")) {
        result.users.add(
            "%s of %s"
                .formatted(document.path("user").asText(), document.path("producer_url").asText()));
      }
      result.add(
          doctype,
          name,
          file,
          written.name().toLowerCase(Locale.ROOT),
          written == NewFile.KEPT ? "the file has other content; --force overwrites it" : null,
          made.notes());
    }

    /** A name of its own, also beside one that differs only in what a file name cannot express. */
    private String free(ImportedFile made) {
      String stem = made.directory() + "/" + made.slug();
      String file = stem + ".yaml";
      for (int i = 2; !taken.add(file); i++) {
        file = stem + "-" + i + ".yaml";
      }
      return file;
    }
  }

  /** What is reported in the end. */
  private final class Result {
    private final String url;
    private final List<ObjectNode> files = new ArrayList<>();
    private final Set<String> environment = new LinkedHashSet<>();
    private final Set<String> users = new LinkedHashSet<>();
    private final List<Problem> problems = new ArrayList<>();
    private boolean failed;

    Result(String url) {
      this.url = url;
    }

    void add(
        String doctype,
        String name,
        @Nullable String file,
        String status,
        @Nullable String why,
        List<String> notes) {
      failed |= why != null;
      ObjectNode row = JSON.objectNode();
      row.put("file", file);
      row.put("status", status);
      row.put("doctype", doctype);
      row.put("name", name);
      row.put("why", why);
      var array = row.putArray("notes");
      notes.forEach(array::add);
      files.add(row);
    }

    boolean isWhole() {
      return !failed && problems.isEmpty();
    }

    void print() {
      PrintWriter out = out();
      if (output.format == Rows.Format.json) {
        ObjectNode json = JSON.objectNode();
        json.put("from", url);
        json.putArray("files").addAll(files);
        var variables = json.putArray("environment");
        environment.forEach(variables::add);
        var found = json.putArray("problems");
        problems.forEach(problem -> found.add(problem.toString()));
        var steps = json.putArray("next");
        next().forEach(steps::add);
        out.println(Rows.pretty(json));
      } else {
        Rows.of(List.of("file", "status", "doctype", "name"), files).print(out, output.format);
        for (ObjectNode file : files) {
          String name = file.path("file").asText(file.path("name").asText());
          if (!file.path("why").isNull()) {
            out.printf("%s was not written: %s%n", name, file.path("why").asText());
          }
          file.path("notes").forEach(note -> out.printf("%s: %s%n", name, note.asText()));
        }
        problems.forEach(problem -> out.println("To be corrected: " + problem));
        next().forEach(step -> out.println("Next: " + step));
      }
      out.flush();
    }

    private List<String> next() {
      List<String> steps = new ArrayList<>();
      if (!environment.isEmpty()) {
        steps.add(
            "set %s. Sites do not show a secret: take the one that was noted when the key was"
                    .formatted(String.join(", ", environment))
                + " made, or make a new pair for %s (which ends the old one)."
                    .formatted(String.join(", ", users)));
      }
      if (!files.isEmpty()) {
        steps.add("event-streaming validate checks the files, offline.");
        steps.add(
            "event-streaming run registers with the producers; approve the new Event Consumer there.");
        steps.add(
            "once it follows, unsubscribe or remove the Event Producers at %s, which goes on following until then."
                .formatted(url));
      }
      return steps;
    }
  }
}
