package org.openkcl.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.Checkpoint;

/**
 * Since when one shard's oldest record has waited that is not checkpointed. Keeps where batches end
 * and when their first records arrived, for few batches however many there are: neighbours become
 * one, with the earlier arrival, so that what is not exact is too long and never too short.
 *
 * <p>A shard that is not read tells nothing of what arrives in it. After some seconds it counts as
 * behind since it was last known to be read up to.
 *
 * <p>Confined to the event loop.
 */
final class ShardLag {
  static final int MAX_BATCHES = 64;

  /** Longer than the pauses between two reads of a shard that is read in the ordinary way. */
  static final Duration GRACE = Duration.ofSeconds(15);

  private final List<Batch> batches = new ArrayList<>();
  private Instant readUpTo;
  private Instant heardAt;
  private boolean atEnd;

  /** A batch, or several in a row, of which the last record is not checkpointed. */
  private record Batch(Checkpoint end, Instant firstArrival) {}

  /**
   * @param since when the shard came
   */
  ShardLag(Instant since) {
    this.readUpTo = since;
    this.heardAt = since;
  }

  /**
   * A read was answered.
   *
   * @param millisBehindLatest how far its records are behind the tip
   * @param end whether nothing follows
   */
  void heard(Instant now, long millisBehindLatest, boolean end) {
    heardAt = now;
    readUpTo = now.minusMillis(Math.max(0, millisBehindLatest));
    atEnd |= end;
  }

  /** A batch with records came, which may have come before. */
  void came(Checkpoint end, Instant firstArrival) {
    Batch last = batches.isEmpty() ? null : batches.get(batches.size() - 1);
    if (last != null && end.compareTo(last.end()) <= 0) {
      return;
    }
    batches.add(new Batch(end, firstArrival));
    if (batches.size() > MAX_BATCHES) {
      merge();
    }
  }

  private void merge() {
    List<Batch> all = List.copyOf(batches);
    batches.clear();
    for (int i = 0; i < all.size(); i += 2) {
      Batch later = all.get(Math.min(i + 1, all.size() - 1));
      batches.add(new Batch(later.end(), all.get(i).firstArrival()));
    }
  }

  /**
   * When the oldest record arrived that is behind the checkpoint; null when there is none.
   *
   * @param acknowledged the last stored checkpoint
   */
  @Nullable
  Instant since(Checkpoint acknowledged, Instant now) {
    while (!batches.isEmpty() && batches.get(0).end().compareTo(acknowledged) <= 0) {
      batches.remove(0);
    }
    if (!batches.isEmpty()) {
      return batches.get(0).firstArrival();
    }
    boolean recent = Duration.between(heardAt, now).compareTo(GRACE) < 0;
    return atEnd || (recent && !readUpTo.isBefore(heardAt)) ? null : readUpTo;
  }
}
