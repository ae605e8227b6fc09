package org.eventstreaming.migration;

/** A document of a Frappe site that no file can be made of; the message says why. */
public final class CannotImport extends Exception {
  private static final long serialVersionUID = 1L;

  CannotImport(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
