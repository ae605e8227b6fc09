package org.eventstreaming.files;

import java.util.List;
import java.util.stream.Collectors;

/** Files that cannot be used as they stand; the message has a line for each problem. */
public final class FilesRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public FilesRefused(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** A line for each problem. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  public List<Problem> problems() {
    return problems;
  }
}
