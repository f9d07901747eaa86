package org.openkcl.local.model;

import java.time.Duration;

/**
 * How long records may be kept (API reference: IncreaseStreamRetentionPeriod,
 * DecreaseStreamRetentionPeriod).
 */
final class RetentionRules {
  static final Duration DEFAULT = Duration.ofHours(24);

  private static final int HOURS_MIN = 24;
  private static final int HOURS_MAX = 8_760;

  private RetentionRules() {}

  static Duration increased(String stream, Duration existing, int hours) {
    check(hours);
    if (hours < existing.toHours()) {
      throw StreamException.invalidArgument(requested(stream, hours)
          + " can not be shorter than existing retention period ("
          + existing.toHours()
          + " hours). Use DecreaseRetentionPeriod API.");
    }
    return Duration.ofHours(hours);
  }

  static Duration decreased(String stream, Duration existing, int hours) {
    check(hours);
    if (hours > existing.toHours()) {
      throw StreamException.invalidArgument(requested(stream, hours)
          + " can not be longer than existing retention period ("
          + existing.toHours()
          + " hours). Use IncreaseRetentionPeriod API.");
    }
    return Duration.ofHours(hours);
  }

  private static void check(int hours) {
    if (hours < HOURS_MIN) {
      throw StreamException.invalidArgument("Minimum allowed retention period is "
          + HOURS_MIN
          + " hours. Requested retention period ("
          + hours
          + " hours) is too short.");
    }
    if (hours > HOURS_MAX) {
      throw StreamException.invalidArgument("Maximum allowed retention period is "
          + HOURS_MAX
          + " hours. Requested retention period ("
          + hours
          + " hours) is too long.");
    }
  }

  private static String requested(String stream, int hours) {
    return "Requested retention period (" + hours + " hours) for stream " + stream;
  }
}
