package org.openkcl.local.model;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One stream: its shards, their lineage and their records.
 *
 * <p>Everything that happens in a stream happens at a tick: a count that also grows with time and
 * gives sequence numbers their order. A reshard closes the parents at one tick and opens the
 * children at the next, so a child's numbers are always greater than its parents'.
 */
final class Stream implements Serializable {
  private static final int TICKS_PER_MILLI_BITS = 20;

  final String name;
  final long incarnation;
  final long createdMillis;
  final StreamControl control;
  final StreamLife life;

  /** Stored shards by index: open ones, and closed ones until their last record has expired. */
  private final TreeMap<Integer, Shard> shards = new TreeMap<>();

  /** Open shards by the start of their hash key range. */
  private final TreeMap<BigInteger, Shard> open = new TreeMap<>();

  /** Consumers by name; those whose deletion is done are removed when somebody looks. */
  final TreeMap<String, RegisteredConsumer> consumers = new TreeMap<>();

  private int nextShardIndex;
  private transient long lastTick;

  Stream(
      String name,
      long incarnation,
      long createdMillis,
      StreamMode mode,
      int shardCount,
      ServiceDelays delays) {
    this.name = name;
    this.incarnation = incarnation;
    this.createdMillis = createdMillis;
    this.control = new StreamControl(name, mode, createdMillis);
    this.life = new StreamLife(createdMillis + delays.create().toMillis());
    for (int i = 0; i < shardCount; i++) {
      open(HashKeyRange.part(i, shardCount), List.of(), nextTick(createdMillis), createdMillis);
    }
  }

  StreamDescription description(long now) {
    return new StreamDescription(
        name,
        StreamNames.arn(name),
        life.status(now),
        Instant.ofEpochMilli(createdMillis),
        control.retention(),
        life.isCreating(now) ? 0 : open.size(),
        control.features());
  }

  int openShardCount() {
    return open.size();
  }

  /** The stored shards of a greater index, by index. */
  Collection<Shard> shardsAfter(int index) {
    return shards.tailMap(index, false).values();
  }

  /** The tick that the next event will have at least. */
  long upcomingTick() {
    return lastTick + 1;
  }

  /** Greater than every sequence number given out, not greater than any that will be. */
  BigInteger upcomingNumber() {
    return new BigInteger(new SequenceNumber(createdMillis, incarnation, upcomingTick(), 0).text());
  }

  /** Leaves all ticks up to now to the past and returns the last of them; later events come after it. */
  long pass(long now) {
    lastTick = Math.max(lastTick, tickAt(now) - 1);
    return lastTick;
  }

  private long tickAt(long now) {
    return (now - createdMillis) << TICKS_PER_MILLI_BITS;
  }

  String sequenceNumber(Shard shard, long tick) {
    return new SequenceNumber(createdMillis, incarnation, tick, shard.index).text();
  }

  /** The shard as it was at a time. */
  ShardInfo info(Shard shard, long millis) {
    Long endTick = shard.wasClosedAt(millis) ? shard.endTick() : null;
    return new ShardInfo(
        shard.id,
        shard.parentId,
        shard.adjacentParentId,
        shard.range,
        sequenceNumber(shard, shard.startTick),
        endTick == null ? null : sequenceNumber(shard, endTick));
  }

  /** The stored shard of this id; null when there is none. */
  @Nullable
  Shard find(String shardId) {
    return shards.get(Shard.index(shardId));
  }

  @Nullable
  Shard find(int shardIndex) {
    return shards.get(shardIndex);
  }

  /** The open shard that takes this hash key. */
  Shard shardFor(BigInteger hashKey) {
    Map.Entry<BigInteger, Shard> found = open.floorEntry(hashKey);
    if (found == null) {
      throw new IllegalStateException("No open shard of " + name + " takes hash key " + hashKey);
    }
    return found.getValue();
  }

  /**
   * Takes a record.
   *
   * @param keyArn the key it is encrypted with; null for none
   */
  PutResult append(Shard shard, PutEntry entry, @Nullable String keyArn, long now) {
    long tick = nextTick(now);
    String number = sequenceNumber(shard, tick);
    shard.log.append(
        new StreamRecord(tick, now, number, entry.partitionKey(), entry.data(), keyArn));
    shard.wakeSubscribers();
    return new PutResult(shard.id, number);
  }

  /** Forgets what is older than the retention period and returns how many bytes it took. */
  long trim(long now) {
    long horizon = horizonMillis(now);
    long freed = 0;
    for (Shard shard : shards.values()) {
      freed += shard.log.trimBefore(horizon);
    }
    shards.values().removeIf(shard -> shard.closedBefore(horizon));
    return freed;
  }

  long storedBytes() {
    long bytes = 0;
    for (Shard shard : shards.values()) {
      for (int i = 0; i < shard.log.size(); i++) {
        bytes += shard.log.get(i).storedBytes();
      }
    }
    return bytes;
  }

  long horizonMillis(long now) {
    return control.horizonMillis(now);
  }

  void split(Shard parent, BigInteger hashKey, long now) {
    HashKeyRange range = parent.range;
    HashKeyRange left = new HashKeyRange(range.start(), hashKey.subtract(BigInteger.ONE));
    replace(List.of(parent), List.of(left, new HashKeyRange(hashKey, range.end())), now);
  }

  void merge(Shard parent, Shard adjacentParent, long now) {
    HashKeyRange joined = new HashKeyRange(
        parent.range.start().min(adjacentParent.range.start()),
        parent.range.end().max(adjacentParent.range.end()));
    replace(List.of(parent, adjacentParent), List.of(joined), now);
  }

  /** Splits at every boundary of the equal parts that is none yet, then merges within each part. */
  void reshardEvenly(int parts, long now) {
    for (int part = 1; part < parts; part++) {
      BigInteger boundary = HashKeyRange.boundary(part, parts);
      Shard shard = shardFor(boundary);
      if (!shard.range.start().equals(boundary)) {
        split(shard, boundary, now);
      }
    }
    for (int part = 0; part < parts; part++) {
      BigInteger start = HashKeyRange.boundary(part, parts);
      BigInteger end = HashKeyRange.part(part, parts).end();
      for (Shard first = shardFor(start); !first.range.end().equals(end); first = shardFor(start)) {
        merge(first, shardFor(first.range.end().add(BigInteger.ONE)), now);
      }
    }
  }

  private void replace(List<Shard> parents, List<HashKeyRange> ranges, long now) {
    parents.forEach(parent -> open.remove(parent.range.start()));
    long closingTick = nextTick(now);
    List<Shard> children =
        ranges.stream().map(range -> open(range, parents, nextTick(now), now)).toList();
    parents.forEach(parent -> parent.close(closingTick, now, children));
  }

  private Shard open(HashKeyRange range, List<Shard> parents, long tick, long now) {
    Shard shard = new Shard(nextShardIndex++, range, parents, tick, now);
    shards.put(shard.index, shard);
    open.put(range.start(), shard);
    return shard;
  }

  /**
   * Puts a record back that was taken before the process began.
   *
   * @return how many bytes it takes; 0 when its shard is gone
   */
  long restore(JournaledRecord record) {
    lastTick = Math.max(lastTick, record.tick());
    Shard shard = shards.get(record.shardIndex());
    if (shard == null) {
      return 0;
    }
    StreamRecord restored = new StreamRecord(
        record.tick(),
        record.arrivalMillis(),
        sequenceNumber(shard, record.tick()),
        record.partitionKey(),
        record.data(),
        record.keyArn());
    shard.log.append(restored);
    return restored.storedBytes();
  }

  int shardsEver() {
    return nextShardIndex;
  }

  /** Children before parents, so that a long lineage is no deep recursion. */
  private void writeObject(ObjectOutputStream out) throws IOException {
    out.writeInt(shards.size());
    for (Shard shard : shards.descendingMap().values()) {
      out.writeObject(shard);
    }
    out.defaultWriteObject();
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      Shard shard = (Shard) in.readObject();
      Long endTick = shard.endTick();
      lastTick = Math.max(lastTick, endTick == null ? shard.startTick : endTick);
    }
    in.defaultReadObject();
  }

  private long nextTick(long now) {
    lastTick = Math.max(lastTick + 1, tickAt(now));
    return lastTick;
  }
}
