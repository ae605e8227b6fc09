package org.eventstreaming;

/** The command line's door. */
public final class EventStreaming {
  private EventStreaming() {}

  public static void main(String[] args) {
    System.out.println("x");
  }
}
