package org.eventstreaming.command;

import picocli.CommandLine;

/** The option of every command that builds the routes. */
final class AcceptReplaced {
  @CommandLine.Option(
      names = "--accept-replaced",
      description =
          "Run files of routes/ that replace a built-in one as they are, also where they do not say"
              + " that they replace that of this version.")
  boolean accepted;
}
