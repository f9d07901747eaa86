package org.openkcl.samples.producer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records that wait for one shard, in the order in which they were given.
 *
 * <p>At most one call has entries of a shard under way, and what it could not put goes first the
 * next time. With aggregates a call has one entry of a shard, so the order within a shard, and with
 * it of each key, is kept whatever fails. Without aggregates a call has many: those behind one that
 * was refused may have been put, and come before it. That is how PutRecords works.
 *
 * <p>Confined to the producer's thread.
 */
final class ShardQueue {
  private static final long FIRST_PAUSE_NANOS = 100_000_000;
  private static final long LONGEST_PAUSE_NANOS = 2_000_000_000;

  private final ProducerSettings settings;
  private final ShardAllowance allowance;
  private final Deque<Entry> refused = new ArrayDeque<>();
  private final Deque<UserRecord> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean underWay;
  private int failures;
  private long notBeforeNanos;

  ShardQueue(ProducerSettings settings, long nowNanos) {
    this.settings = settings;
    this.allowance = new ShardAllowance(nowNanos);
    this.notBeforeNanos = nowNanos;
  }

  void add(UserRecord record) {
    waiting.add(record);
    waitingBytes += AggregateWriter.bytesMax(record);
  }

  boolean isEmpty() {
    return waiting.isEmpty() && refused.isEmpty();
  }

  boolean isUnderWay() {
    return underWay;
  }

  /**
   * The entries to put now, in order; none if nothing is due or the shard takes no more. If there
   * are any, {@link #settled} must follow.
   *
   * @param linger whether records may go on waiting for others
   * @param recordsMax how many the call has room for
   * @param bytesMax how many bytes the call has room for; a larger entry goes into a call of its own
   * @param callIsEmpty whether nothing has been taken for the call
   */
  List<Entry> take(
      long nowNanos, boolean linger, int recordsMax, int bytesMax, boolean callIsEmpty) {
    List<Entry> taken = new ArrayList<>();
    if (underWay || nowNanos - notBeforeNanos < 0) {
      return taken;
    }
    int most = settings.aggregates() ? Math.min(1, recordsMax) : recordsMax;
    int room = bytesMax;
    while (taken.size() < most) {
      Entry next = next(nowNanos, linger);
      if (next == null) {
        break;
      }
      boolean fits = next.bytes() <= room || (callIsEmpty && taken.isEmpty());
      if (!fits || !allowance.take(next.bytes(), nowNanos)) {
        refused.addFirst(next);
        break;
      }
      room -= next.bytes();
      taken.add(next);
    }
    underWay = !taken.isEmpty();
    return taken;
  }

  private @Nullable Entry next(long nowNanos, boolean linger) {
    if (!refused.isEmpty()) {
      return refused.remove();
    }
    UserRecord oldest = waiting.peek();
    if (oldest == null) {
      return null;
    }
    boolean full = waitingBytes >= settings.aggregateBytes();
    boolean late = nowNanos - oldest.givenNanos() >= settings.linger().toNanos();
    return full || late || !linger ? Entry.of(removeSome()) : null;
  }

  private List<UserRecord> removeSome() {
    List<UserRecord> some = new ArrayList<>();
    long bytes = 0;
    while (!waiting.isEmpty()) {
      long next = AggregateWriter.bytesMax(waiting.element());
      if (!some.isEmpty() && bytes + next > settings.aggregateBytes()) {
        break;
      }
      bytes += next;
      some.add(waiting.remove());
    }
    waitingBytes -= bytes;
    return some;
  }

  /**
   * What became of the entries under way.
   *
   * @param notPut those to put again, in order
   * @param chance from 0 to 1, spreads the retries of many shards
   */
  void settled(List<Entry> notPut, long nowNanos, double chance) {
    underWay = false;
    for (int i = notPut.size() - 1; i >= 0; i--) {
      refused.addFirst(notPut.get(i));
    }
    if (notPut.isEmpty()) {
      failures = 0;
      return;
    }
    long pause = Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(failures, 10));
    notBeforeNanos = nowNanos + (long) (pause * (0.5 + chance / 2));
    failures++;
  }

  /** Takes out what was given before a time, in order. */
  List<UserRecord> removeOlderThan(long nanos) {
    List<UserRecord> removed = new ArrayList<>();
    while (!refused.isEmpty() && isOlder(refused.element().records().get(0), nanos)) {
      removed.addAll(refused.remove().records());
    }
    while (!waiting.isEmpty() && refused.isEmpty() && isOlder(waiting.element(), nanos)) {
      waitingBytes -= AggregateWriter.bytesMax(waiting.element());
      removed.add(waiting.remove());
    }
    return removed;
  }

  private static boolean isOlder(UserRecord record, long nanos) {
    return record.givenNanos() - nanos < 0;
  }

  /** Takes out everything, in order. */
  List<UserRecord> removeAll() {
    List<UserRecord> removed = new ArrayList<>();
    refused.forEach(entry -> removed.addAll(entry.records()));
    removed.addAll(waiting);
    refused.clear();
    waiting.clear();
    waitingBytes = 0;
    return removed;
  }
}
