package org.openkcl.multilang.protocol;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far the dialogue with a child has got.
 *
 * @param call the call under way; null unless waiting or storing
 */
public record ProtocolState(Phase phase, @Nullable Call call) {

  /** What is waited for. */
  public enum Phase {
    /** Nothing: the child is ready for a call. */
    READY,
    /** The child's answer to a call. */
    WAITING,
    /** The outcome of a checkpoint that the child asked for. */
    STORING,
    /** Nothing any more: the child did not keep to the protocol, or is gone. */
    BROKEN,
    /** Nothing any more: the shard is no longer the child's. */
    CLOSED
  }

  /** Before the first call. */
  public static final ProtocolState NEW = new ProtocolState(Phase.READY, null);

  /** The call under way; only while there is one. */
  Call current() {
    return Objects.requireNonNull(call);
  }
}
