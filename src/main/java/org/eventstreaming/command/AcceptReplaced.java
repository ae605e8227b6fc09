package org.eventstreaming.command;

import picocli.CommandLine;

/** The option of every command that builds the routes. */
final class AcceptReplaced {
  @CommandLine.Option(
      names = "--accept-replaced",
      description =
          "Run route files that replace a built-in file even if they do not name its version in this jar.")
  boolean accepted;
}
