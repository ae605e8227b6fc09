package org.eventstreaming.settings;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;

/**
 * Keeps what is under {@code eventstreaming.data-dir} to the user of this process: documents and
 * passwords are in it. Where the file system has no such permissions nothing is checked.
 */
public final class DataDirectory {
  private static final Set<PosixFilePermission> OWN =
      Set.copyOf(PosixFilePermissions.fromString("rwx------"));
  private static final int STICKY = 01000;

  private DataDirectory() {}

  /**
   * Makes the directory where it is missing, and takes from others what they may in it.
   *
   * @throws Refused when it belongs to another user, or to all of them
   */
  public static void claim(Path directory) throws IOException {
    if (!isPosix(directory)) {
      Files.createDirectories(directory);
      return;
    }
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, ofOwnerAlone());
    }
    refuseShared(directory);
    close(directory, us(directory));
  }

  /**
   * The same for everything in it. What another process removes meanwhile is passed over, and links
   * are not followed.
   */
  public static void claimAll(Path directory) throws IOException {
    claim(directory);
    if (!isPosix(directory)) {
      return;
    }
    UserPrincipal us = us(directory);
    Files.walkFileTree(
        directory.toRealPath(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes any)
              throws IOException {
            close(found, us);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path found, BasicFileAttributes attributes)
              throws IOException {
            if (!attributes.isSymbolicLink()) {
              close(found, us);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path found, IOException failure)
              throws IOException {
            return passedOver(failure);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path found, IOException failure)
              throws IOException {
            return failure == null ? FileVisitResult.CONTINUE : passedOver(failure);
          }
        });
  }

  /** Makes a directory in it; what is missing above is made as well. */
  public static Path make(Path directory) throws IOException {
    return isPosix(directory)
        ? Files.createDirectories(directory, ofOwnerAlone())
        : Files.createDirectories(directory);
  }

  private static FileVisitResult passedOver(IOException failure) throws IOException {
    if (failure instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw failure;
  }

  private static void refuseShared(Path directory) throws IOException {
    if (((int) Files.getAttribute(directory, "unix:mode") & STICKY) != 0) {
      throw new Refused(
          "%s is shared by all users of this machine. Set eventstreaming.data-dir to a directory of its own, for example %s"
              .formatted(directory, directory.resolve("event-streaming")));
    }
  }

  private static void close(Path path, UserPrincipal us) throws IOException {
    try {
      // the directory itself may be a link, below it none is looked at
      PosixFileAttributes found = Files.readAttributes(path, PosixFileAttributes.class);
      if (!found.owner().equals(us)) {
        throw others(path, found.owner(), us.getName());
      }
      if (!OWN.containsAll(found.permissions())) {
        Set<PosixFilePermission> kept = EnumSet.copyOf(OWN);
        kept.retainAll(found.permissions());
        Files.setPosixFilePermissions(path, kept);
      }
    } catch (NoSuchFileException e) {
      // removed meanwhile
    }
  }

  /** Who owns what this process writes there; a name of ours may be unknown to the machine. */
  private static UserPrincipal us(Path directory) throws IOException {
    Path written;
    try {
      written = Files.createTempFile(directory, ".owner", "");
    } catch (AccessDeniedException e) {
      throw others(directory, Files.getOwner(directory), System.getProperty("user.name"));
    }
    try {
      return Files.getOwner(written, LinkOption.NOFOLLOW_LINKS);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static Refused others(Path path, UserPrincipal owner, String us) {
    return new Refused(
        "%s belongs to %s, and this process runs as %s. Run it as %s, or change the owner: chown -R %s %s"
            .formatted(path, owner.getName(), us, owner.getName(), us, path));
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  private static FileAttribute<Set<PosixFilePermission>> ofOwnerAlone() {
    return PosixFilePermissions.asFileAttribute(OWN);
  }

  /** Others may change what is kept there; the message says whose it is and what to do. */
  public static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }
}
