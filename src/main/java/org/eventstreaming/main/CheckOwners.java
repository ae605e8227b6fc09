package org.eventstreaming.main;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.eventstreaming.files.Place;
import org.eventstreaming.files.Problem;
import org.eventstreaming.settings.RouteSettings;

/**
 * Checks that no other user may write what runs in this process: the folders of routes, {@code
 * lib/}, and the files in them. Where the file system has no such permissions nothing is checked.
 */
final class CheckOwners {
  private static final int ROOT = 0;

  private final Path project;
  private final long us;
  private final List<Problem> problems = new ArrayList<>();

  private CheckOwners(Path project, long us) {
    this.project = project;
    this.us = us;
  }

  static List<Problem> problems(Path project, RouteSettings settings) {
    return project.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? problems(project, settings, new UnixSystem().getUid())
        : List.of();
  }

  /** The same for a process of this user. */
  static List<Problem> problems(Path project, RouteSettings settings, long us) {
    CheckOwners check = new CheckOwners(project, us);
    Set<Path> folders = new LinkedHashSet<>(settings.folders());
    folders.add(ComponentJars.FOLDER);
    try {
      for (Path folder : folders) {
        check.folder(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return check.problems;
  }

  private void folder(Path folder) throws IOException {
    if (!Files.isDirectory(project.resolve(folder))) {
      return;
    }
    check(folder);
    try (Stream<Path> files = Files.list(project.resolve(folder))) {
      for (Path file : files.sorted().toList()) {
        if (Files.isRegularFile(file)) {
          check(folder.resolve(file.getFileName()));
        }
      }
    }
  }

  private void check(Path path) throws IOException {
    Path file = project.resolve(path);
    Number owner = (Number) Files.getAttribute(file, "unix:uid");
    if (owner.longValue() != us && owner.longValue() != ROOT) {
      refuse(path, "belongs to %s, who".formatted(Files.getOwner(file).getName()), "chown " + us);
    } else if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE)) {
      refuse(path, "may be written by every user of this machine, who", "chmod o-w");
    }
  }

  private void refuse(Path path, String who, String command) {
    problems.add(
        Problem.at(
            path,
            Place.NONE,
            "%s could make this process run anything. Correct it by: %s %s"
                .formatted(who, command, project.resolve(path).toAbsolutePath().normalize())));
  }
}
