package org.eventstreaming.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.eventstreaming.postgres.Database;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The door: global options, and {@code run} where no command is named. */
@CommandLine.Command(
    name = "event-streaming",
    mixinStandardHelpOptions = true,
    versionProvider = Command.Version.class,
    description = "Follows the update logs of Frappe sites into PostgreSQL.",
    subcommands = {
      Run.class,
      Demo.class,
      Validate.class,
      Status.class,
      SyncLogCommands.class,
      Resync.class,
      ProducersCommands.class,
      DbCommands.class,
      DocCommands.class
    })
public final class Command implements Callable<Integer> {
  static final int DONE = 0;
  static final int UNEXPECTED = 1;
  static final int USAGE = 2;
  static final int INVALID_FILES = 3;
  static final int UNREACHABLE = 4;
  static final int SOME_FAILED = 5;

  @CommandLine.Option(
      names = "-C",
      paramLabel = "DIR",
      description = "Project directory (default: the current one).")
  Path directory = Path.of("");

  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  /** Runs a command line; the result is the exit code of design section 9. */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new Command())
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler(new ExplainFailure())
        .execute(arguments);
  }

  @Override
  public Integer call() throws Exception {
    return Run.run(this, false, out(spec));
  }

  Database open() {
    return Database.open(Project.settings(directory).settings());
  }

  static PrintWriter out(CommandLine.Model.@Nullable CommandSpec spec) {
    if (spec == null) {
      throw new IllegalStateException("not called by the command line");
    }
    return spec.commandLine().getOut();
  }

  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Command.class.getPackage().getImplementationVersion();
      return new String[] {"event-streaming " + (version == null ? "(not packaged)" : version)};
    }
  }
}
