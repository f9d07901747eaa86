package org.openkcl.retrieval;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory that all shards of a worker share for records fetched and not yet processed. A fetch
 * reserves what its reply is expected to take, corrects that when the reply is there, and gives it
 * back when the records have been processed.
 *
 * <p>Reservations that do not fit wait. Shards whose processor has nothing to do go first, in the
 * order in which they came, so that no shard starves. What is left goes to those that read ahead, the
 * one furthest behind first; reading ahead stops at half of the budget: a few shards with slow
 * processors cannot keep it all. While memory is scarce each shard is to ask for no more than its
 * {@linkplain #allowanceBytes share}.
 *
 * <p>When nothing is reserved one fetch is allowed whatever its size, so a small budget slows a
 * worker and never stops it. More than the budget is held only by the amount by which replies under
 * way turn out larger than expected; nothing is admitted until that is given back.
 *
 * <p>Confined to the worker's event loop.
 */
public final class MemoryBudget {
  /** What a record takes beside its data and partition key, roughly. */
  static final long RECORD_OVERHEAD_BYTES = 200;

  /**
   * No reply is expected to take more than a quarter, or a small budget would make a shard with
   * large replies wait until all others have given theirs back.
   */
  private static final int LARGEST_PART = 4;

  /** A share is worth a call, however many shards there are. */
  private static final long SMALLEST_SHARE_BYTES = 64 * 1024;

  private final long limitBytes;
  private final Deque<Reservation> neededNow = new ArrayDeque<>();
  private final Deque<Reservation> readAhead = new ArrayDeque<>();
  private long usedBytes;
  private int shards;

  /** Why memory is wanted. */
  public enum Purpose {
    /** A processor waits for the records. */
    NEEDED_NOW,
    /** A processor still has work; the records are fetched so that it need not wait later. */
    READ_AHEAD
  }

  /**
   * @param limitBytes how much all shards together may hold, in bytes; 1 or more
   */
  public MemoryBudget(long limitBytes) {
    if (limitBytes < 1) {
      throw new IllegalArgumentException(
          "A memory budget must be at least 1 byte: got limitBytes=" + limitBytes);
    }
    this.limitBytes = limitBytes;
  }

  /** The most that is handed out, in bytes. */
  public long limitBytes() {
    return limitBytes;
  }

  /** What is held now, in bytes; may exceed the limit by what replies turned out larger. */
  public long usedBytes() {
    return usedBytes;
  }

  /** How many reservations wait. */
  public int waiting() {
    return neededNow.size() + readAhead.size();
  }

  /** One shard more is read within this budget. */
  public void join() {
    shards++;
  }

  /** One shard less is. */
  public void leave() {
    shards--;
  }

  /**
   * How large a reply a shard should ask for at most, in bytes: any size while there is plenty of
   * memory; an equal share for each shard while there is not, so that many slow processors can all
   * have some.
   */
  public long allowanceBytes() {
    boolean plenty = neededNow.isEmpty() && usedBytes < limitBytes / 2;
    return plenty
        ? Long.MAX_VALUE
        : Math.max(SMALLEST_SHARE_BYTES, limitBytes / Math.max(1, shards));
  }

  /** As {@link #reserve(Purpose, LongSupplier, LongSupplier, Runnable)}, for a shard not behind. */
  public Reservation reserve(Purpose purpose, LongSupplier expectedBytes, Runnable whenGranted) {
    return reserve(purpose, expectedBytes, () -> 0, whenGranted);
  }

  /**
   * Asks for memory.
   *
   * @param expectedBytes how much the reply is expected to take, counted as a quarter of the
   *     budget if it is more; asked again whenever the
   *     reservation could be admitted, because what waits in a shard grows with time
   * @param lagMillis how far the shard is behind; asked whenever memory to read ahead is given out
   * @param whenGranted runs on the loop when a reservation that had to wait is granted; never
   *     within this call
   * @return a reservation that is {@linkplain Reservation#isGranted() granted} or waits
   */
  public Reservation reserve(
      Purpose purpose, LongSupplier expectedBytes, LongSupplier lagMillis, Runnable whenGranted) {
    Deque<Reservation> queue = purpose == Purpose.NEEDED_NOW ? neededNow : readAhead;
    Reservation reservation = new Reservation(purpose, expectedBytes, lagMillis, whenGranted);
    boolean first = queue.isEmpty() && (purpose == Purpose.NEEDED_NOW || neededNow.isEmpty());
    if (!first || !reservation.tryGrant()) {
      queue.add(reservation);
    }
    return reservation;
  }

  /**
   * Takes memory that is needed whether it is there or not, because what it is for has happened
   * already: records turned out to hold more than they seemed to. Nothing is admitted until the
   * budget is kept again.
   *
   * @param bytes 0 or more
   * @return a reservation that is granted
   */
  public Reservation hold(long bytes) {
    Reservation reservation = new Reservation(Purpose.NEEDED_NOW, () -> bytes, () -> 0, () -> {});
    reservation.granted = true;
    reservation.setBytes(bytes);
    return reservation;
  }

  private boolean admits(Purpose purpose, long bytes) {
    long limit = purpose == Purpose.NEEDED_NOW ? limitBytes : limitBytes / 2;
    return usedBytes == 0 || bytes <= limit - usedBytes;
  }

  private void grantWaiting() {
    while (grant(neededNow.peek(), neededNow)
        || (neededNow.isEmpty() && grant(furthestBehind(), readAhead))) {
      // each turn grants one
    }
  }

  private @Nullable Reservation furthestBehind() {
    if (!admits(Purpose.READ_AHEAD, 0)) {
      return null; // spares the look at each when there is nothing to give
    }
    Reservation furthest = null;
    long most = -1;
    for (Reservation each : readAhead) {
      long lag = each.lagMillis.getAsLong();
      if (lag > most) {
        most = lag;
        furthest = each;
      }
    }
    return furthest;
  }

  private boolean grant(@Nullable Reservation waiting, Deque<Reservation> queue) {
    if (waiting == null || !waiting.tryGrant()) {
      return false;
    }
    queue.remove(waiting);
    waiting.whenGranted.run();
    return true;
  }

  /** A part of the budget, held or waited for. */
  public final class Reservation {
    private final Purpose purpose;
    private final LongSupplier expectedBytes;
    private final LongSupplier lagMillis;
    private final Runnable whenGranted;
    private boolean granted;
    private boolean released;
    private long bytes;

    private Reservation(
        Purpose purpose, LongSupplier expectedBytes, LongSupplier lagMillis, Runnable whenGranted) {
      this.purpose = purpose;
      this.expectedBytes = expectedBytes;
      this.lagMillis = lagMillis;
      this.whenGranted = whenGranted;
    }

    public boolean isGranted() {
      return granted;
    }

    public Purpose purpose() {
      return purpose;
    }

    /**
     * Replaces the expected size by the real one.
     *
     * @param actualBytes 0 or more
     * @throws IllegalStateException when the reservation is not held
     */
    public void correct(long actualBytes) {
      if (!granted || released) {
        throw new IllegalStateException("Only a reservation that is held can be corrected");
      }
      setBytes(actualBytes);
      grantWaiting();
    }

    /** Gives the memory back, or stops waiting for it. Doing so twice does nothing. */
    public void release() {
      if (released) {
        return;
      }
      released = true;
      if (granted) {
        setBytes(0);
      } else {
        (purpose == Purpose.NEEDED_NOW ? neededNow : readAhead).remove(this);
      }
      grantWaiting();
    }

    private boolean tryGrant() {
      long expected = Math.min(expectedBytes.getAsLong(), limitBytes / LARGEST_PART);
      if (!admits(purpose, expected)) {
        return false;
      }
      granted = true;
      setBytes(expected);
      return true;
    }

    private void setBytes(long newBytes) {
      usedBytes += newBytes - bytes;
      bytes = newBytes;
    }
  }
}
