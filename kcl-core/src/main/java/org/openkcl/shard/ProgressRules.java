package org.openkcl.shard;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a shard gets on, from what it waits for and for how long. A stuck call in user
 * code and a stuck way to the stream are different things: the library's own pipeline can be begun
 * anew at any time, a call can only be reported, or abandoned if that was asked for.
 *
 * @param reportCall after how long a call is reported
 * @param abandonCall after how long a call is abandoned; null for never
 * @param restartReading after how long without a sign of the service reading begins anew
 */
public record ProgressRules(
    Duration reportCall, @Nullable Duration abandonCall, Duration restartReading) {

  /** What is to be done. */
  public enum Verdict {
    /** Nothing. */
    GOES_ON,
    /** Say that a call takes unusually long. */
    REPORT_CALL,
    /** Give the shard up although the call has not returned. */
    ABANDON_CALL,
    /** Begin to read anew behind the last batch. */
    RESTART_READING
  }

  /**
   * A call in user code.
   *
   * @param underWay since when
   * @param reported whether it has been reported
   */
  public Verdict ofCall(Duration underWay, boolean reported) {
    if (abandonCall != null && underWay.compareTo(abandonCall) >= 0) {
      return Verdict.ABANDON_CALL;
    }
    return !reported && underWay.compareTo(reportCall) >= 0 ? Verdict.REPORT_CALL : Verdict.GOES_ON;
  }

  /**
   * A shard that wants its next batch.
   *
   * @param silence since the last sign of life of the way to it
   */
  public Verdict ofReading(Duration silence) {
    return silence.compareTo(restartReading) >= 0 ? Verdict.RESTART_READING : Verdict.GOES_ON;
  }
}
