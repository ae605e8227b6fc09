package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;

/** {@code init}: creates a project that {@code validate} accepts. */
@CommandLine.Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description =
        "Create a project in a new or empty directory: settings, an example of a producer file, a mapping, a route, schemas for editors and a workflow file that runs validate.",
    exitCodeList = "2:The command line is wrong, or the directory is not empty.",
    footer = "event-streaming init my-project")
final class Init extends ProjectCommand implements Callable<Integer> {
  /** Each file of the project, and where the jar has it. */
  private static final Map<String, String> FILES = files();

  @CommandLine.Parameters(paramLabel = "DIR", description = "A directory that is new or empty.")
  Path directory = Path.of("");

  @CommandLine.Mixin OutputFormat output = new OutputFormat();

  private static Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("README.md", "init/README.md");
    files.put("config/application.properties", "init/application.properties");
    files.put("producers/hq.yaml.example", "init/hq.yaml.example");
    files.put("mappings/customer.yaml", "init/customer.yaml");
    files.put("routes/failures.camel.yaml", "init/failures.camel.yaml");
    for (String schema : new String[] {"event-producer", "document-type-mapping", "site"}) {
      files.put("schema/" + schema + "-1.json", "schema/" + schema + "-1.json");
    }
    files.put(".vscode/settings.json", "init/vscode-settings.json");
    files.put(".vscode/extensions.json", "init/vscode-extensions.json");
    files.put(".github/workflows/validate.yml", "init/validate.yml");
    // a name that begins with a dot is passed over by tools that build jars
    files.put(".gitignore", "init/gitignore");
    return files;
  }

  @Override
  public Integer call() throws IOException {
    Path project = directory().resolve(directory);
    if (Files.exists(project) && !isEmptyDirectory(project)) {
      return refuse(project + " is not an empty directory, so nothing is written: name another.");
    }
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      NewFile.write(project.resolve(file.getKey()), text(file.getValue()), false);
    }
    PrintWriter out = out();
    if (output.format == Rows.Format.json) {
      ObjectNode written =
          JsonNodeFactory.instance.objectNode().put("directory", project.toString());
      FILES.keySet().forEach(written.putArray("files")::add);
      out.println(Rows.pretty(written));
    } else {
      out.printf("Written into %s:%n", project);
      FILES.keySet().forEach(file -> out.println("  " + file));
      out.printf(
          "Next: follow a site as README.md says, then `event-streaming -C %s validate`.%n",
          project);
    }
    out.flush();
    return Command.DONE;
  }

  private static boolean isEmptyDirectory(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.findAny().isEmpty();
    }
  }

  private static String text(String resource) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Init.class.getResourceAsStream("/" + resource), resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
