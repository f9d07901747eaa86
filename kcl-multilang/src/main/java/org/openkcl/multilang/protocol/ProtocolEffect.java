package org.openkcl.multilang.protocol;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is to be done next in a dialogue. */
public sealed interface ProtocolEffect {

  /** Send the call's message. */
  record Send(Call call) implements ProtocolEffect {}

  /** Store a checkpoint; the outcome comes back as {@link ProtocolEvent.Stored}. */
  record Store(ChildLine.Checkpoint request) implements ProtocolEffect {}

  /**
   * Answer a request for a checkpoint.
   *
   * @param error null for success
   */
  record Reply(ChildLine.Checkpoint request, @Nullable String error) implements ProtocolEffect {}

  /**
   * The call has ended well.
   *
   * @param extensions what the child named in its answer; of meaning for initialize only
   */
  record Finish(Call call, Set<Extension> extensions) implements ProtocolEffect {}

  /** The call has failed and the child has let go of the shard; it still serves others. */
  record LetGo(String reason) implements ProtocolEffect {}

  /** The call has failed and the child is of no more use. */
  record Fail(String reason) implements ProtocolEffect {}

  /** Tell people about a line that was skipped. */
  record Skip(String text, String diagnosis) implements ProtocolEffect {}
}
