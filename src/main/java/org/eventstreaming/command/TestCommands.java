package org.eventstreaming.command;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eventstreaming.condition.Conditions;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.doctype.ReadDocTypeFiles;
import org.eventstreaming.document.NormalForm;
import org.eventstreaming.expression.EvaluationFailed;
import org.eventstreaming.expression.Expression;
import org.eventstreaming.expression.MalformedExpression;
import org.eventstreaming.expression.Scope;
import org.eventstreaming.mapping.DocumentTypeMapping;
import org.eventstreaming.mapping.FieldSource;
import org.eventstreaming.mapping.MapDocument;
import org.eventstreaming.mapping.MappedDocument;
import org.eventstreaming.mapping.MappingFailed;
import org.eventstreaming.mapping.Mappings;
import org.eventstreaming.mapping.NeededDocument;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Secrets;
import org.eventstreaming.site.FetchDocuments;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code test}: what a mapping or condition makes of a document; nothing is written anywhere. */
@CommandLine.Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = "Try a mapping or a condition on a document; nothing is written.",
    synopsisSubcommandLabel = "COMMAND")
final class TestCommands extends ProjectCommand {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String ONE_DOCUMENT =
      "Which document? Either --doc FILE or --from-site, not both.";

  @CommandLine.Command(
      name = "mapping",
      mixinStandardHelpOptions = true,
      description = {
        "Map a document: print the result, the row that gave each field, and the documents that would be fetched with their filters. With --from-site also which documents the filters find and which documents it links to.",
        "Routes are not called, no database is opened, nothing is written."
      },
      exitCodeList = {
        "2:The command line is wrong, or the file has no such mapping.",
        ExitCodes.FILES,
        "4:The site cannot be reached or refuses the key.",
        "5:The document does not exist or cannot be mapped."
      },
      footer = {
        "event-streaming test mapping mappings/customer.yaml --doc customer.json",
        "event-streaming test mapping mappings/customer.yaml --from-site hq CUST-0001"
      })
  int mapping(
      @CommandLine.Parameters(paramLabel = "FILE", description = "A file in mappings/.") Path file,
      @CommandLine.Option(
              names = "--doc",
              paramLabel = "FILE",
              description = "JSON file with the document of the producer.")
          @Nullable Path doc,
      @CommandLine.Option(
              names = "--from-site",
              arity = "2",
              paramLabel = "PRODUCER NAME",
              hideParamSyntax = true,
              description =
                  "Instead of --doc: an Event Producer, by address or file name, and the name of a document there.")
          @Nullable List<String> fromSite,
      @CommandLine.Option(
              names = "--mapping",
              paramLabel = "NAME",
              description =
                  "Mapping of the file (default: the mapping for the DocType of the document).")
          @Nullable String name,
      @CommandLine.Mixin OutputFormat output) {
    Path directory = directory();
    Map<String, DocType> doctypes = new ReadDocTypeFiles(directory).read();
    Mappings mappings = Project.mappings(directory, doctypes);
    try {
      List<DocumentTypeMapping> ofFile = within(mappings, directory, file);
      if (fromSite == null) {
        ObjectNode document = document(doc);
        DocumentTypeMapping mapping = chosen(ofFile, file, name, document.path("doctype").asText());
        return explain(mappings, mapping, document, DocTypes.of(doctypes), null, output.format);
      }
      DocumentTypeMapping mapping = chosen(ofFile, file, name, ofFile.get(0).remoteDoctype());
      try (TrialSite site = site(doc, fromSite.get(0), mappings, doctypes)) {
        return explain(
            mappings,
            mapping,
            fetched(site, mapping.remoteDoctype(), fromSite.get(1)),
            site,
            site,
            output.format);
      }
    } catch (NotUsable wrong) {
      return refuse(wrong.getMessage());
    } catch (NotThere missing) {
      return fail(missing.getMessage());
    }
  }

  private int explain(
      Mappings mappings,
      DocumentTypeMapping mapping,
      ObjectNode remote,
      DocTypes doctypes,
      @Nullable TrialSite site,
      Rows.Format format) {
    // as the stream does it
    ObjectNode document = new NormalForm(doctypes).withTables(remote);
    List<String> called = new ArrayList<>();
    MapDocument mapDocument =
        new MapDocument(
            mappings,
            doctypes,
            (uri, ignored) -> {
              called.add(uri);
              return MissingNode.getInstance();
            },
            TestCommands::scope);
    try {
      List<FieldSource> sources = new ArrayList<>();
      MappedDocument mapped = mapDocument.explain(mapping, document, sources::add);
      List<String> names =
          mapped.needed().stream()
              .map(needed -> "(" + needed.mapping().localDoctype() + ")")
              .toList();
      ObjectNode finished = new NormalForm(doctypes).of(mapDocument.finish(mapped, names));
      Answers answers =
          site == null
              ? null
              : new Answers(site.sought(mapped), site.links(mapped, finished).orElse(null));
      print(new Result(mapped, finished, sources, called, answers), format);
      return Command.DONE;
    } catch (MappingFailed failed) {
      return fail(failed.getMessage());
    }
  }

  private TrialSite site(
      @Nullable Path doc, String which, Mappings mappings, Map<String, DocType> doctypes)
      throws NotUsable {
    if (doc != null) {
      throw new NotUsable(ONE_DOCUMENT);
    }
    Path directory = directory();
    EventProducer producer = NamedProducer.find(directory, mappings, Secrets.READ, which);
    return new TrialSite(directory, producer, Project.settings(directory), doctypes);
  }

  private static ObjectNode fetched(TrialSite site, String doctype, String name) throws NotThere {
    return site.document(doctype, name)
        .orElseThrow(
            () -> new NotThere("There is no %s %s on the producer".formatted(doctype, name)));
  }

  @CommandLine.Command(
      name = "condition",
      mixinStandardHelpOptions = true,
      description =
          "Evaluate a condition for a document, or print where the condition is wrong. Write -- before a TEXT that begins with a minus.",
      exitCodeList = {
        "2:The command line is wrong.",
        "3:The condition is not an expression, or a file of the project is refused.",
        "4:The site cannot be reached or refuses the key.",
        "5:The document does not exist, or the condition cannot be evaluated."
      },
      footer = "event-streaming test condition \"doc.docstatus == 1\" --doc order.json")
  int condition(
      @CommandLine.Parameters(
              paramLabel = "TEXT",
              description = "Condition, such as: doc.docstatus == 1 and doc.company != 'Test'")
          String text,
      @CommandLine.Option(
              names = "--doc",
              paramLabel = "FILE",
              description = "JSON file with the document.")
          @Nullable Path doc,
      @CommandLine.Option(
              names = "--from-site",
              arity = "3",
              paramLabel = "PRODUCER DOCTYPE NAME",
              hideParamSyntax = true,
              description =
                  "Instead of --doc: an Event Producer, by address or file name, a DocType and the name of a document there.")
          @Nullable List<String> fromSite,
      @CommandLine.Mixin OutputFormat output) {
    if (text.startsWith("cmd:")) {
      return refuse(
          "'%s' names a bean or a route, which is evaluated in the stream alone".formatted(text));
    }
    Expression expression;
    Judged judged;
    try {
      expression = Expression.compile(text);
      judged = fromSite == null ? judged(document(doc)) : asked(doc, fromSite);
    } catch (NotUsable wrong) {
      return refuse(wrong.getMessage());
    } catch (NotThere missing) {
      return fail(missing.getMessage());
    } catch (MalformedExpression malformed) {
      PrintWriter err = line().getErr();
      err.println("The condition is not an expression. " + malformed.getMessage());
      err.flush();
      return Command.INVALID_FILES;
    }
    try {
      Scope scope = Conditions.withDefinition(scope(judged.document()), judged.definition());
      ObjectNode row = JSON.objectNode();
      row.put("holds", expression.test(scope));
      row.set("value", expression.evaluate(scope));
      if (output.format == Rows.Format.json) {
        out().println(Rows.pretty(row));
        out().flush();
      } else {
        Rows.of(List.of("holds", "value"), List.of(row)).print(out(), output.format);
      }
      return Command.DONE;
    } catch (EvaluationFailed failed) {
      return fail(
          "The condition has no value for this document: its entry would be Failed, and later ones"
              + " of the document would wait. "
              + failed.getMessage());
    }
  }

  private Judged judged(ObjectNode document) {
    return judged(document, DocTypes.of(new ReadDocTypeFiles(directory()).read()));
  }

  private static Judged judged(ObjectNode document, DocTypes doctypes) {
    return new Judged(
        new NormalForm(doctypes).withTables(document),
        doctypes.find(document.path("doctype").asText()));
  }

  private Judged asked(@Nullable Path doc, List<String> fromSite) throws NotUsable, NotThere {
    Path directory = directory();
    Map<String, DocType> doctypes = new ReadDocTypeFiles(directory).read();
    Mappings mappings = Project.mappings(directory, doctypes);
    try (TrialSite site = site(doc, fromSite.get(0), mappings, doctypes)) {
      return judged(fetched(site, fromSite.get(1), fromSite.get(2)), site);
    }
  }

  private int fail(String message) {
    PrintWriter err = line().getErr();
    err.println(message);
    err.flush();
    return Command.SOME_FAILED;
  }

  /** No site is asked. */
  private static Scope scope(JsonNode document) {
    return Scope.of(document, Clock.system(ZoneId.systemDefault()));
  }

  private static List<DocumentTypeMapping> within(Mappings mappings, Path directory, Path file)
      throws NotUsable {
    List<Path> meant = List.of(absolute(file), absolute(directory.resolve(file)));
    List<DocumentTypeMapping> found =
        mappings.all().stream()
            .filter(one -> meant.contains(absolute(directory.resolve(one.origin().file()))))
            .toList();
    if (found.isEmpty()) {
      throw new NotUsable(
          "%s is not a file with a mapping in %s".formatted(file, directory.resolve("mappings")));
    }
    return found;
  }

  private static DocumentTypeMapping chosen(
      List<DocumentTypeMapping> mappings, Path file, @Nullable String name, String doctype)
      throws NotUsable {
    List<DocumentTypeMapping> fitting =
        mappings.stream()
            .filter(
                one ->
                    name == null
                        ? one.remoteDoctype().equals(doctype)
                            || (mappings.size() == 1 && doctype.isEmpty())
                        : one.mappingName().equals(name))
            .toList();
    if (fitting.isEmpty()) {
      throw new NotUsable(
          name == null
              ? "%s maps no document of the type '%s': --mapping NAME chooses one"
                  .formatted(file, doctype)
              : "%s has no mapping '%s'".formatted(file, name));
    }
    // the first is the one that others in the file are written for
    return fitting.get(0);
  }

  /** A document, or the answer of a site that has it in it. */
  private static ObjectNode document(@Nullable Path file) throws NotUsable {
    if (file == null) {
      throw new NotUsable(ONE_DOCUMENT);
    }
    try {
      String text = Files.readString(file);
      JsonNode document =
          DocumentJson.MAPPER.readTree(text.startsWith("\ufeff") ? text.substring(1) : text);
      if (!document.has("doctype")) {
        document =
            Stream.of(document.path("data"), document.path("message"), document.at("/docs/0"))
                .filter(JsonNode::isObject)
                .findFirst()
                .orElse(document);
      }
      if (document instanceof ObjectNode object) {
        return object;
      }
      throw new NotUsable(file + " must hold one document: a JSON object");
    } catch (JsonProcessingException broken) {
      JsonLocation place = broken.getLocation();
      throw new NotUsable(
          "%s:%d:%d: not JSON: %s"
              .formatted(
                  file, place.getLineNr(), place.getColumnNr(), broken.getOriginalMessage()));
    } catch (NoSuchFileException missing) {
      throw new NotUsable("there is no file " + file);
    } catch (IOException unreadable) {
      throw new NotUsable("%s cannot be read: %s".formatted(file, unreadable.getMessage()));
    }
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private void print(Result result, Rows.Format format) {
    PrintWriter out = out();
    if (format == Rows.Format.json) {
      out.println(Rows.pretty(result.json()));
    } else {
      MappedDocument mapped = result.mapped;
      out.printf("%s makes %s:%n", mapped.mapping(), mapped.mapping().localDoctype());
      Rows.of(List.of("field", "value", "how", "row"), result.fields()).print(out, format);
      if (!mapped.needed().isEmpty()) {
        out.println("Documents that would be fetched:");
        Rows.of(
                result.answers == null
                    ? List.of("for", "doctype", "filters", "mapping", "row")
                    : List.of("for", "doctype", "filters", "found", "mapping", "row"),
                result.needed())
            .print(out, format);
      }
      if (result.answers != null) {
        print(result.answers, mapped.mapping().localDoctype(), out, format);
      }
      result.called.forEach(uri -> out.println(uri + " is not called here: its field is empty."));
      mapped.notes().forEach(note -> out.println("Note: " + note));
    }
    out.flush();
  }

  private static void print(Answers answers, String doctype, PrintWriter out, Rows.Format format) {
    if (answers.links == null) {
      out.printf(
          "Its links are unknown: no file in doctypes/ and no followed type defines %s.%n",
          doctype);
    } else {
      out.println("Documents that it links to, fetched where they are not here:");
      Rows.of(List.of("for", "doctype", "name", "found"), answers.links).print(out, format);
    }
  }

  /** A document as a condition sees it. */
  private record Judged(ObjectNode document, Optional<DocType> definition) {}

  /** What is printed of a mapped document. */
  private record Result(
      MappedDocument mapped,
      ObjectNode document,
      List<FieldSource> sources,
      List<String> called,
      @Nullable Answers answers) {

    ObjectNode json() {
      ObjectNode json = JSON.objectNode();
      json.put("mapping", mapped.mapping().mappingName());
      json.put("origin", mapped.mapping().origin().toString());
      json.set("document", document);
      json.set("fields", array(fields()));
      json.set("needed", array(needed()));
      if (answers != null) {
        json.set("links", answers.links == null ? JSON.nullNode() : array(answers.links));
      }
      json.set("routes", texts(called));
      json.set("notes", texts(mapped.notes()));
      return json;
    }

    List<ObjectNode> fields() {
      List<ObjectNode> rows = new ArrayList<>();
      for (FieldSource source : sources) {
        ObjectNode row = JSON.objectNode();
        row.put("field", source.field());
        row.set("value", shown(document.at(pointer(source.field()))));
        row.put("how", source.how().text());
        row.put("row", source.row() == null ? null : source.row().toString());
        rows.add(row);
      }
      return rows;
    }

    List<ObjectNode> needed() {
      List<ObjectNode> rows = new ArrayList<>();
      for (int i = 0; i < mapped.needed().size(); i++) {
        NeededDocument needed = mapped.needed().get(i);
        ObjectNode row = JSON.objectNode();
        row.put(
            "for",
            needed.table() == null
                ? needed.fieldname()
                : "%s[%d].%s".formatted(needed.table(), needed.row(), needed.fieldname()));
        row.put("doctype", needed.mapping().remoteDoctype());
        row.set("filters", needed.filters());
        row.put("mapping", needed.mapping().mappingName());
        row.put("row", needed.origin().toString());
        if (answers != null) {
          row.put("found", reported(needed, answers.found.get(i)));
        }
        rows.add(row);
      }
      return rows;
    }

    private static String reported(NeededDocument needed, FetchDocuments.Found found) {
      if (found instanceof FetchDocuments.Found.Name it) {
        return it.name();
      }
      FetchDocuments.Found.None none = (FetchDocuments.Found.None) found;
      JsonNode standIn = needed.standIn();
      return standIn == null || none.passes()
          ? none.why()
          : none.why()
              + (standIn.isNull() ? ", it stays empty" : ", %s is used".formatted(standIn));
    }

    /** {@code items[0].rate} as {@code /items/0/rate}. */
    private static String pointer(String field) {
      return "/" + field.replace("[", "/").replace("].", "/");
    }

    private static JsonNode shown(JsonNode value) {
      if (value.isMissingNode()) {
        return JSON.nullNode();
      }
      boolean rows =
          value.isArray()
              && StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isObject);
      return rows ? JSON.textNode(value.size() + " row(s)") : value;
    }

    private static ArrayNode array(List<ObjectNode> rows) {
      return JSON.arrayNode().addAll(rows);
    }

    private static ArrayNode texts(List<String> texts) {
      ArrayNode array = JSON.arrayNode();
      texts.forEach(array::add);
      return array;
    }
  }

  /**
   * What the site said to a mapped document.
   *
   * @param found one for each needed document, in their order
   * @param links null where the definition that names them is unknown
   */
  private record Answers(List<FetchDocuments.Found> found, @Nullable List<ObjectNode> links) {}

  /** The site has no such document. */
  private static final class NotThere extends Exception {
    private static final long serialVersionUID = 1L;

    NotThere(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /** What a person named on the command line is not there, or not what it should be. */
  private static final class NotUsable extends Exception {
    private static final long serialVersionUID = 1L;

    NotUsable(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }
}
