package org.openkcl.local.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts records into shards and reads them again (API reference: PutRecords, GetRecords). */
final class StreamRecords implements Serializable {
  private final PresentStreams streams;
  private final Access access;
  private final StreamEncryption encryption;
  private final Throttle throttle;
  private final StoredBytes stored;
  private final HashKeys hashKeys = new HashKeys();
  private transient @Nullable StreamJournal journal;

  StreamRecords(
      PresentStreams streams,
      Access access,
      StreamEncryption encryption,
      Throttle throttle,
      StoredBytes stored) {
    this.streams = streams;
    this.access = access;
    this.encryption = encryption;
    this.throttle = throttle;
    this.stored = stored;
  }

  void journalTo(StreamJournal newJournal) {
    journal = newJournal;
  }

  List<PutOutcome> putEach(String streamName, List<PutEntry> entries) {
    PutRules.checkCount(entries);
    Stream stream = streams.accessible(streamName);
    PutRules.check(entries, stream.control.recordBytesMax);
    List<Shard> shards = new ArrayList<>(entries.size());
    for (PutEntry entry : entries) {
      shards.add(stream.shardFor(hashKeys.of(entry)));
    }
    String keyArn = encryption.keyForWriting(stream);
    makeRoomFor(entries);
    StreamModes.observe(stream, entries);
    long now = streams.nowMillis();
    Call call = access.current();
    List<PutOutcome> outcomes = new ArrayList<>(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      PutEntry entry = entries.get(i);
      PutRefusal refusal = throttle.refusal(call, stream, shards.get(i), entry, now);
      if (refusal == null) {
        outcomes.add(stream.append(shards.get(i), entry, keyArn, now));
        journal(stream, shards.get(i));
        stored.add(StreamRecord.storedBytes(entry.partitionKey(), entry.data()));
      } else {
        outcomes.add(refusal);
      }
    }
    return outcomes;
  }

  private void makeRoomFor(List<PutEntry> entries) {
    long bytes = 0;
    for (PutEntry entry : entries) {
      bytes += StreamRecord.storedBytes(entry.partitionKey(), entry.data());
    }
    long most = streams.settings().storedBytesMax();
    if (stored.count() + bytes > most) {
      streams.all().forEach(streams::trim);
    }
    if (stored.count() + bytes > most) {
      throw StreamException.limitExceeded("kcl-local holds "
          + stored.count()
          + " bytes of records and takes no more than storedBytesMax="
          + most
          + ". Raise storedBytesMax, or delete a stream.");
    }
  }

  private void journal(Stream stream, Shard shard) {
    if (journal != null) {
      journal.appended(shard.log.get(shard.log.size() - 1).journaled(stream, shard));
    }
  }

  void checkOrdering(String streamName, String sequenceNumber) {
    PutRules.checkOrdering(streams.accessible(streamName), sequenceNumber);
  }

  String shardIterator(String streamName, String shardId, IteratorPosition position) {
    Stream stream = streams.accessible(streamName);
    long now = streams.nowMillis();
    Shard shard = streams.requireShard(stream, shardId, now);
    throttle.countIterator(stream, shard, now);
    return ShardReader.iterator(stream, shard, position, now);
  }

  ReadResult read(String iterator, int limit) {
    if (limit < 1 || limit > LocalStreams.READ_RECORDS_MAX) {
      throw StreamException.validation(limit, "limit", "have value between 1 and 10000");
    }
    Token token = Token.parse(Token.Kind.ITERATOR, iterator);
    if (token == null) {
      throw StreamException.invalidArgument("Invalid ShardIterator.");
    }
    Stream stream = streams.incarnation(token);
    long now = streams.nowMillis();
    if (token.isExpired(now)) {
      throw ShardReader.expired(token.issuedMillis(), now);
    }
    Shard shard = streams.trimmed(stream, stream.find(token.shardIndex()), now);
    if (shard == null) {
      throw ReshardRules.noShard(stream, Shard.id(token.shardIndex()));
    }
    throttle.countRead(stream, shard, now);
    ReadResult result = ShardReader.read(stream, shard, token.position(), limit, now);
    throttle.countRead(shard, result, now);
    encryption.checkReadable(stream, result.records());
    return result;
  }

  void restore(JournaledRecord record) {
    Stream stream = streams.find(record.streamName());
    if (stream != null && stream.incarnation == record.incarnation()) {
      stored.add(stream.restore(record));
      streams.seen(record.arrivalMillis());
    }
  }

  boolean retains(String streamName, long incarnation, long arrivalMillis) {
    Stream stream = streams.find(streamName); // a new retention period may have become due
    return stream != null
        && stream.incarnation == incarnation
        && arrivalMillis >= stream.horizonMillis(streams.nowMillis());
  }
}
