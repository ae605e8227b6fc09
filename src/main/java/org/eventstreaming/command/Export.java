package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.eventstreaming.doctype.ReadDocTypeFiles;
import org.eventstreaming.files.MarkedFile;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ProjectFiles;
import org.eventstreaming.files.ReadMarkedFile;
import org.eventstreaming.migration.ExportMapping;
import org.eventstreaming.migration.ExportedMapping;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code export}: writes mapping files as the documents that a Frappe site imports. */
@CommandLine.Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Write mappings as the JSON that Frappe imports as a fixture, to standard output or into a directory. A mapping that Frappe cannot hold is refused, with the place of each such key.",
    exitCodeList = {
      "2:The command line is wrong, or a file has no mapping.",
      ExitCodes.FILES,
      "5:A mapping was refused, or a file was kept."
    },
    footer = "event-streaming export --to my_app/fixtures")
final class Export extends ProjectCommand implements Callable<Integer> {
  private static final String DIRECTORY = "mappings";
  private static final String FIXTURE = "document_type_mapping.json";

  @CommandLine.Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "Files in mappings/ (default: all of them).")
  List<Path> files = new ArrayList<>();

  @CommandLine.Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Write " + FIXTURE + " into this directory (default: print it).")
  @Nullable Path to;

  @CommandLine.Option(
      names = "--lossy",
      description = "Omit the rows and keys that Frappe cannot hold.")
  boolean lossy;

  @CommandLine.Option(names = "--force", description = "Overwrite a file that has other content.")
  boolean force;

  @CommandLine.Mixin OutputFormat output = new OutputFormat();

  @Override
  public Integer call() throws IOException {
    Path directory = directory();
    Project.mappings(directory, new ReadDocTypeFiles(directory).read());
    Problems problems = new Problems();
    ProjectFiles project = new ProjectFiles(directory);
    List<Path> all = project.exists(DIRECTORY) ? project.in(DIRECTORY, problems) : List.<Path>of();
    for (Path file : files) {
      if (all.stream().noneMatch(one -> isMeant(directory, one, file))) {
        return refuse("%s is not a file in %s".formatted(file, directory.resolve(DIRECTORY)));
      }
    }
    List<ExportedMapping> exported = new ArrayList<>();
    ReadMarkedFile readFile = new ReadMarkedFile(project);
    for (Path path : all) {
      if (files.isEmpty() || files.stream().anyMatch(file -> isMeant(directory, path, file))) {
        for (MarkedFile file : readFile.readAll(path, problems)) {
          file.documents().forEach(at -> exported.add(ExportMapping.of(file, at)));
        }
      }
    }
    problems.refuseIfAny();
    return write(exported);
  }

  private int write(List<ExportedMapping> exported) throws IOException {
    PrintWriter err = line().getErr();
    exported.stream()
        .flatMap(mapping -> mapping.losses().stream())
        .forEach(loss -> err.println(loss + (lossy ? ", left out" : "")));
    List<ExportedMapping> refused =
        exported.stream().filter(mapping -> !lossy && !mapping.losses().isEmpty()).toList();
    refused.forEach(
        mapping ->
            err.printf(
                "'%s' is not exported: Frappe cannot hold all of it. --lossy leaves out the rows"
                    + " and keys printed above.%n",
                mapping.name()));
    ArrayNode documents = JsonNodeFactory.instance.arrayNode();
    exported.stream()
        .filter(mapping -> !refused.contains(mapping))
        .forEach(mapping -> documents.add(mapping.document()));
    boolean done = refused.isEmpty();
    if (to == null) {
      out().println(Rows.pretty(documents));
    } else if (!documents.isEmpty()) {
      done &= write(to.resolve(FIXTURE), documents, err);
    }
    out().flush();
    err.flush();
    return done ? Command.DONE : Command.SOME_FAILED;
  }

  private boolean write(Path file, ArrayNode documents, PrintWriter err) throws IOException {
    if (NewFile.write(file, Rows.pretty(documents) + "\n", force) == NewFile.KEPT) {
      err.println(file + " was not written: it has other content; --force overwrites it");
      return false;
    }
    if (output.format == Rows.Format.json) {
      ObjectNode written = JsonNodeFactory.instance.objectNode();
      written.put("file", file.toString()).put("mappings", documents.size());
      out().println(Rows.pretty(written));
      return true;
    }
    out()
        .printf(
            "%s holds %d mapping(s): put it into the fixtures/ of an app of the site's bench and"
                + " run bench migrate.%n",
            file, documents.size());
    return true;
  }

  /** As in the directory of the project or in that of the shell. */
  private static boolean isMeant(Path directory, Path one, Path file) {
    Path known = absolute(directory.resolve(one));
    return Stream.of(file, directory.resolve(file)).map(Export::absolute).anyMatch(known::equals);
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
