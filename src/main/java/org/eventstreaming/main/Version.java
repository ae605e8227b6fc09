package org.eventstreaming.main;

import java.util.Objects;

/** The version of this jar. */
final class Version {
  /** As the jar says it. */
  static final String TEXT =
      Objects.requireNonNullElse(
          Version.class.getPackage().getImplementationVersion(), "unpackaged");

  private Version() {}
}
