package org.openkcl.local.model;

import java.io.Serializable;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The status of a stream over time: {@code CREATING} until a moment, {@code UPDATING} while a change
 * is under way, {@code DELETING} until it is gone, else {@code ACTIVE}. There is no timer: whoever
 * looks at the stream first brings it up to date.
 */
final class StreamLife implements Serializable {
  private final long activeFrom;
  private @Nullable Change change;
  private long goneFrom = Long.MAX_VALUE;

  /** Something that happens to the stream at a moment. */
  private record Change(long due, Effect effect) implements Serializable {}

  /** What is to happen; given the moment. */
  @FunctionalInterface
  interface Effect extends LongConsumer, Serializable {}

  StreamLife(long activeFrom) {
    this.activeFrom = activeFrom;
  }

  String status(long now) {
    if (isDeleting()) {
      return "DELETING";
    }
    if (isCreating(now)) {
      return "CREATING";
    }
    return change == null ? "ACTIVE" : "UPDATING";
  }

  boolean isCreating(long now) {
    return now < activeFrom;
  }

  boolean isDeleting() {
    return goneFrom != Long.MAX_VALUE;
  }

  boolean isGone(long now) {
    return now >= goneFrom;
  }

  /** Begins the end. */
  void delete(long newGoneFrom) {
    goneFrom = newGoneFrom;
  }

  /** Lets something happen at a moment; until then the stream is {@code UPDATING}. */
  void change(long due, Effect effect) {
    change = new Change(due, effect);
  }

  /** Lets happen what is due by now, at the moment when it was due. */
  void catchUp(long now) {
    Change due = change;
    if (due != null && due.due() <= now) {
      change = null;
      due.effect().accept(due.due());
    }
  }
}
