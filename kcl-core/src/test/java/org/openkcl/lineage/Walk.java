package org.openkcl.lineage;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openkcl.InitialPosition;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.Progress;
import org.openkcl.processor.ChildShard;

/**
 * An application that reads a history by the rules, one step at a time and in random order. A cell
 * of the history is a record; column c is the instant c seconds after 1970.
 */
final class Walk {
  private final History history;
  private final RandomGenerator random;
  private final Seeding seeding;
  private final Map<String, Lease> leases = new TreeMap<>();
  private final Map<String, Integer> readUpTo = new HashMap<>(); // shard to the next column to read
  private final int[][] deliveries;
  private final int[] rowReadUpTo;
  private int now;
  private int trimmed; // columns before it are not kept any more
  private @Nullable ShardGraph graph; // as known now

  Walk(History history, RandomGenerator random, InitialPosition position, int now) {
    this.history = history;
    this.random = random;
    this.now = now;
    this.seeding = Leases.seeding(position, Instant.ofEpochSecond(now));
    this.deliveries = new int[history.rows()][history.columns()];
    this.rowReadUpTo = new int[history.rows()];
  }

  /** Seeds an empty table; an interrupted seeding writes only the first lease. */
  void seed(boolean interrupted) {
    History known = history.until(now);
    int from = switch (seeding.position().kind()) {
      case LATEST -> now;
      case TRIM_HORIZON -> known.trimHorizon();
      case AT_TIMESTAMP -> (int) seeding.position().timestamp().orElseThrow().getEpochSecond();
    };
    List<Lease> seeds =
        SeedingRules.leasesToCreate(ShardGraph.of(known.openAt(from)), Map.of(), seeding);
    create(interrupted ? seeds.subList(0, 1) : seeds);
  }

  /** Lets the stream grow or lose records, reads from a shard, or cleans up, at random. */
  void step() {
    int choice = random.nextInt(10);
    if (choice == 0 && now < history.columns() - 1) {
      now++;
      graph = null;
    } else if (choice == 1) {
      deleteWhatMayBeDeleted();
    } else if (choice == 2) {
      trim();
    } else {
      List<String> ids = List.copyOf(leases.keySet());
      readFrom(ids.get(random.nextInt(ids.size())));
    }
  }

  /** Creates what the rules find missing. */
  int repair() {
    List<Lease> missing = SeedingRules.leasesToCreate(graph(), leases, seeding);
    create(missing);
    return missing.size();
  }

  private void create(List<Lease> created) {
    List<String> ids = created.stream().map(Lease::shardId).toList();
    for (Lease lease : created) {
      Set<String> later = new HashSet<>(ids.subList(ids.indexOf(lease.shardId()), ids.size()));
      later.retainAll(graph().ancestorsOf(lease.shardId()));
      if (!later.isEmpty()) {
        throw new AssertionError("Created before its parents " + later + ": " + lease);
      }
      leases.putIfAbsent(lease.shardId(), lease);
    }
  }

  private void readFrom(String shardId) {
    Lease lease = Leases.get(leases, shardId);
    if (lease.isFinished() || !SeedingRules.mayStart(lease, graph(), leases, seeding)) {
      return;
    }
    List<int[]> cells = history.cellsOf(shardId);
    int end = cells.get(cells.size() - 1)[1];
    int from = readUpTo.getOrDefault(shardId, startOf(lease, cells.get(0)[1]));
    int to = Math.min(Math.min(end, now) + 1, from + 1 + random.nextInt(3));
    for (int[] cell : cells) {
      if (cell[1] >= from && cell[1] < to) {
        deliver(cell[0], cell[1]);
      }
    }
    if (to > from) {
      readUpTo.put(shardId, to);
      checkpoint(lease, Checkpoint.at(Integer.toString(to * 1000 - 1)));
    }
    if (Math.max(to, from) > end && end < now) {
      finish(Leases.get(leases, shardId));
    }
  }

  private int startOf(Lease lease, int first) {
    Instant startAt = lease.shard().startAt();
    return lease.checkpoint().equals(Checkpoint.TRIM_HORIZON) || startAt == null
        ? first
        : Math.max(first, (int) startAt.getEpochSecond());
  }

  private void deliver(int row, int column) {
    deliveries[row][column]++;
    if (column < rowReadUpTo[row]) {
      throw new AssertionError("Out of order: row " + row + ", column " + column + "\n" + this);
    }
    rowReadUpTo[row] = column;
  }

  private void finish(Lease lease) {
    List<ChildShard> children = history.until(now).childrenOf(lease.shardId());
    if (!SeedingRules.mayCreateChildren(children, graph(), leases, seeding)) {
      repair();
      return;
    }
    create(SeedingRules.childLeases(lease, children, seeding));
    checkpoint(lease, Checkpoint.SHARD_END);
  }

  private void checkpoint(Lease lease, Checkpoint checkpoint) {
    leases.put(
        lease.shardId(),
        new Lease(lease.key(), lease.ownership(), Progress.at(checkpoint), lease.shard()));
  }

  private void deleteWhatMayBeDeleted() {
    List.copyOf(leases.values()).stream()
        .filter(lease -> SeedingRules.deletable(lease, graph(), leases))
        .forEach(lease -> leases.remove(lease.shardId()));
  }

  boolean isDone() {
    return now == history.columns() - 1
        && history.openAt(now).stream().allMatch(s -> readUpTo.getOrDefault(s.shardId(), 0) > now);
  }

  int deliveriesOf(int row, int column) {
    return deliveries[row][column];
  }

  private ShardGraph graph() {
    if (graph == null) {
      graph = ShardGraph.of(history.until(now).listing().stream()
          .filter(s -> lastColumn(s) >= trimmed)
          .toList());
    }
    return graph;
  }

  private static int lastColumn(Shard shard) {
    String end = shard.endingSequenceNumber();
    return end == null ? Integer.MAX_VALUE : Integer.parseInt(end) / 1000;
  }

  /** Records that everybody has read, of shards that everybody has finished, are kept no more. */
  private void trim() {
    boolean isRead = IntStream.of(rowReadUpTo).allMatch(column -> column > trimmed);
    boolean isFinished = leases.values().stream()
        .filter(lease -> !lease.isFinished())
        .allMatch(l -> lastColumn(history.until(now).shard(l.shardId())) > trimmed);
    if (isRead && isFinished) {
      trimmed++;
      graph = null;
    }
  }

  @Override
  public String toString() {
    return "now=" + now + ", trimmed=" + trimmed + ", position=" + seeding.position() + "\n"
        + history + "\n" + Leases.text(List.copyOf(leases.values()));
  }
}
