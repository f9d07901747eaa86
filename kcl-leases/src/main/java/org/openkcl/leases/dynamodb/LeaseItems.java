package org.openkcl.leases.dynamodb;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;
import org.openkcl.leases.TableView;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Items of the table as values and values as items. Pure.
 *
 * <p>Reading follows Amazon's library: an item without {@code entityType} is a lease, sub-sequence
 * numbers that are missing are 0, a hash key range needs both ends, and attributes that are not
 * known are ignored. An {@code entityType} that is not known counts as a lease if the item has a
 * counter or a checkpoint.
 */
final class LeaseItems {
  private static final String A_POSITION =
      "decimal digits or one of AT_TIMESTAMP, TRIM_HORIZON, LATEST, SHARD_END,"
          + " with a sub-sequence number of 0 or more";

  private LeaseItems() {}

  /** What the item is. Never fails. */
  static ItemContent read(Map<String, AttributeValue> item) {
    String key = text(item.get(Attributes.LEASE_KEY));
    String type = text(item.get(Attributes.ENTITY_TYPE));
    if (!key.isEmpty() && isLease(item, type)) {
      return readLease(new LeaseKey(key), new ItemReader(item));
    }
    return new ItemContent.OtherItem(key, type, item);
  }

  /** The attributes of a lease, without {@code entityType}. */
  static Map<String, AttributeValue> attributes(Lease lease) {
    Map<String, AttributeValue> item = new HashMap<>();
    put(item, Attributes.LEASE_KEY, lease.key().value());
    Ownership ownership = lease.ownership();
    put(item, Attributes.OWNER, ownership.owner());
    put(item, Attributes.CHECKPOINT_OWNER, ownership.checkpointOwner());
    put(item, Attributes.COUNTER, ownership.counter());
    put(item, Attributes.SWITCHES, ownership.switchesSinceCheckpoint());
    put(item, Attributes.WRITER, ownership.writer());
    putProgress(item, lease.progress());
    putShard(item, lease.shard());
    if (lease.throughputKBps() != null) {
      item.put(
          Attributes.THROUGHPUT, AttributeValue.fromN(Double.toString(lease.throughputKBps())));
    }
    if (lease.lagSeconds() != null) {
      put(item, Attributes.LAG, lease.lagSeconds());
    }
    return item;
  }

  /** The whole item of a lease that is created. */
  static Map<String, AttributeValue> newItem(Lease lease) {
    Map<String, AttributeValue> item = attributes(lease);
    put(item, Attributes.ENTITY_TYPE, Attributes.LEASE);
    return item;
  }

  /** The key of an item, for a request. */
  static Map<String, AttributeValue> key(String key) {
    return Map.of(Attributes.LEASE_KEY, AttributeValue.fromS(key));
  }

  private static boolean isLease(Map<String, AttributeValue> item, String type) {
    return type.isEmpty()
        || type.equals(Attributes.LEASE)
        || (!Attributes.OTHER_ENTITIES.contains(type)
            && (item.containsKey(Attributes.COUNTER) || item.containsKey(Attributes.CHECKPOINT)));
  }

  private static ItemContent readLease(LeaseKey key, ItemReader reader) {
    Ownership ownership = new Ownership(
        reader.text(Attributes.OWNER),
        reader.text(Attributes.CHECKPOINT_OWNER),
        reader.wholeNumber(Attributes.COUNTER),
        reader.wholeNumber(Attributes.SWITCHES),
        reader.text(Attributes.WRITER));
    if (!reader.has(Attributes.CHECKPOINT)) {
      reader.problem(Attributes.CHECKPOINT, A_POSITION);
    }
    Checkpoint checkpoint =
        readCheckpoint(reader, Attributes.CHECKPOINT, Attributes.CHECKPOINT_SUB);
    Progress.Pending pending = readPending(reader);
    ShardFacts shard = readShard(reader);
    Double throughput = reader.number(Attributes.THROUGHPUT);
    Long lag = reader.has(Attributes.LAG) ? reader.wholeNumber(Attributes.LAG) : null;
    if (!reader.problems().isEmpty()) {
      return new ItemContent.MalformedItem(
          new TableView.Malformed(key, String.join("; ", reader.problems())));
    }
    Progress progress = new Progress(requireNonNull(checkpoint), pending);
    return new ItemContent.LeaseItem(new Lease(key, ownership, progress, shard, throughput, lag));
  }

  private static @Nullable Checkpoint readCheckpoint(ItemReader reader, String name, String sub) {
    String position = reader.text(name);
    if (position == null) {
      return null;
    }
    long subSequenceNumber = reader.wholeNumber(sub, 0);
    return reader.checked(name, A_POSITION, () -> new Checkpoint(position, subSequenceNumber));
  }

  private static Progress.@Nullable Pending readPending(ItemReader reader) {
    Checkpoint pending = readCheckpoint(reader, Attributes.PENDING, Attributes.PENDING_SUB);
    return pending == null
        ? null
        : new Progress.Pending(pending, reader.bytes(Attributes.PENDING_STATE));
  }

  private static ShardFacts readShard(ItemReader reader) {
    return new ShardFacts(
        reader.texts(Attributes.PARENTS),
        reader.texts(Attributes.CHILDREN),
        readRange(reader),
        reader.instant(Attributes.START_AT, Instant::ofEpochMilli),
        readStreamShard(reader),
        reader.instant(Attributes.STREAM_CREATED, Instant::ofEpochSecond));
  }

  private static @Nullable HashKeyRange readRange(ItemReader reader) {
    String starting = reader.text(Attributes.STARTING_HASH_KEY);
    String ending = reader.text(Attributes.ENDING_HASH_KEY);
    if (starting == null || ending == null) {
      return null;
    }
    return reader.checked(
        Attributes.STARTING_HASH_KEY,
        "decimal digits, 0 or more and less than endingHashKey (here '"
            + ending
            + "'), which is at most 2^128 - 1",
        () -> HashKeyRange.of(starting, ending));
  }

  private static ShardFacts.@Nullable StreamShard readStreamShard(ItemReader reader) {
    String stream = reader.text(Attributes.STREAM_NAME);
    String shardId = reader.text(Attributes.SHARD_ID);
    if (stream != null && shardId != null) {
      return new ShardFacts.StreamShard(stream, shardId);
    }
    if (stream != null) {
      reader.problem(Attributes.SHARD_ID, "the bare shard id, since streamName is there (type S)");
    } else if (shardId != null) {
      reader.problem(
          Attributes.STREAM_NAME, "account:stream:creationEpoch, since shardId is there (type S)");
    }
    return null;
  }

  private static void putProgress(Map<String, AttributeValue> item, Progress progress) {
    put(item, Attributes.CHECKPOINT, progress.checkpoint().sequenceNumber());
    put(item, Attributes.CHECKPOINT_SUB, progress.checkpoint().subSequenceNumber());
    Progress.Pending pending = progress.pending();
    if (pending == null) {
      return;
    }
    put(item, Attributes.PENDING, pending.checkpoint().sequenceNumber());
    put(item, Attributes.PENDING_SUB, pending.checkpoint().subSequenceNumber());
    if (pending.applicationState() != null) {
      SdkBytes state = SdkBytes.fromByteBuffer(pending.applicationState());
      item.put(Attributes.PENDING_STATE, AttributeValue.fromB(state));
    }
  }

  private static void putShard(Map<String, AttributeValue> item, ShardFacts shard) {
    put(item, Attributes.PARENTS, shard.parentShardIds());
    put(item, Attributes.CHILDREN, shard.childShardIds());
    HashKeyRange range = shard.hashKeyRange();
    if (range != null) {
      put(item, Attributes.STARTING_HASH_KEY, range.starting().toString());
      put(item, Attributes.ENDING_HASH_KEY, range.ending().toString());
    }
    if (shard.startAt() != null) {
      put(item, Attributes.START_AT, shard.startAt().toEpochMilli());
    }
    if (shard.streamCreatedAt() != null) {
      put(item, Attributes.STREAM_CREATED, shard.streamCreatedAt().getEpochSecond());
    }
    ShardFacts.StreamShard streamShard = shard.streamShard();
    if (streamShard != null) {
      put(item, Attributes.STREAM_NAME, streamShard.streamIdentifier());
      put(item, Attributes.SHARD_ID, streamShard.shardId());
    }
  }

  private static void put(Map<String, AttributeValue> item, String name, @Nullable String value) {
    if (value != null) {
      item.put(name, AttributeValue.fromS(value));
    }
  }

  private static void put(Map<String, AttributeValue> item, String name, long value) {
    item.put(name, AttributeValue.fromN(Long.toString(value)));
  }

  private static void put(Map<String, AttributeValue> item, String name, Set<String> values) {
    if (!values.isEmpty()) {
      item.put(name, AttributeValue.builder().ss(values).build());
    }
  }

  private static String text(@Nullable AttributeValue value) {
    return value == null || value.s() == null ? "" : value.s();
  }
}
