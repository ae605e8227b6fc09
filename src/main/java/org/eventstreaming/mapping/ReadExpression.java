package org.eventstreaming.mapping;

import com.fasterxml.jackson.core.JsonPointer;
import java.nio.file.Path;
import java.util.Optional;
import org.eventstreaming.files.MarkedFile;
import org.eventstreaming.files.Place;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ProjectFiles;

/**
 * Compiles the expressions of a mapping file; a mistake is reported where it stands in the text.
 */
final class ReadExpression {
  private static final String FILE = "file:";

  private final MarkedFile file;
  private final ProjectFiles files;
  private final Problems problems;

  ReadExpression(MarkedFile file, ProjectFiles files, Problems problems) {
    this.file = file;
    this.files = files;
    this.problems = problems;
  }

  /** One with {@code text} or {@code resource}, in this language. */
  Optional<Computation> read(JsonPointer at, String language) {
    JsonPointer text = at.appendProperty("text");
    JsonPointer resource = at.appendProperty("resource");
    boolean hasText = file.root().at(text).isTextual();
    boolean hasResource = file.root().at(resource).isTextual();
    if (hasText == hasResource) {
      problems.add(
          file.file(),
          hasText ? file.key(resource) : file.value(at),
          hasText ? "use only one of text, resource" : "the expression needs text or resource");
      return Optional.empty();
    }
    return hasText
        ? compiled(language, file.root().at(text).textValue(), inFile(text))
        : ofResource(language, resource);
  }

  /** The condition language, in a value from which so many characters are left out in front. */
  Optional<FrappeComputation> frappe(JsonPointer at, String text, int leftOut) {
    return compiled(
        FrappeComputation::compile,
        text,
        (line, column) -> file.within(at, line, line == 1 ? column + leftOut : column),
        file.file());
  }

  Optional<Computation> jsonPath(JsonPointer at, String text) {
    return compiled("jsonpath", text, inFile(at));
  }

  private Optional<Computation> ofResource(String language, JsonPointer at) {
    String named = file.root().at(at).textValue().substring(FILE.length());
    Path path = Path.of(named).normalize();
    if (path.isAbsolute() || path.startsWith("..")) {
      problems.add(file.file(), file.value(at), "resource must lie within the project");
      return Optional.empty();
    }
    if (!files.exists(named)) {
      problems.add(file.file(), file.value(at), "there is no file " + named);
      return Optional.empty();
    }
    return files
        .text(path, problems)
        .flatMap(text -> compiled(compiler(language), text, Place::new, path));
  }

  private Optional<Computation> compiled(String language, String text, Placing placing) {
    return compiled(compiler(language), text, placing, file.file());
  }

  private <C extends Computation> Optional<C> compiled(
      Compiler<? extends C> compiler, String text, Placing placing, Path in) {
    try {
      return Optional.of(compiler.compile(text));
    } catch (MalformedText malformed) {
      problems.add(in, placing.place(malformed.line(), malformed.column()), malformed.why());
      return Optional.empty();
    }
  }

  private static Compiler<? extends Computation> compiler(String language) {
    return switch (language) {
      case "frappe" -> FrappeComputation::compile;
      case "jsonpath" -> JsonPathComputation::compile;
      case "jsonata" -> JsonataComputation::compile;
      default -> throw new IllegalArgumentException("the schema knows no language " + language);
    };
  }

  private Placing inFile(JsonPointer at) {
    return (line, column) -> file.within(at, line, column);
  }

  @FunctionalInterface
  private interface Compiler<C extends Computation> {
    C compile(String text) throws MalformedText;
  }

  /** Where a line and column of an expression are. */
  @FunctionalInterface
  private interface Placing {
    Place place(int line, int column);
  }
}
