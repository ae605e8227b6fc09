package org.eventstreaming.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eventstreaming.standin.RecordedHistory;
import org.eventstreaming.standin.StandInSite;

/**
 * The files of a demo, as those of any project: so that the other commands work on it, {@code
 * event-streaming -C data/demo status}.
 */
final class DemoProject {
  /** Not the notes: the recording has their entries, and of the private ones no documents. */
  static final List<String> DOCTYPES =
      RecordedHistory.DOCTYPES.stream().filter(doctype -> !doctype.equals("Note")).toList();

  private static final String CONFIGURATION = "eventstreaming.data-dir = .\n";

  private final Path home;

  DemoProject(Path home) {
    this.home = home;
  }

  /** Overwrites what an earlier demo wrote. */
  void write(StandInSite site) throws IOException {
    StringBuilder producer = new StringBuilder();
    producer.append("# Written by each demo anew: the stand-in site of this process.\n");
    producer.append("producer_url: ").append(site.url()).append('\n');
    producer.append("user: Administrator\n");
    producer.append("api_key: \"{{file:site/api-key}}\"\n");
    producer.append("api_secret: \"{{file:site/api-secret}}\"\n");
    producer.append("producer_doctypes:\n");
    for (String doctype : DOCTYPES) {
      producer.append("  - ref_doctype: ").append(doctype).append('\n');
      producer.append("    use_same_name: 1\n");
    }
    NewFile.write(home.resolve("config/application.properties"), CONFIGURATION, true);
    NewFile.write(home.resolve("producers/demo.yaml"), producer.toString(), true);
    // only the user of this process may look into the directory
    NewFile.write(home.resolve("site/api-key"), site.apiKey(), true);
    NewFile.write(home.resolve("site/api-secret"), site.apiSecret(), true);
  }
}
