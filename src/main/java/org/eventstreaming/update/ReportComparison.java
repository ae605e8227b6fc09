package org.eventstreaming.update;

/** Takes what a comparison finds while it goes on. Called by one thread at a time. */
public interface ReportComparison {
  /** A range was compared and, where that is requested, repaired. */
  void compared(ComparedRange range);

  /** The producer does not let us list this type: nothing, or no more, of it is compared. */
  void refused(String doctype, String why);
}
