package org.eventstreaming.command;

import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;

/** What the exit codes of commands mean, for {@code --help} and for the reference. */
final class ExitCodes {
  static final String FILES =
      "3:A file of the project is refused. Each problem is printed as file:line:column: message.";
  static final String DATABASE = "4:The database cannot be reached, or its directory is refused.";

  /** Those of every command. */
  static final Map<String, String> OF_ALL =
      Map.of(
          "0", "Done.",
          "1", "Unexpected failure; --verbose prints its stack trace.",
          "2", "The command line is wrong.");

  private ExitCodes() {}

  /** Adds those of all commands to each command, which may state one of them more exactly. */
  static CommandLine in(CommandLine line) {
    CommandLine.Model.UsageMessageSpec usage = line.getCommandSpec().usageMessage();
    if (line.getSubcommands().isEmpty()) {
      Map<String, String> codes = new TreeMap<>(OF_ALL);
      codes.putAll(usage.exitCodeList());
      usage.exitCodeListHeading("%nExit codes:%n").exitCodeList(codes);
      if (usage.footer().length > 0) {
        usage.footerHeading("%nExamples:%n");
      }
    }
    line.getSubcommands().values().forEach(ExitCodes::in);
    return line;
  }
}
