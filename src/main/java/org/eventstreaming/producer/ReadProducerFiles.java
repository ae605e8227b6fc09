package org.eventstreaming.producer;

import com.fasterxml.jackson.core.JsonPointer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eventstreaming.expression.Expression;
import org.eventstreaming.expression.MalformedExpression;
import org.eventstreaming.files.FileSchema;
import org.eventstreaming.files.MarkedFile;
import org.eventstreaming.files.Placeholders;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ProjectFiles;
import org.eventstreaming.files.ReadMarkedFile;

/** Reads the Event Producers of {@code producers/}: one file each, by file name. */
public final class ReadProducerFiles {
  private static final String DIRECTORY = "producers";

  private final FileSchema schema = FileSchema.named("event-producer-1.json");
  private final ProjectFiles files;
  private final ReadMarkedFile readFile;
  private final Placeholders placeholders;

  public ReadProducerFiles(Path project, Map<String, String> environment) {
    this.files = new ProjectFiles(project);
    this.readFile = new ReadMarkedFile(files);
    this.placeholders = new Placeholders(project, environment);
  }

  /**
   * The Event Producers; none where the directory is empty.
   *
   * @throws org.eventstreaming.files.FilesRefused with the problems of all files
   */
  public List<EventProducer> read() {
    var problems = new Problems();
    var producers = new ArrayList<EventProducer>();
    var fileOfUrl = new HashMap<String, Path>();
    for (var path : files.in(DIRECTORY, problems)) {
      readFile
          .read(path, problems)
          .flatMap(file -> new OneFile(file, problems).producer(fileOfUrl))
          .ifPresent(producers::add);
    }
    problems.refuseIfAny();
    return List.copyOf(producers);
  }

  /** One file on its way to an Event Producer. */
  private final class OneFile {
    private static final int LONGEST_NAME = 140;

    private final MarkedFile file;
    private final Problems problems;
    private final JsonPointer base;
    private final Set<JsonPointer> refused = new HashSet<>();

    OneFile(MarkedFile file, Problems problems) {
      this.file = file;
      this.problems = problems;
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
      refused.addAll(schema.check(file, base, problems));
      var url = producerUrl(fileOfUrl);
      var user = name(base.appendProperty("user"));
      var apiKey = line(base.appendProperty("api_key"));
      var apiSecret = line(base.appendProperty("api_secret"));
      var rows = rows(base.appendProperty("producer_doctypes"));
      if (problems.count() > before) {
        return Optional.empty();
      }
      return Optional.of(
          new EventProducer(
              url.orElseThrow(),
              user.orElseThrow(),
              new Secret(apiKey.orElseThrow()),
              new Secret(apiSecret.orElseThrow()),
              choice(Read.class, base.appendProperty("read"), Read.LIST),
              rows));
    }

    private Optional<String> producerUrl(Map<String, Path> fileOfUrl) {
      var at = base.appendProperty("producer_url");
      return name(at)
          .flatMap(
              text -> {
                try {
                  var url = SiteUrl.of(text);
                  var other = fileOfUrl.putIfAbsent(url.toLowerCase(Locale.ROOT), file.file());
                  if (other != null) {
                    refuse(
                        at,
                        "this producer_url stands in "
                            + other.toString().replace('\\', '/')
                            + " already: a site has one file");
                  }
                  return Optional.of(url);
                } catch (IllegalArgumentException wrong) {
                  refuse(at, "producer_url " + wrong.getMessage());
                  return Optional.empty();
                }
              });
    }

    private List<ProducerDoctype> rows(JsonPointer at) {
      var rows = new ArrayList<ProducerDoctype>();
      var rowOfDoctype = new HashMap<String, Integer>();
      var size = refused.contains(at) ? 0 : file.root().at(at).size();
      for (var i = 0; i < size; i++) {
        var row = at.appendIndex(i);
        var refDoctype = name(row.appendProperty("ref_doctype"));
        if (refDoctype.isEmpty()) {
          continue;
        }
        checkDoctype(row.appendProperty("ref_doctype"), refDoctype.get(), i, rowOfDoctype);
        var condition = row.appendProperty("condition");
        var rule =
            new ProducerDoctype(
                refDoctype.get(),
                refDoctype.get(),
                null,
                isOn(row.appendProperty("use_same_name")),
                text(condition).filter(text -> !text.isBlank()).orElse(null),
                choice(Leaves.class, row.appendProperty("leaves"), Leaves.KEEP),
                isOn(row.appendProperty("unsubscribe")),
                choice(NameTaken.class, row.appendProperty("name_taken"), NameTaken.FAIL),
                dependencies(row.appendProperty("dependencies")));
        checkCondition(condition, rule);
        rows.add(rule);
      }
      return rows;
    }

    private void checkCondition(JsonPointer at, ProducerDoctype rule) {
      if (rule.command().isPresent()) {
        if (rule.command().get().isEmpty()) {
          refuse(at, "condition must name what is to be asked: cmd: dotted.name");
        }
      } else if (rule.condition() != null) {
        try {
          Expression.compile(rule.condition());
        } catch (MalformedExpression malformed) {
          // where a placeholder stood, places in the text are not those in the file
          var asWritten = rule.condition().equals(file.root().at(at).textValue());
          problems.add(
              file.file(),
              asWritten ? file.within(at, malformed.line(), malformed.column()) : file.value(at),
              "condition is no expression: " + malformed.why());
        }
      }
    }

    private Dependencies dependencies(JsonPointer at) {
      var value = file.root().at(at);
      if (refused.contains(at)) {
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

    private void checkDoctype(
        JsonPointer at, String doctype, int row, Map<String, Integer> rowOfDoctype) {
      var first = rowOfDoctype.putIfAbsent(doctype, row);
      if (first != null) {
        refuse(
            at,
            "this ref_doctype stands in row %d already: a type has one row".formatted(first + 1));
      }
      NeverStreamed.reason(doctype)
          .ifPresent(
              reason ->
                  refuse(at, "ref_doctype %s is never streamed: %s".formatted(doctype, reason)));
    }

    private Optional<String> name(JsonPointer at) {
      return line(at)
          .filter(
              name -> {
                var fits = name.length() <= LONGEST_NAME;
                if (!fits) {
                  refuse(
                      at,
                      "%s must have at most %d characters, has %d"
                          .formatted(key(at), LONGEST_NAME, name.length()));
                }
                return fits;
              });
    }

    private Optional<String> line(JsonPointer at) {
      return text(at)
          .filter(
              line -> {
                if (line.isBlank()) {
                  refuse(at, key(at) + " must not be empty");
                } else if (!line.equals(line.strip())) {
                  refuse(at, key(at) + " must not begin or end with a space or line break");
                } else if (line.chars().anyMatch(Character::isISOControl)) {
                  refuse(at, key(at) + " must be a single line");
                } else {
                  return true;
                }
                return false;
              });
    }

    private Optional<String> text(JsonPointer at) {
      var value = file.root().at(at);
      return refused.contains(at) || !value.isTextual()
          ? Optional.empty()
          : placeholders.resolve(
              value.textValue(), problem -> refuse(at, key(at) + ": " + problem));
    }

    private boolean isOn(JsonPointer at) {
      var value = file.root().at(at);
      return value.asInt() == 1 || value.booleanValue();
    }

    private <E extends Enum<E>> E choice(Class<E> type, JsonPointer at, E otherwise) {
      var value = file.root().at(at);
      return refused.contains(at) || !value.isTextual()
          ? otherwise
          : Enum.valueOf(type, value.textValue().toUpperCase(Locale.ROOT));
    }

    private void refuse(JsonPointer at, String message) {
      problems.add(file.file(), file.value(at), message);
    }

    private static String key(JsonPointer at) {
      return at.last().getMatchingProperty();
    }
  }
}
