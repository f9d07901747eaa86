package org.openkcl.multilang.protocol;

import org.jspecify.annotations.Nullable;

/** One line of a child's standard output, understood. */
public sealed interface ChildLine {

  /**
   * The child has done what it was told.
   *
   * @param responseFor the action it answers; null when it did not say
   */
  record Status(@Nullable String responseFor) implements ChildLine {}

  /**
   * The child asks for a checkpoint.
   *
   * @param sequenceNumber null for everything it was given
   * @param subSequenceNumber null for none; means nothing without a sequence number
   */
  record Checkpoint(
      @Nullable String sequenceNumber, @Nullable Long subSequenceNumber) implements ChildLine {}

  /** Nothing: children write an empty line before each message. */
  record Blank() implements ChildLine {}

  /**
   * No message; it is skipped.
   *
   * @param text the line, or its beginning
   * @param diagnosis what is probably wrong, for people
   */
  record Unexpected(String text, String diagnosis) implements ChildLine {}
}
