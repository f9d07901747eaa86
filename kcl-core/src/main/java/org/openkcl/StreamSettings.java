package org.openkcl;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which streams a scheduler reads.
 *
 * @param single the stream of an application that reads one; null if there are several
 * @param several streams that do not change; empty if there is one, or a tracker
 * @param tracker names the streams; null if they do not change
 * @param trackingInterval how often it is asked
 * @param position where streams are begun that do not say it themselves
 */
record StreamSettings(
    @Nullable StreamConfig single,
    List<StreamConfig> several,
    @Nullable MultiStreamTracker tracker,
    Duration trackingInterval,
    @Nullable InitialPosition position,
    RecreatedStream recreated) {

  /** As in Amazon's library. */
  static final Duration TRACKING_INTERVAL = Duration.ofMinutes(1);

  /** Nothing said yet. */
  static final StreamSettings NONE =
      new StreamSettings(null, List.of(), null, TRACKING_INTERVAL, null, RecreatedStream.STOP);

  StreamSettings {
    several = List.copyOf(several);
  }

  StreamSettings withSingle(StreamConfig stream) {
    return new StreamSettings(stream, several, tracker, trackingInterval, position, recreated);
  }

  StreamSettings withSeveral(List<StreamConfig> streams) {
    return new StreamSettings(single, streams, tracker, trackingInterval, position, recreated);
  }

  StreamSettings with(MultiStreamTracker newTracker, Duration interval) {
    return new StreamSettings(single, several, newTracker, interval, position, recreated);
  }

  StreamSettings with(InitialPosition newPosition) {
    return new StreamSettings(single, several, tracker, trackingInterval, newPosition, recreated);
  }

  StreamSettings with(RecreatedStream policy) {
    return new StreamSettings(single, several, tracker, trackingInterval, position, policy);
  }

  /** The streams that do not change. */
  List<StreamConfig> configs() {
    return single == null ? several : List.of(single);
  }

  InitialPosition positionOf(StreamConfig config) {
    return config.initialPosition().orElseGet(() -> {
      if (position == null) {
        throw new IllegalStateException("Stream '" + config
            + "' has no initial position: call .initialPosition(...) on the builder, or"
            + " .withInitialPosition(...) on the stream");
      }
      return position;
    });
  }

  /** Fails if something is missing. */
  void check() {
    if (single == null && several.isEmpty() && tracker == null) {
      throw new IllegalStateException(
          "streamName must be set: call .streamName(...), .streamArn(...),"
              + " .streams(...) or .streamTracker(...) before build()");
    }
    if (position == null
        && (single != null
            || tracker != null
            || several.stream().anyMatch(stream -> stream.initialPosition().isEmpty()))) {
      throw new IllegalStateException(
          "initialPosition must be set: call .initialPosition(...) before build()");
    }
  }
}
