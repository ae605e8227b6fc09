package org.eventstreaming.command;

import java.util.Objects;
import org.eventstreaming.postgres.Database;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code doc}: one document as it is held here. */
@CommandLine.Command(
    name = "doc",
    mixinStandardHelpOptions = true,
    description = "Look at a document.")
final class DocCommands {
  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @CommandLine.Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show a document as JSON.")
  int show(
      @CommandLine.Parameters(paramLabel = "DOCTYPE", description = "Its DocType here.")
          String doctype,
      @CommandLine.Parameters(paramLabel = "NAME", description = "Its name here.") String name)
      throws Exception {
    try (Database database = Objects.requireNonNull(parent).open()) {
      Rows found =
          Rows.of(
              database,
              "select jsonb_pretty(data) as data from document where doctype = ? and name = ?",
              doctype,
              name);
      if (found.isEmpty()) {
        Command.out(spec).println("There is no " + doctype + " " + name + " here.");
        Command.out(spec).flush();
        return Command.SOME_FAILED;
      }
      Command.out(spec).println(found.value(0, "data"));
      Command.out(spec).flush();
      return Command.DONE;
    }
  }
}
