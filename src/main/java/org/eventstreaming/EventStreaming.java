package org.eventstreaming;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.eventstreaming.command.Command;

/** The command line's door. */
public final class EventStreaming {
  private EventStreaming() {}

  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(Command.run(out, err, arguments));
  }
}
