package org.eventstreaming.poll;

/** Our own address as producers see it, no slash at the end; known once we serve. */
@FunctionalInterface
public interface OwnUrl {
  String get();
}
