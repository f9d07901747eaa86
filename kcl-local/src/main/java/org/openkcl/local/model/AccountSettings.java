package org.openkcl.local.model;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The account's commitment to a minimum throughput (API reference: UpdateAccountSettings). It lasts 24
 * hours at least; ended sooner, it runs on until then.
 */
public final class AccountSettings implements Serializable {
  private static final Duration COMMITMENT_MIN = Duration.ofHours(24);

  private final PresentStreams streams;
  private boolean ending;
  private @Nullable Instant startedAt;
  private @Nullable Instant endedAt;
  private @Nullable Instant earliestAllowedEndAt;

  AccountSettings(PresentStreams streams) {
    this.streams = streams;
  }

  /**
   * The commitment as it is now.
   *
   * @param status {@code ENABLED}, {@code DISABLED} or {@code ENABLED_UNTIL_EARLIEST_ALLOWED_END}
   */
  public record Commitment(
      String status,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable Instant earliestAllowedEndAt) {}

  public Commitment commitment() {
    Instant end = earliestAllowedEndAt;
    if (ending && end != null && !streams.now().isBefore(end)) {
      end(end);
    }
    String status = startedAt == null || endedAt != null
        ? "DISABLED"
        : ending ? "ENABLED_UNTIL_EARLIEST_ALLOWED_END" : "ENABLED";
    return new Commitment(status, startedAt, endedAt, earliestAllowedEndAt);
  }

  /** Whether warm throughput may be asked for. */
  boolean isCommitted() {
    return !commitment().status().equals("DISABLED");
  }

  /** Begins the commitment; one that was about to end goes on. */
  public Commitment enable() {
    if (!isCommitted()) {
      Instant now = streams.now();
      startedAt = now;
      endedAt = null;
      earliestAllowedEndAt = now.plus(COMMITMENT_MIN);
    }
    ending = false;
    return commitment();
  }

  /** Ends the commitment as soon as that is allowed. */
  public Commitment disable() {
    if (isCommitted()) {
      ending = true;
      Instant now = streams.now();
      if (earliestAllowedEndAt != null && !now.isBefore(earliestAllowedEndAt)) {
        end(now);
      }
    }
    return commitment();
  }

  private void end(Instant at) {
    ending = false;
    endedAt = at;
    earliestAllowedEndAt = null;
  }
}
