package org.eventstreaming.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eventstreaming.GeneratedText;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The commands in docs/reference/commands.md are those of the command line. */
class CommandsPageTest {
  private static final Path PAGE = Path.of("docs", "reference", "commands.md");

  @Test
  void the_page_about_the_commands_is_up_to_date() throws Exception {
    CommandSpec all = Command.line(new Command(Map.of())).getCommandSpec();
    StringBuilder text = new StringBuilder();
    arguments(text, List.of(), all.options());
    exitCodes(text, ExitCodes.OF_ALL.entrySet().stream());
    commands(all).forEach(command -> section(text, command));

    new GeneratedText(PAGE, CommandsPageTest.class).isPart(text.toString());
  }

  /** In the order in which the program lists them; an alias is the same command. */
  private static Stream<CommandSpec> commands(CommandSpec parent) {
    return parent.subcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .distinct()
        .flatMap(
            command -> command.subcommands().isEmpty() ? Stream.of(command) : commands(command));
  }

  private static void section(StringBuilder text, CommandSpec command) {
    String name = command.qualifiedName().replaceFirst("^event-streaming ", "");
    List<OptionSpec> options =
        command.options().stream()
            .filter(option -> !option.inherited() && !option.usageHelp() && !option.versionHelp())
            .toList();
    text.append("\n### ").append(name).append("\n\n```\n").append(name);
    options.forEach(option -> text.append(' ').append(synopsis(option)));
    command
        .positionalParameters()
        .forEach(argument -> text.append(' ').append(label(argument)).append(repeated(argument)));
    text.append("\n```\n\n");
    if (command.aliases().length > 0) {
      text.append(
          "Also called as %s.\n\n"
              .formatted(
                  Stream.of(command.aliases())
                      .map(alias -> "`" + alias + "`")
                      .collect(Collectors.joining(", "))));
    }
    text.append(String.join("\n\n", command.usageMessage().description())).append("\n\n");
    arguments(text, command.positionalParameters(), options);
    exitCodes(
        text,
        command.usageMessage().exitCodeList().entrySet().stream()
            .filter(code -> !ExitCodes.OF_ALL.entrySet().contains(code)));
    text.append("\n```sh\n")
        .append(String.join("\n", command.usageMessage().footer()))
        .append("\n```\n");
  }

  private static void arguments(
      StringBuilder text, List<PositionalParamSpec> arguments, List<OptionSpec> options) {
    text.append("| Argument | Does |\n|---|---|\n");
    Stream.concat(arguments.stream(), options.stream())
        .filter(argument -> !argument.hidden())
        .forEach(
            argument ->
                text.append(
                    "| %s | %s |\n".formatted(names(argument), cell(description(argument)))));
  }

  private static void exitCodes(StringBuilder text, Stream<Map.Entry<String, String>> codes) {
    text.append("\n| Exit code | Means |\n|---|---|\n");
    codes
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            code -> text.append("| %s | %s |\n".formatted(code.getKey(), cell(code.getValue()))));
  }

  private static String names(ArgSpec argument) {
    if (argument instanceof OptionSpec option) {
      String values = option.typeInfo().isBoolean() ? "" : " " + option.paramLabel();
      return Stream.of(option.names())
          .map(name -> "`" + name + values + "`")
          .collect(Collectors.joining(", "));
    }
    return "`" + label(argument) + repeated(argument) + "`";
  }

  private static String synopsis(OptionSpec option) {
    String text =
        option.longestName() + (option.typeInfo().isBoolean() ? "" : " " + option.paramLabel());
    return option.required() ? text : "[" + text + "]";
  }

  private static String label(ArgSpec argument) {
    return argument.arity().min() == 0
        ? "[%s".formatted(argument.paramLabel())
        : argument.paramLabel();
  }

  private static String repeated(ArgSpec argument) {
    return (argument.arity().max() > 1 ? "…" : "") + (argument.arity().min() == 0 ? "]" : "");
  }

  private static String description(ArgSpec argument) {
    return String.join(" ", argument.description())
        .replace(
            "${DEFAULT-VALUE}", Objects.requireNonNullElse(argument.defaultValueString(), "none"));
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
