package org.openkcl.local.model;

import java.time.Instant;
import java.util.List;

/** Iterators and reads of one shard (API reference: GetShardIterator, GetRecords). */
final class ShardReader {
  private ShardReader() {}

  static String iterator(Stream stream, Shard shard, IteratorPosition position, long now) {
    return iterator(stream, shard, tick("GetShardIterator", stream, shard, position, now), now);
  }

  static ReadResult read(Stream stream, Shard shard, long tick, int limit, long now) {
    RecordLog log = shard.log;
    int from = log.firstAtTick(tick);
    List<StreamRecord> records = log.slice(from, limit, LocalStreams.READ_BYTES_MAX);
    boolean atEnd = from + records.size() == log.size();
    if (atEnd && !shard.isOpen()) {
      return new ReadResult(records, null, 0, shard.childShards());
    }
    if (records.isEmpty()) {
      return new ReadResult(records, iterator(stream, shard, tick, now), 0, List.of());
    }
    StreamRecord last = records.get(records.size() - 1);
    long behind = atEnd ? 0 : Math.max(1, now - last.arrivalMillis());
    String next = iterator(stream, shard, last.tick() + 1, now);
    return new ReadResult(records, next, behind, List.of());
  }

  private static String iterator(Stream stream, Shard shard, long tick, long now) {
    return new Token(
            Token.Kind.ITERATOR,
            stream.createdMillis,
            stream.incarnation,
            shard.index,
            tick,
            now,
            stream.name,
            "")
        .text();
  }

  /** The first tick to read; the operation is named in errors. */
  static long tick(
      String operation, Stream stream, Shard shard, IteratorPosition position, long now) {
    return switch (position.type()) {
      case TRIM_HORIZON -> 0;
      case LATEST -> stream.upcomingTick();
      case AT_TIMESTAMP -> tickAt(stream, shard, position.requiredTimestamp().toEpochMilli(), now);
      case AT_SEQUENCE_NUMBER ->
        tickOf(operation, stream, shard, position.requiredSequenceNumber());
      case AFTER_SEQUENCE_NUMBER ->
        tickOf(operation, stream, shard, position.requiredSequenceNumber()) + 1;
    };
  }

  static StreamException expired(long issuedMillis, long now) {
    return new StreamException(
        "ExpiredIteratorException",
        "Iterator expired. The iterator was created at time "
            + Instant.ofEpochMilli(issuedMillis)
            + " while right now it is "
            + Instant.ofEpochMilli(now)
            + " which is further in the future than the tolerated delay of "
            + LocalStreams.TOKEN_LIFE.toMillis()
            + " milliseconds.");
  }

  private static long tickAt(Stream stream, Shard shard, long millis, long now) {
    if (millis > now) {
      throw StreamException.invalidArgument(
          "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis."
              + " timestampInMillis: "
              + millis
              + ", currentTimestampInMillis: "
              + now);
    }
    RecordLog log = shard.log;
    int index = log.firstArrivedAt(millis);
    return index < log.size() ? log.get(index).tick() : stream.upcomingTick();
  }

  private static long tickOf(String operation, Stream stream, Shard shard, String text) {
    SequenceNumber number = SequenceNumber.parse(text);
    if (number == null
        || number.createdMillis() != stream.createdMillis
        || number.incarnation() != stream.incarnation) {
      throw invalid(operation, stream, shard, text, "stream");
    }
    if (number.shardIndex() != shard.index) {
      throw invalid(operation, stream, shard, text, "shard");
    }
    return number.tick();
  }

  private static StreamException invalid(
      String operation, Stream stream, Shard shard, String text, String origin) {
    return StreamException.invalidArgument("StartingSequenceNumber "
        + text
        + " used in "
        + operation
        + " on shard "
        + shard.id
        + " in stream "
        + stream.name
        + " under account "
        + StreamNames.ACCOUNT
        + " is invalid because it did not come from this "
        + origin
        + ".");
  }
}
