package org.openkcl.local.model;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A shard and its records. Knows its children and, by id only, its parents. */
final class Shard implements Serializable {
  private static final String PREFIX = "shardId-";

  final int index;
  final String id;
  final HashKeyRange range;
  final @Nullable String parentId;
  final @Nullable String adjacentParentId;
  final long startTick;
  final long openedMillis;
  final RecordLog log = new RecordLog();

  private transient @Nullable ShardTraffic traffic;

  private final List<Shard> children = new ArrayList<>(2);
  private transient List<Subscription> subscribers = new ArrayList<>(0);
  private @Nullable Closing closing;

  /** When and where a shard ended. */
  private record Closing(long tick, long millis) implements Serializable {}

  Shard(int index, HashKeyRange range, List<Shard> parents, long startTick, long openedMillis) {
    this.index = index;
    this.id = id(index);
    this.range = range;
    this.parentId = parents.isEmpty() ? null : parents.get(0).id;
    this.adjacentParentId = parents.size() < 2 ? null : parents.get(1).id;
    this.startTick = startTick;
    this.openedMillis = openedMillis;
  }

  /** Subscriptions end with the process. */
  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    subscribers = new ArrayList<>(0);
  }

  static String id(int index) {
    return String.format(Locale.ROOT, PREFIX + "%012d", index);
  }

  /** The index in a shard's id; -1 when the text is no shard id. */
  static int index(String shardId) {
    if (!shardId.startsWith(PREFIX) || shardId.length() != PREFIX.length() + 12) {
      return -1;
    }
    long index = 0;
    for (int i = PREFIX.length(); i < shardId.length(); i++) {
      char digit = shardId.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      index = index * 10 + digit - '0';
    }
    return index > Integer.MAX_VALUE ? -1 : (int) index;
  }

  boolean isOpen() {
    return closing == null;
  }

  void close(long tick, long millis, List<Shard> successors) {
    closing = new Closing(tick, millis);
    children.addAll(successors);
    wakeSubscribers();
  }

  void join(Subscription subscription) {
    subscribers.add(subscription);
  }

  void leave(Subscription subscription) {
    subscribers.remove(subscription);
  }

  /** Tells those that wait for records, or for the end. */
  void wakeSubscribers() {
    for (int i = 0; i < subscribers.size(); i++) {
      subscribers.get(i).onRecords();
    }
  }

  /** The tick at which the shard ended; null while it is open. */
  @Nullable
  Long endTick() {
    return closing == null ? null : closing.tick();
  }

  /** Whether it existed at that time; a stream's first shards always did. */
  boolean wasThereAt(long millis) {
    return parentId == null || openedMillis <= millis;
  }

  boolean wasClosedAt(long millis) {
    return closing != null && closing.millis() <= millis;
  }

  /** What it took and gave of late. */
  ShardTraffic traffic(ServiceLimits limits) {
    if (traffic == null) {
      traffic = new ShardTraffic(limits);
    }
    return traffic;
  }

  boolean closedBefore(long millis) {
    return closing != null && closing.millis() < millis;
  }

  boolean wasOpenAt(long millis) {
    return openedMillis <= millis && !closedBefore(millis);
  }

  List<ChildShard> childShards() {
    return children.stream().map(Shard::asChild).toList();
  }

  private ChildShard asChild() {
    List<String> parents = new ArrayList<>(2);
    if (parentId != null) {
      parents.add(parentId);
    }
    if (adjacentParentId != null) {
      parents.add(adjacentParentId);
    }
    return new ChildShard(id, parents, range);
  }
}
