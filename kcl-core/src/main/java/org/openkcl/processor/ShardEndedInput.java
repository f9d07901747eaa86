package org.openkcl.processor;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a processor is told when its shard is completely read.
 *
 * @param checkpointer its {@code checkpoint()} marks the shard as done
 */
public record ShardEndedInput(RecordProcessorCheckpointer checkpointer) {
  public ShardEndedInput {
    Objects.requireNonNull(checkpointer, "checkpointer");
  }

  /** A builder, mainly for tests of processors. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a {@link ShardEndedInput}; the checkpointer is required. */
  public static final class Builder {
    private @Nullable RecordProcessorCheckpointer checkpointer;

    private Builder() {}

    public Builder checkpointer(RecordProcessorCheckpointer shardCheckpointer) {
      this.checkpointer = shardCheckpointer;
      return this;
    }

    /**
     * The input.
     *
     * @throws IllegalStateException if the checkpointer was not set
     */
    public ShardEndedInput build() {
      return new ShardEndedInput(Required.value(checkpointer, "ShardEndedInput", "checkpointer"));
    }
  }
}
