package org.eventstreaming.producer;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eventstreaming.files.FileSchema;
import org.eventstreaming.files.MarkedFile;
import org.eventstreaming.files.Placeholders;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ProjectFiles;
import org.eventstreaming.files.ReadMarkedFile;

/** Reads the sites of {@code sites/} that documents can be written to: one file each. */
public final class ReadSiteFiles {
  private static final String DIRECTORY = "sites";
  private static final JsonPointer CONVERT_TIMES = JsonPointer.compile("/convert_times");
  private static final JsonPointer AS_IS = JsonPointer.compile("/history/as_is");

  private final FileSchema schema = FileSchema.named("site-1.json");
  private final ProjectFiles files;
  private final ReadMarkedFile readFile;
  private final Placeholders placeholders;
  private final Secrets secrets;
  private final Path directory;

  public ReadSiteFiles(Path project, Map<String, String> environment, Secrets secrets) {
    this.directory = project.resolve(DIRECTORY);
    this.files = new ProjectFiles(project);
    this.readFile = new ReadMarkedFile(files);
    this.placeholders = new Placeholders(project, environment);
    this.secrets = secrets;
  }

  /**
   * The sites by their names; none where there is no such directory.
   *
   * @throws org.eventstreaming.files.FilesRefused with the problems of all files
   */
  public Map<String, TargetSite> read() {
    if (!directory.toFile().exists()) {
      return Map.of();
    }
    var problems = new Problems();
    var sites = new TreeMap<String, TargetSite>();
    var fileOfUrl = new HashMap<String, Path>();
    for (var path : files.in(DIRECTORY, problems)) {
      readFile
          .read(path, problems)
          .flatMap(file -> site(file, problems, fileOfUrl))
          .ifPresent(site -> sites.put(site.name(), site));
    }
    problems.refuseIfAny();
    return sites;
  }

  private Optional<TargetSite> site(
      MarkedFile marked, Problems problems, Map<String, Path> fileOfUrl) {
    var before = problems.count();
    var file = new SiteFile(marked, problems, placeholders, secrets);
    file.check(schema, JsonPointer.empty());
    var url = file.url(JsonPointer.compile("/url"), fileOfUrl);
    var user = file.name(JsonPointer.compile("/user"));
    var apiKey = file.secret(JsonPointer.compile("/api_key"));
    var apiSecret = file.secret(JsonPointer.compile("/api_secret"));
    var asIs = new LinkedHashSet<String>();
    for (var i = 0; i < marked.root().at(AS_IS).size(); i++) {
      var at = AS_IS.appendIndex(i);
      var doctype = marked.root().at(at).asText();
      asIs.add(doctype);
      NeverStreamed.reason(doctype)
          .ifPresent(
              reason -> file.refuse(at, "%s is never enabled: %s".formatted(doctype, reason)));
    }
    if (problems.count() > before) {
      return Optional.empty();
    }
    var fileName = String.valueOf(marked.file().getFileName());
    return Optional.of(
        new TargetSite(
            fileName.substring(0, fileName.lastIndexOf('.')),
            new SiteAccess(
                url.orElseThrow(), user.orElseThrow(), apiKey.orElse(null), apiSecret.orElse(null)),
            marked.root().at(CONVERT_TIMES).isMissingNode() || file.isOn(CONVERT_TIMES),
            users(marked.root().path("users")),
            TargetRules.shipped().with(marked.root().path("rules")),
            asIs));
  }

  private static LinkedUsers users(JsonNode given) {
    var missing =
        LinkedUsers.Missing.valueOf(given.path("missing").asText("fail").toUpperCase(Locale.ROOT));
    var map = new HashMap<String, String>();
    given.path("map").properties().forEach(one -> map.put(one.getKey(), one.getValue().asText()));
    return new LinkedUsers(missing, map);
  }
}
