package org.openkcl.local.faults;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What faults do to one call.
 *
 * @param outcome whether there is an effect and a reply
 * @param error the reply, with {@link Outcome#REFUSE}; else null
 * @param delay how much later the reply comes, or its loss is seen
 */
public record FaultEffect(Outcome outcome, @Nullable FaultError error, Duration delay) {
  /** Nothing is wrong. */
  public static final FaultEffect NONE = new FaultEffect(Outcome.ANSWER, null, Duration.ZERO);

  /** The outcomes. */
  public enum Outcome {
    /** The call takes effect and is answered. */
    ANSWER,
    /** The call has no effect and is answered with an error. */
    REFUSE,
    /** The call has no effect and its connection is reset. */
    RESET,
    /** The call takes effect and is not answered. */
    LOSE_REPLY
  }

  /** The error of a refused call. */
  public FaultError requiredError() {
    if (error == null) {
      throw new IllegalStateException(outcome + " has no error");
    }
    return error;
  }
}
