package org.eventstreaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What pages and comments refer to exists. */
class DocumentationTest {
  private static final Map<String, Path> PAGES =
      Map.of(
          "frappe-wire", Path.of("docs/protocol/frappe-wire.md"),
          "frappe-semantics", Path.of("docs/protocol/frappe-semantics.md"),
          "live evidence", Path.of("docs/protocol/live-evidence.md"));

  private static final Set<String> NOT_OURS = Set.of("target", "data", ".git", ".idea", ".vscode");
  private static final Pattern CONTINUED = Pattern.compile("\\R[ \\t]*(?:\\*|//|--|#)?[ \\t]*");
  private static final Pattern PROTOCOL = Pattern.compile("protocol: ([a-z]+(?:-[a-z]+| [a-z]+))");
  private static final Pattern SECTIONS =
      Pattern.compile(
          "(frappe-wire|frappe-semantics|live evidence)"
              + "( \\d+(?:\\.\\d+)*(?:(?:,| and| to) \\d+(?:\\.\\d+)*)*)");
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)*");
  private static final Pattern DEFECTS = Pattern.compile("\\bdefects? (\\d+)(?: to (\\d+))?");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *#*$");
  private static final Pattern NUMBERED = Pattern.compile("(?m)^#{2,4} (\\d+(?:\\.\\d+)*)\\.? ");
  private static final Pattern DEFECT = Pattern.compile("(?m)^\\| (\\d+) \\|");
  private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```");
  private static final Pattern CODE = Pattern.compile("`[^`\\n]*`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

  @Test
  void every_section_of_the_protocol_that_a_comment_names_exists() throws IOException {
    Map<String, Set<String>> sections = new HashMap<>();
    for (Map.Entry<String, Path> page : PAGES.entrySet()) {
      sections.put(page.getKey(), numbers(NUMBERED, Files.readString(page.getValue())));
    }
    Set<String> defects =
        numbers(DEFECT, Files.readString(Path.of("docs/protocol/frappe-semantics.md")));
    List<String> missing = new ArrayList<>();
    int named = 0;

    for (Path file : files(Path.of("src"), ".java", ".sql")) {
      String text = CONTINUED.matcher(Files.readString(file)).replaceAll(" ");
      for (MatchResult comment : PROTOCOL.matcher(text).results().toList()) {
        if (!PAGES.containsKey(comment.group(1))) {
          missing.add("%s: docs/protocol has no page '%s'".formatted(file, comment.group(1)));
        }
      }
      for (MatchResult reference : SECTIONS.matcher(text).results().toList()) {
        for (String number : numbers(NUMBER, reference.group(2))) {
          named++;
          if (!sections.getOrDefault(reference.group(1), Set.of()).contains(number)) {
            missing.add("%s: %s has no section %s".formatted(file, reference.group(1), number));
          }
        }
      }
      for (MatchResult reference : DEFECTS.matcher(text).results().toList()) {
        int first = Integer.parseInt(reference.group(1));
        int last = reference.group(2) == null ? first : Integer.parseInt(reference.group(2));
        for (int number = first; number <= last; number++) {
          if (!defects.contains(Integer.toString(number))) {
            missing.add("%s: frappe-semantics 7 has no defect %d".formatted(file, number));
          }
        }
      }
    }

    assertThat(missing).isEmpty();
    assertThat(named).as("references that were found").isGreaterThan(40);
  }

  @Test
  void every_relative_link_of_a_page_leads_to_a_file_and_a_heading() throws IOException {
    List<String> broken = new ArrayList<>();
    int followed = 0;

    for (Path page : files(Path.of(""), ".md")) {
      String text = withoutCode(Files.readString(page));
      for (MatchResult link : LINK.matcher(text).results().toList()) {
        String address = link.group(1);
        if (address.matches("[a-z]+:.*")) {
          continue;
        }
        followed++;
        String[] parts = address.split("#", 2);
        Path leadsTo = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        String place = page + ":" + text.substring(0, link.start()).lines().count();
        if (!Files.exists(leadsTo)) {
          broken.add("%s: there is no %s".formatted(place, leadsTo));
        } else if (parts.length == 2 && !anchors(leadsTo).contains(parts[1])) {
          broken.add("%s: %s has no heading #%s".formatted(place, leadsTo, parts[1]));
        }
      }
    }

    assertThat(broken).isEmpty();
    assertThat(followed).as("links that were followed").isGreaterThan(40);
  }

  @Test
  void every_example_is_in_the_list_of_examples_and_on_the_page_about_extending()
      throws IOException {
    for (String page : List.of("examples/README.md", "docs/extending.md")) {
      String text = Files.readString(Path.of(page));
      try (DirectoryStream<Path> examples = Files.newDirectoryStream(Path.of("examples"))) {
        for (Path example : examples) {
          if (Files.isDirectory(example)) {
            assertThat(text).as(page).contains(example.getFileName() + "/README.md)");
          }
        }
      }
    }
  }

  private static Set<String> numbers(Pattern pattern, String text) {
    Set<String> numbers = new HashSet<>();
    pattern
        .matcher(text)
        .results()
        .forEach(found -> numbers.add(found.group(Math.min(1, found.groupCount()))));
    return numbers;
  }

  /** As GitHub makes them of headings. */
  private static Set<String> anchors(Path page) throws IOException {
    Set<String> anchors = new HashSet<>();
    String text = FENCE.matcher(Files.readString(page)).replaceAll("");
    for (MatchResult heading : HEADING.matcher(text).results().toList()) {
      String anchor =
          heading
              .group(1)
              .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N}\\-_ ]", "")
              .replace(' ', '-');
      int same = 0;
      for (String one = anchor; !anchors.add(one); one = anchor + "-" + same) {
        same++;
      }
    }
    return anchors;
  }

  /** Code is no link; lines stay where they are. */
  private static String withoutCode(String text) {
    String withoutFences =
        FENCE
            .matcher(text)
            .replaceAll(fence -> "\n".repeat((int) fence.group().lines().count() - 1));
    return CODE.matcher(withoutFences).replaceAll("");
  }

  private static List<Path> files(Path folder, String... endings) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes) {
            return NOT_OURS.contains(found.toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path found, BasicFileAttributes attributes) {
            for (String ending : endings) {
              if (found.toString().endsWith(ending)) {
                files.add(found);
              }
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
