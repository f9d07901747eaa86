package org.openkcl.benchmarks;

import java.util.List;
import java.util.Optional;

/**
 * Something that a worker JVM reports, one line each.
 *
 * @param kind what happened
 * @param subject the shard's id, a count of threads, or CPU time in microseconds
 * @param fromMicros when it began, as {@link Stamp}
 * @param toMicros when it ended
 * @param items the ids of the records of a batch, or the names of threads; no spaces or commas
 */
record WorkerEvent(Kind kind, String subject, long fromMicros, long toMicros, List<String> items) {
  private static final String MARK = "@event";

  enum Kind {
    /** {@code Scheduler.start()} is about to be called; with the CPU time spent so far. */
    STARTING,
    /** Records have been processed for the first time; with the CPU time spent so far. */
    FIRST_RECORD,
    INITIALIZE,
    /** Records were given to the processor, which has not checkpointed them yet. */
    RECORDS,
    /** A batch was processed and checkpointed. */
    BATCH,
    SHUTDOWN_REQUESTED,
    LEASE_LOST,
    /** The answer to a question: how many threads live, and their names. */
    THREADS,
    /** A figure, named by the subject, with its value or values. */
    FIGURE,
    /** As {@link #THREADS}, the most that have lived at once so far. */
    THREADS_PEAK
  }

  WorkerEvent {
    items = List.copyOf(items);
  }

  String toLine() {
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
  static Optional<WorkerEvent> ofLine(String line) {
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
