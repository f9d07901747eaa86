package org.openkcl.benchmarks.probe;

import java.util.List;
import java.util.Optional;

/**
 * Something that a worker JVM reports, one line each.
 *
 * @param kind what happened
 * @param subject the shard's id, a figure's name, or CPU time in microseconds
 * @param fromMicros when it began, as {@link Stamp}
 * @param toMicros when it ended
 * @param items the ids of the records of a batch, or a figure's values; no spaces or commas
 */
public record WorkerEvent(
    Kind kind, String subject, long fromMicros, long toMicros, List<String> items) {
  private static final String MARK = "@event";

  public enum Kind {
    /** The library is about to be told to start; with the CPU time spent so far. */
    STARTING,
    /** The library says that the worker has started. */
    STARTED,
    /**
     * The processors get a record for the first time, or for the first time since the last that was
     * expected; with the CPU time spent so far.
     */
    FIRST_RECORD,
    INITIALIZE,
    /** Records were given to the processor, which has not checkpointed them yet. */
    RECORDS,
    /** A batch was processed and checkpointed. */
    BATCH,
    SHUTDOWN_REQUESTED,
    LEASE_LOST,
    SHARD_ENDED,
    CHECKPOINT_FAILED,
    /** A figure, named by the subject, with its value or values. */
    FIGURE
  }

  public WorkerEvent {
    items = List.copyOf(items);
  }

  public String toLine() {
    return String.join(
        " ",
        MARK,
        kind.name(),
        subject,
        Long.toString(fromMicros),
        Long.toString(toMicros),
        String.join(",", items));
  }

  /** The event of a line, or empty when the line is something else. */
  public static Optional<WorkerEvent> ofLine(String line) {
    String[] parts = line.split(" ", 6);
    if (parts.length < 6 || !parts[0].equals(MARK)) {
      return Optional.empty();
    }
    return Optional.of(new WorkerEvent(
        Kind.valueOf(parts[1]),
        parts[2],
        Long.parseLong(parts[3]),
        Long.parseLong(parts[4]),
        parts[5].isEmpty() ? List.of() : List.of(parts[5].split(","))));
  }
}
