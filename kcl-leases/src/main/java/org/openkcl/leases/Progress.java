package org.openkcl.leases;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the application has processed of a shard.
 *
 * @param checkpoint everything up to and including it is processed
 * @param pending a checkpoint that was prepared and not yet committed; null when there is none
 */
public record Progress(Checkpoint checkpoint, @Nullable Pending pending) {

  /** Progress without a prepared checkpoint. */
  public static Progress at(Checkpoint checkpoint) {
    return new Progress(checkpoint, null);
  }

  /**
   * A prepared checkpoint.
   *
   * @param checkpoint the position that a commit would store
   * @param applicationState the application's own bytes, copied, read-only; null when it gave
   *     none
   */
  public record Pending(Checkpoint checkpoint, @Nullable ByteBuffer applicationState) {
    public Pending {
      applicationState = applicationState == null ? null : copyOf(applicationState);
    }

    /** The bytes from position to limit, in a view of the caller's own; null when there are none. */
    @Override
    public @Nullable ByteBuffer applicationState() {
      return applicationState == null ? null : applicationState.duplicate();
    }

    private static ByteBuffer copyOf(ByteBuffer bytes) {
      ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
      return copy.put(bytes.duplicate()).flip().asReadOnlyBuffer();
    }
  }
}
