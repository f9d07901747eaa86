package org.openkcl.testkit;

import org.jspecify.annotations.Nullable;

/** A fleet broke one of its rules. The message names the rule, the seed and the last events. */
public final class FleetFailure extends AssertionError {
  private static final long serialVersionUID = 1L;

  FleetFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
