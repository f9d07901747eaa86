package org.openkcl;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A worker at one moment, immutable: what {@link Scheduler#snapshot()} shows.
 *
 * @param workerId the worker's id
 * @param phase where it stands in its own life
 * @param shards those whose leases it holds, by shard id
 * @param streams those it is to read, where there are several; where there is one, only if something
 *     is wrong with it
 * @param memory what records take that are fetched and not yet processed
 * @param failure why it stopped; empty while nothing is wrong with the worker as a whole
 */
public record WorkerSnapshot(
    String workerId,
    Phase phase,
    List<ShardSnapshot> shards,
    List<StreamSnapshot> streams,
    Memory memory,
    String failure) {

  /** The life of a worker. */
  public enum Phase {
    /** {@code start()} was not called or is under way. */
    STARTING,
    /** At work. */
    RUNNING,
    /** Handing its shards over. */
    DRAINING,
    /** Done; holds nothing. */
    STOPPED
  }

  public WorkerSnapshot {
    shards = List.copyOf(shards);
    streams = List.copyOf(streams);
  }

  /** Whether all is well, with reasons where it is not. */
  public Health health() {
    return Health.of(this);
  }

  /**
   * How far the worker is behind: the greatest {@linkplain ShardSnapshot#lag lag} of its shards.
   *
   * @param now the wall clock
   */
  public Duration lag(Instant now) {
    return shards.stream()
        .map(shard -> shard.lag(now))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /**
   * The memory budget.
   *
   * @param usedBytes what is held; may exceed the limit by what replies turned out larger
   * @param limitBytes the most that is handed out
   */
  public record Memory(long usedBytes, long limitBytes) {}

  /**
   * One stream as this worker sees it.
   *
   * @param stream its identifier; until Kinesis has told it, the name or ARN that was given
   * @param state OPENING, OPEN or FAILED
   * @param failure why it cannot be read now; empty when nothing is wrong
   */
  public record StreamSnapshot(String stream, String state, String failure) {}

  /**
   * One shard on this worker.
   *
   * @param shardId the shard
   * @param stream the identifier of its stream
   * @param state AWAITING_PARENTS, STARTING, CONSUMING, DRAINING, RELEASING, ENDING, ENDED, RELEASED
   *     or LOST
   * @param checkpoint the last stored sequence number or sentinel
   * @param millisBehindLatest how far the last read was behind the shard's tip, in milliseconds; -1
   *     before the first
   * @param failures of the processor or of reading, in a row
   * @param lastFailure the last of them; empty when there is none
   * @param stuck a call into the processor has been under way for unusually long
   * @param paused nothing is delivered, because somebody asked for that
   * @param trouble what else keeps the shard from getting on; empty when nothing does
   * @param behindSince when the oldest record arrived that is not checkpointed, to a batch; if the
   *     shard has not been read for long, since when nobody knows what has arrived; null when
   *     everything is checkpointed
   * @param checkpointedAt when the last checkpoint was stored, or else the lease acquired
   */
  public record ShardSnapshot(
      String shardId,
      String stream,
      String state,
      String checkpoint,
      long millisBehindLatest,
      int failures,
      String lastFailure,
      boolean stuck,
      boolean paused,
      String trouble,
      @Nullable Instant behindSince,
      Instant checkpointedAt) {

    /**
     * How long the oldest record has waited that is not checkpointed; zero when everything is. Grows
     * with the clock while the shard is stuck.
     *
     * @param now the wall clock
     */
    public Duration lag(Instant now) {
      return behindSince == null ? Duration.ZERO : notNegative(Duration.between(behindSince, now));
    }

    /**
     * How long ago the last checkpoint was stored, while something is not checkpointed; else zero.
     *
     * @param now the wall clock
     */
    public Duration checkpointAge(Instant now) {
      return behindSince == null
          ? Duration.ZERO
          : notNegative(Duration.between(checkpointedAt, now));
    }

    private static Duration notNegative(Duration time) {
      return time.isNegative() ? Duration.ZERO : time; // clocks differ, and are set
    }
  }
}
