package org.openkcl.multilang.protocol;

import org.jspecify.annotations.Nullable;

/** What happens in a dialogue. */
public sealed interface ProtocolEvent {

  /** The library calls the processor. */
  record Begin(Call call) implements ProtocolEvent {}

  /** The child has written a line. */
  record Line(ChildLine line) implements ProtocolEvent {}

  /**
   * A checkpoint that the child asked for is stored, or is not.
   *
   * @param error the name of the exception; null when it is stored
   */
  record Stored(ChildLine.Checkpoint request, @Nullable String error) implements ProtocolEvent {}

  /**
   * Nothing more comes from the child, or nothing can be sent to it.
   *
   * @param how for people: it has exited, was killed, closed its output
   */
  record Gone(String how) implements ProtocolEvent {}
}
