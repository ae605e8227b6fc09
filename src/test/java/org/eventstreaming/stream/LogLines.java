package org.eventstreaming.stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The lines that are logged while it is open, from INFO on. */
final class LogLines implements AutoCloseable {
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger ours = (Logger) LoggerFactory.getLogger("org.eventstreaming");
  private final @Nullable Level before = ours.getLevel();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  static LogLines open() {
    LogLines opened = new LogLines();
    opened.lines.start();
    opened.ours.setLevel(Level.INFO);
    opened.root.addAppender(opened.lines);
    return opened;
  }

  /** Those of a level that have this text. */
  List<String> at(Level level, String text) {
    return List.copyOf(lines.list).stream()
        .filter(line -> line.getLevel().equals(level))
        .map(ILoggingEvent::getFormattedMessage)
        .filter(message -> message.contains(text))
        .toList();
  }

  /** The lines that came with a stack trace. */
  List<String> stackTraces() {
    return List.copyOf(lines.list).stream()
        .filter(line -> line.getThrowableProxy() != null)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Override
  public void close() {
    ours.setLevel(before);
    root.detachAppender(lines);
    lines.stop();
  }
}
