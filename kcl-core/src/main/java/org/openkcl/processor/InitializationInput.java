package org.openkcl.processor;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a processor is told before its first records.
 *
 * @param shardId for example {@code shardId-000000000042}
 * @param extendedSequenceNumber the shard's checkpoint: records after it follow. A sentinel when the
 *     shard has none yet
 * @param pendingCheckpointSequenceNumber a checkpoint that a former owner prepared and did not
 *     commit; null when there is none
 * @param pendingCheckpointState the bytes that were given with that prepared checkpoint; null when
 *     there are none. The array belongs to the processor
 */
@SuppressWarnings("ArrayRecordComponent") // KCL's type; a value that is only read once
public record InitializationInput(
    String shardId,
    ExtendedSequenceNumber extendedSequenceNumber,
    @Nullable ExtendedSequenceNumber pendingCheckpointSequenceNumber,
    byte @Nullable [] pendingCheckpointState) {

  public InitializationInput {
    Objects.requireNonNull(shardId, "shardId");
    Objects.requireNonNull(extendedSequenceNumber, "extendedSequenceNumber");
  }

  /** A builder, mainly for tests of processors. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds an {@link InitializationInput}; the shard id and sequence number are required. */
  public static final class Builder {
    private @Nullable String shardId;
    private @Nullable ExtendedSequenceNumber extendedSequenceNumber;
    private @Nullable ExtendedSequenceNumber pendingCheckpointSequenceNumber;
    private byte @Nullable [] pendingCheckpointState;

    private Builder() {}

    public Builder shardId(String id) {
      this.shardId = id;
      return this;
    }

    public Builder extendedSequenceNumber(ExtendedSequenceNumber checkpoint) {
      this.extendedSequenceNumber = checkpoint;
      return this;
    }

    public Builder pendingCheckpointSequenceNumber(@Nullable ExtendedSequenceNumber pending) {
      this.pendingCheckpointSequenceNumber = pending;
      return this;
    }

    public Builder pendingCheckpointState(byte @Nullable [] state) {
      this.pendingCheckpointState = state;
      return this;
    }

    /**
     * The input.
     *
     * @throws IllegalStateException if a required value was not set
     */
    public InitializationInput build() {
      return new InitializationInput(
          Required.value(shardId, "InitializationInput", "shardId"),
          Required.value(extendedSequenceNumber, "InitializationInput", "extendedSequenceNumber"),
          pendingCheckpointSequenceNumber,
          pendingCheckpointState);
    }
  }
}
