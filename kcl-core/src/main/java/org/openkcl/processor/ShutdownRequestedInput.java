package org.openkcl.processor;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a processor is told before this worker gives the shard up.
 *
 * @param checkpointer works until this call returns or the time for the hand-over is up
 */
public record ShutdownRequestedInput(RecordProcessorCheckpointer checkpointer) {
  public ShutdownRequestedInput {
    Objects.requireNonNull(checkpointer, "checkpointer");
  }

  /** A builder, mainly for tests of processors. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a {@link ShutdownRequestedInput}; the checkpointer is required. */
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
    public ShutdownRequestedInput build() {
      return new ShutdownRequestedInput(
          Required.value(checkpointer, "ShutdownRequestedInput", "checkpointer"));
    }
  }
}
