package org.openkcl.multilang.protocol;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One line of a child's standard output, understood. */
public sealed interface ChildLine {

  /** The shard it is about; null when it names none. */
  default @Nullable String shardId() {
    return null;
  }

  /**
   * The child has done what it was told, or tells that it could not.
   *
   * @param responseFor the action it answers; null when it did not say
   * @param extensions what it takes up of the extensions that were offered to it
   * @param error why the shard cannot go on in this child; null when all is well
   */
  record Status(
      @Nullable String responseFor,
      @Nullable String shardId,
      Set<Extension> extensions,
      @Nullable String error)
      implements ChildLine {

    public Status {
      extensions = Set.copyOf(extensions);
    }
  }

  /**
   * The child asks for a checkpoint.
   *
   * @param sequenceNumber null for everything it was given
   * @param subSequenceNumber null for none; means nothing without a sequence number
   */
  record Checkpoint(
      @Nullable String sequenceNumber,
      @Nullable Long subSequenceNumber,
      @Nullable String shardId) implements ChildLine {

    /** One that names no shard. */
    public Checkpoint(@Nullable String sequenceNumber, @Nullable Long subSequenceNumber) {
      this(sequenceNumber, subSequenceNumber, null);
    }
  }

  /** A line for the log. */
  record Log(Level level, String message, @Nullable String shardId) implements ChildLine {

    /** How much a line matters; on the wire in lower case. */
    public enum Level {
      TRACE,
      DEBUG,
      INFO,
      WARN,
      ERROR
    }
  }

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
