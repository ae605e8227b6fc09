package org.eventstreaming.doctor;

/**
 * One thing that was looked at.
 *
 * @param check what was looked at, in a word or two
 * @param what what was found, as a sentence
 * @param advice what a person can do; empty where nothing is to be done
 */
public record Finding(String check, Level level, String what, String advice) {
  /** How good or bad it is, from good to bad. */
  public enum Level {
    OK("ok"),
    /** Not looked at. */
    SKIPPED("skipped"),
    /** It works, with something missing. */
    WARNING("warning"),
    /** Something that is asked for does not work. */
    PROBLEM("problem"),
    /** Nothing works: not reachable, or the key is refused. */
    CLOSED("problem");

    private final String word;

    Level(String word) {
      this.word = word;
    }

    /** As a person reads it. */
    public String word() {
      return word;
    }
  }

  public static Finding ok(String check, String what) {
    return new Finding(check, Level.OK, what, "");
  }

  public static Finding skipped(String check, String what) {
    return new Finding(check, Level.SKIPPED, what, "");
  }

  public static Finding warning(String check, String what, String advice) {
    return new Finding(check, Level.WARNING, what, advice);
  }

  public static Finding problem(String check, String what, String advice) {
    return new Finding(check, Level.PROBLEM, what, advice);
  }

  public static Finding closed(String check, String what, String advice) {
    return new Finding(check, Level.CLOSED, what, advice);
  }
}
