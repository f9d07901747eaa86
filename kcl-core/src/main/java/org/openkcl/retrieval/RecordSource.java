package org.openkcl.retrieval;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * The records of one shard, pulled batch by batch in order.
 *
 * <p>Sources that speak to the service bring records as they are in the stream, from the start's
 * position on: aggregates whole, and the checkpointed record as well. {@link UserRecordSources} makes
 * user records of them and leaves out what was processed.
 *
 * <p>Confined to the worker's event loop: called on it, and its stages complete on it. Whoever waits
 * for a stage may ask for the next one, or close the source, while it completes.
 */
public interface RecordSource extends AutoCloseable {

  /**
   * The batch behind the last one. Asking for it says that the last one has been processed and
   * gives its memory back: keep a batch by not asking.
   *
   * <p>A batch without records comes when a read found none while the caller waited, so that it
   * learns how far behind it is; pass it over if that is of no interest. The batch at the end of
   * the shard is the last one, with or without records.
   *
   * @return completes with the batch; fails with {@link org.openkcl.lineage.StreamFailure} when
   *     retrying by itself is of no use (the stream or shard is gone, access is denied). Asking
   *     again then tries again. Fails with {@link java.util.concurrent.CancellationException} when
   *     the source is closed
   * @throws IllegalStateException when the last stage is not complete, after the batch at the end
   *     of the shard, or after {@link #close}
   */
  CompletionStage<RecordBatch> next();

  /**
   * When the source last had a sign of life of the way to the service: a reply, whatever it said, or
   * now while it waits for something of this process, such as memory. A watchdog reads it: a source
   * that is silent for long is closed and another one opened.
   *
   * @return by {@code Environment.nanoTime()}; empty when the source does not know, then only the
   *     batches it gives count
   */
  default OptionalLong lastSignNanos() {
    return OptionalLong.empty();
  }

  /** Why reads fail at present, for people; empty when the last one did not. */
  default Optional<String> trouble() {
    return Optional.empty();
  }

  /** Lets {@code meter} hear of every call from now on. Default: the source has nothing to tell. */
  default void meter(ReadMeter meter) {}

  /** Stops reading and gives all memory back. Replies under way are ignored. */
  @Override
  void close();
}
