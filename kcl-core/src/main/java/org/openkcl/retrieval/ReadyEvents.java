package org.openkcl.retrieval;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.retrieval.MemoryBudget.Reservation;

/**
 * Events of one shard that have come while its processor was busy. What has come together is taken
 * together: a processor that is slow gets larger batches, not more of them.
 */
final class ReadyEvents {
  /** As much as the service pushes in half a second. */
  private static final long MOST_BYTES = 1024 * 1024;

  private static final int MOST_EVENTS = 64;

  private final int maxRecords;
  private final Deque<Held> events = new ArrayDeque<>();
  private long bytes;

  private record Held(
      List<KinesisClientRecord> records,
      SubscriptionEvent event,
      Instant receivedAt,
      Reservation memory) {}

  /**
   * One batch and the memory it takes.
   *
   * @param memory all of it is to be released when the batch has been processed
   */
  record Taken(RecordBatch batch, List<Reservation> memory) {}

  /**
   * @param maxRecords the most records that are taken together
   */
  ReadyEvents(int maxRecords) {
    this.maxRecords = maxRecords;
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  /** Whether another event may be requested ahead of the processor. */
  boolean hasRoom() {
    return bytes < MOST_BYTES && events.size() < MOST_EVENTS;
  }

  /**
   * Adds an event.
   *
   * @param fresh its records without those that had been received before
   */
  void add(
      SubscriptionEvent event,
      List<KinesisClientRecord> fresh,
      Instant receivedAt,
      Reservation memory) {
    events.add(new Held(fresh, event, receivedAt, memory));
    bytes += event.bytes();
  }

  /** Takes the first event, and what fits into a batch with it. */
  Taken take() {
    Held last = events.remove();
    Instant receivedAt = last.receivedAt();
    long taken = last.event().bytes();
    List<Reservation> memory = new ArrayList<>();
    memory.add(last.memory());
    List<KinesisClientRecord> records = last.records();
    for (Held next = events.peek(); next != null; next = events.peek()) {
      if (records.size() + next.records().size() > maxRecords) {
        break;
      }
      if (memory.size() == 1) {
        records = new ArrayList<>(records);
      }
      last = events.remove();
      records.addAll(last.records());
      memory.add(last.memory());
      taken += last.event().bytes();
    }
    bytes -= taken;
    return new Taken(batchOf(last.event(), records, taken, receivedAt), memory);
  }

  /** Gives all memory back. */
  void clear() {
    events.forEach(held -> held.memory().release());
    events.clear();
    bytes = 0;
  }

  private static RecordBatch batchOf(
      SubscriptionEvent last, List<KinesisClientRecord> records, long bytes, Instant receivedAt) {
    return new RecordBatch(
        records,
        last.millisBehindLatest(),
        last.continuation() == null,
        last.childShards(),
        bytes,
        receivedAt);
  }
}
