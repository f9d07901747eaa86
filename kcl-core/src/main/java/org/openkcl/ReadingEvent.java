package org.openkcl;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Something that happened on the way from the stream to this worker. */
public sealed interface ReadingEvent extends ConsumerEvent {

  /** The shard. */
  StreamShard shard();

  @Override
  default Optional<StreamShard> subject() {
    return Optional.of(shard());
  }

  @Override
  default Severity severity() {
    return Severity.WARNING;
  }

  /**
   * The service refused to be read, for a reason that does not pass by itself. Reading is tried
   * again all the same.
   */
  record Failed(Instant at, StreamShard shard, String reason) implements ReadingEvent {
    @Override
    public String id() {
      return "reading.failed";
    }

    @Override
    public String message() {
      return "Cannot read shard %s: %s".formatted(shard, reason);
    }
  }

  /**
   * Nothing was heard for too long, so reading began anew behind the last batch.
   *
   * @param silence how long nothing was heard
   */
  record Restarted(Instant at, StreamShard shard, Duration silence) implements ReadingEvent {
    @Override
    public String id() {
      return "reading.restarted";
    }

    @Override
    public String message() {
      return "Nothing was heard of shard %s for %d s; reading begins anew behind the last batch"
          .formatted(shard, silence.toSeconds());
    }
  }
}
