package org.openkcl.processor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch of records of one shard, in their order, and what goes with it.
 *
 * <p>Immutable; safe for use by any thread.
 */
public final class ProcessRecordsInput {
  private final List<KinesisClientRecord> records;
  private final RecordProcessorCheckpointer checkpointer;
  private final @Nullable Long millisBehindLatest;
  private final boolean isAtShardEnd;
  private final @Nullable Instant cacheEntryTime;
  private final @Nullable Instant cacheExitTime;
  private final List<ChildShard> childShards;
  private final long fencingToken;

  private ProcessRecordsInput(Builder builder) {
    this.records = builder.records;
    this.checkpointer = Required.value(builder.checkpointer, "ProcessRecordsInput", "checkpointer");
    this.millisBehindLatest = builder.millisBehindLatest;
    this.isAtShardEnd = builder.isAtShardEnd;
    this.cacheEntryTime = builder.cacheEntryTime;
    this.cacheExitTime = builder.cacheExitTime;
    this.childShards = builder.childShards;
    this.fencingToken = builder.fencingToken;
  }

  /**
   * The records in the order of their position. Not modifiable. Empty only if empty batches were
   * asked for.
   */
  public List<KinesisClientRecord> records() {
    return records;
  }

  /** The shard's checkpointer; the same one in every call. */
  public RecordProcessorCheckpointer checkpointer() {
    return checkpointer;
  }

  /**
   * How far the batch is behind the newest record of the shard, in milliseconds, 0 or more; null
   * when Kinesis did not say.
   */
  public @Nullable Long millisBehindLatest() {
    return millisBehindLatest;
  }

  /** Whether these are the shard's last records: {@code shardEnded} follows. */
  public boolean isAtShardEnd() {
    return isAtShardEnd;
  }

  /** When the batch arrived from Kinesis; null only in inputs that a test built without it. */
  public @Nullable Instant cacheEntryTime() {
    return cacheEntryTime;
  }

  /** When the batch was handed over; null only in inputs that a test built without it. */
  public @Nullable Instant cacheExitTime() {
    return cacheExitTime;
  }

  /** How long the batch waited in memory; zero when one of the two times is not known. */
  public Duration timeSpentInCache() {
    return cacheEntryTime == null || cacheExitTime == null
        ? Duration.ZERO
        : Duration.between(cacheEntryTime, cacheExitTime);
  }

  /** The shards that go on where this one ends; empty unless {@link #isAtShardEnd()}. */
  public List<ChildShard> childShards() {
    return childShards;
  }

  /**
   * A number that is greater for every later owner of the shard. Hand it to a store that refuses
   * writes with a smaller number than it has seen, and a worker that was frozen while another took
   * over can do no harm. Constant while this processor lives.
   */
  public long fencingToken() {
    return fencingToken;
  }

  /** A builder with this input's values. */
  public Builder toBuilder() {
    return builder()
        .records(records)
        .checkpointer(checkpointer)
        .millisBehindLatest(millisBehindLatest)
        .isAtShardEnd(isAtShardEnd)
        .cacheEntryTime(cacheEntryTime)
        .cacheExitTime(cacheExitTime)
        .childShards(childShards)
        .fencingToken(fencingToken);
  }

  /** A builder, also for tests of processors. */
  public static Builder builder() {
    return new Builder();
  }

  /** What the batch is, without the records' payloads. */
  @Override
  public String toString() {
    return "ProcessRecordsInput[records="
        + records.size()
        + ", millisBehindLatest="
        + millisBehindLatest
        + ", isAtShardEnd="
        + isAtShardEnd
        + ", fencingToken="
        + fencingToken
        + "]";
  }

  /** Builds a {@link ProcessRecordsInput}; the checkpointer is required. */
  public static final class Builder {
    private List<KinesisClientRecord> records = List.of();
    private @Nullable RecordProcessorCheckpointer checkpointer;
    private @Nullable Long millisBehindLatest;
    private boolean isAtShardEnd;
    private @Nullable Instant cacheEntryTime;
    private @Nullable Instant cacheExitTime;
    private List<ChildShard> childShards = List.of();
    private long fencingToken;

    private Builder() {}

    /** Default none. */
    public Builder records(List<KinesisClientRecord> batch) {
      this.records = List.copyOf(batch);
      return this;
    }

    public Builder checkpointer(RecordProcessorCheckpointer shardCheckpointer) {
      this.checkpointer = shardCheckpointer;
      return this;
    }

    public Builder millisBehindLatest(@Nullable Long millis) {
      this.millisBehindLatest = millis;
      return this;
    }

    /** Default false. */
    public Builder isAtShardEnd(boolean last) {
      this.isAtShardEnd = last;
      return this;
    }

    public Builder cacheEntryTime(@Nullable Instant arrived) {
      this.cacheEntryTime = arrived;
      return this;
    }

    public Builder cacheExitTime(@Nullable Instant handedOver) {
      this.cacheExitTime = handedOver;
      return this;
    }

    /** Default none. */
    public Builder childShards(List<ChildShard> children) {
      this.childShards = List.copyOf(children);
      return this;
    }

    /** Default 0. */
    public Builder fencingToken(long token) {
      this.fencingToken = token;
      return this;
    }

    /**
     * The input.
     *
     * @throws IllegalStateException if the checkpointer was not set
     */
    public ProcessRecordsInput build() {
      return new ProcessRecordsInput(this);
    }
  }
}
