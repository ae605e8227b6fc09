package org.eventstreaming.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.eventstreaming.postgres.Database;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The entry point: global options, and {@code run} where no command is named. */
@CommandLine.Command(
    name = "event-streaming",
    mixinStandardHelpOptions = true,
    versionProvider = Command.Version.class,
    description = "Follow the documents of Frappe sites into PostgreSQL or another Frappe site.",
    subcommands = {
      Run.class,
      Demo.class,
      Init.class,
      Validate.class,
      RouteCommands.class,
      Doctor.class,
      Status.class,
      SyncLogCommands.class,
      Resync.class,
      Backfill.class,
      Compare.class,
      ProducersCommands.class,
      DbCommands.class,
      DocCommands.class,
      TestCommands.class,
      Import.class,
      Export.class
    })
public final class Command implements Callable<Integer> {
  static final int DONE = 0;
  static final int UNEXPECTED = 1;
  static final int USAGE = 2;
  static final int INVALID_FILES = 3;
  static final int UNREACHABLE = 4;
  static final int SOME_FAILED = 5;

  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  private final Map<String, String> environment;
  private Path directory = Path.of("");
  private boolean verbose;

  Command(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** Runs a command line; the result is its exit code. */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return run(System.getenv(), out, err, arguments);
  }

  static int run(
      Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
    Command command = new Command(environment);
    return line(command)
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        // a directory may be called as a command is
        .setAllowSubcommandsAsOptionParameters(true)
        .setExecutionExceptionHandler(new ExplainFailure(command))
        .execute(arguments);
  }

  /** All commands, as {@code --help} and the reference describe them. */
  static CommandLine line(Command command) {
    return ExitCodes.in(new CommandLine(command));
  }

  @CommandLine.Option(
      names = "-C",
      paramLabel = "DIR",
      scope = CommandLine.ScopeType.INHERIT,
      description = "Project directory (default: the current directory).")
  void directory(Path chosen) {
    if (!Files.isDirectory(chosen)) {
      throw new CommandLine.ParameterException(
          line(spec), "-C: there is no directory " + chosen.toAbsolutePath());
    }
    directory = chosen;
  }

  @CommandLine.Option(
      names = {"-v", "--verbose"},
      scope = CommandLine.ScopeType.INHERIT,
      description = "Print more: document types, and the stack trace of an unexpected failure.")
  void verbose(boolean chosen) {
    verbose = chosen;
  }

  @Override
  public Integer call() throws Exception {
    return Run.run(this, line(spec), false, Rows.Format.table, new AcceptReplaced());
  }

  Path directory() {
    return directory;
  }

  boolean isVerbose() {
    return verbose;
  }

  /** An environment variable of the machine; null where it is not set, or set to nothing. */
  @Nullable String variable(String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? null : value;
  }

  Database open() {
    return Database.open(Project.settings(directory).settings());
  }

  static CommandLine line(CommandLine.Model.@Nullable CommandSpec spec) {
    if (spec == null) {
      throw new IllegalStateException("not called by the command line");
    }
    return spec.commandLine();
  }

  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Command.class.getPackage().getImplementationVersion();
      return new String[] {"event-streaming " + (version == null ? "(not packaged)" : version)};
    }
  }
}
