package org.eventstreaming.poll;

import java.util.List;

/** Some lists of a site could not be read. What the other lists show is applied. */
public final class SomeListsFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SomeListsFailed(List<? extends RuntimeException> failures) {
    super(
        failures.get(0).getMessage()
            + (failures.size() == 1
                ? ""
                : " %d more lists failed, the last: %s"
                    .formatted(
                        failures.size() - 1, failures.get(failures.size() - 1).getMessage())),
        failures.get(0));
  }
}
