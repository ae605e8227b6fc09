package org.eventstreaming.main;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.camel.CamelContext;
import org.eventstreaming.files.Place;
import org.eventstreaming.files.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The jars in {@code lib/} of a project: components, data formats and languages that this jar does
 * not have. What this jar has is taken from it, so that a copy in {@code lib/} is not loaded.
 */
final class ComponentJars implements AutoCloseable {
  static final Path FOLDER = Path.of("lib");

  private static final String MAVEN = "META-INF/maven/";
  private static final String CAMEL = "org.apache.camel";

  private final @Nullable URLClassLoader jars;
  private final Thread thread = Thread.currentThread();
  private final @Nullable ClassLoader before = thread.getContextClassLoader();

  private ComponentJars(@Nullable URLClassLoader jars) {
    this.jars = jars;
    if (jars != null) {
      // what the routes begin inherits it: libraries look there for what they are configured with
      thread.setContextClassLoader(jars);
    }
  }

  /** Opens them for the routes of a project that were found to have no {@link #problems}. */
  static ComponentJars open(Path project) {
    List<Path> files = files(project);
    return new ComponentJars(
        files.isEmpty()
            ? null
            : new URLClassLoader(
                "lib",
                files.stream().map(file -> url(project.resolve(file))).toArray(URL[]::new),
                ComponentJars.class.getClassLoader()));
  }

  void offer(CamelContext context) {
    if (jars != null) {
      context.setApplicationContextClassLoader(jars);
    }
  }

  @Override
  public void close() {
    if (jars == null) {
      return;
    }
    if (thread == Thread.currentThread()) {
      thread.setContextClassLoader(before);
    }
    try {
      jars.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Jars that are none, and those of another Camel than this jar's. */
  static List<Problem> problems(Path project) {
    List<Problem> problems = new ArrayList<>();
    for (Path file : files(project)) {
      try (JarFile jar = new JarFile(project.resolve(file).toFile())) {
        problems.addAll(otherVersions(file, jar));
      } catch (IOException e) {
        problems.add(
            Problem.at(
                file, Place.NONE, "is not a readable jar (" + e.getMessage() + "): remove it"));
      }
    }
    return problems;
  }

  private static List<Problem> otherVersions(Path file, JarFile jar) throws IOException {
    List<Problem> problems = new ArrayList<>();
    for (ZipEntry entry : jar.stream().toList()) {
      String name = entry.getName();
      if (name.startsWith(MAVEN + CAMEL) && name.endsWith("/pom.properties")) {
        Properties pom = new Properties();
        try (InputStream in = jar.getInputStream(entry)) {
          pom.load(in);
        }
        add(problems, file, pom.getProperty("artifactId", ""), pom.getProperty("version", ""));
      }
    }
    Manifest manifest = jar.getManifest();
    if (problems.isEmpty() && manifest != null) {
      String title =
          Objects.toString(manifest.getMainAttributes().getValue("Implementation-Title"), "");
      if (title.startsWith("Camel ::") || title.startsWith("Apache Camel ::")) {
        add(
            problems,
            file,
            title,
            Objects.toString(
                manifest.getMainAttributes().getValue("Implementation-Version"), "unknown"));
      }
    }
    return problems;
  }

  private static void add(List<Problem> problems, Path file, String artifact, String version) {
    if (!version.equals(camelVersion())) {
      problems.add(
          Problem.at(
              file,
              Place.NONE,
              "is %s of Camel %s, and this jar has Camel %s, which does not work together: remove it and copy that of %s into lib/%s"
                  .formatted(
                      artifact,
                      version,
                      camelVersion(),
                      camelVersion(),
                      artifact.startsWith("camel-")
                          ? " (" + MissingComponent.command(artifact) + ")"
                          : "")));
    }
  }

  static String camelVersion() {
    Properties pom = new Properties();
    try (InputStream in =
        CamelContext.class.getResourceAsStream(
            "/META-INF/maven/org.apache.camel/camel-api/pom.properties")) {
      pom.load(Objects.requireNonNull(in, "the version of Camel is not in the jar"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pom.getProperty("version");
  }

  /** Relative to the project directory and sorted. */
  private static List<Path> files(Path project) {
    Path folder = project.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".jar"))
          .sorted()
          .map(FOLDER::resolve)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URL url(Path file) {
    try {
      return file.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }
}
