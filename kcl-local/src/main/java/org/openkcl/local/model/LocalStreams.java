package org.openkcl.local.model;

import java.io.Serializable;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one account in one region, in memory, as the Kinesis Data Streams API reference
 * defines them.
 *
 * <p>Operations take effect at once, unless the settings have {@linkplain ServiceDelays delays}: a
 * created stream is {@code ACTIVE}, a split has happened.
 * Records are kept for 24 hours by the injected clock. Time here never goes back: while the clock
 * shows an earlier time than before, the latest time seen counts.
 *
 * <p>Every operation may throw {@link StreamException} with the error the API reference lists; it
 * has then changed nothing. Not thread-safe: confine it to a thread or guard it with one lock.
 */
public final class LocalStreams implements Serializable {
  /** How long shard iterators and listing tokens are good for. */
  public static final Duration TOKEN_LIFE = Duration.ofMinutes(5);

  /** Records a read returns at most. */
  public static final int READ_RECORDS_MAX = 10_000;

  /** Bytes of data a read returns at most: 10 MiB. */
  public static final long READ_BYTES_MAX = 10L * 1024 * 1024;

  private final InstantSource clock;
  private final LocalStreamsSettings settings;
  private final HashKeys hashKeys = new HashKeys();
  private final TreeMap<String, Stream> streams = new TreeMap<>();
  private final ControlPlane control = new ControlPlane(this);
  private final StreamConsumers consumers = new StreamConsumers(this);
  private final Throttle throttle;
  private long lastIncarnation;
  private transient long latestMillis;
  private transient long storedBytes;
  private transient @Nullable StreamJournal journal;

  /** Streams with {@linkplain LocalStreamsSettings#defaults() default settings}. */
  public LocalStreams(InstantSource clock) {
    this(clock, LocalStreamsSettings.defaults());
  }

  public LocalStreams(InstantSource clock, LocalStreamsSettings settings) {
    this(clock, settings, RecordGate.OPEN);
  }

  /**
   * Streams whose shards ask somebody else as well before they take a record.
   *
   * @param gate asked about records of requests, not about those that are put directly
   */
  public LocalStreams(InstantSource clock, LocalStreamsSettings settings, RecordGate gate) {
    this.clock = clock;
    this.settings = settings;
    this.throttle = new Throttle(settings.limits(), gate);
  }

  /** The time as the streams see it, to the millisecond. */
  public Instant now() {
    return Instant.ofEpochMilli(nowMillis());
  }

  /** Retention, encryption, modes, tags, policies, and the account's settings. */
  public ControlPlane control() {
    return control;
  }

  /**
   * Creates a stream in provisioned mode whose shards share the hash keys equally.
   *
   * @param name 1 to 128 characters out of {@code a-z A-Z 0-9 _ . -}
   * @param shardCount at least 1
   */
  public void createStream(String name, int shardCount) {
    createStream(NewStream.provisioned(name, shardCount));
  }

  /** Creates a stream whose shards share the hash keys equally. */
  public void createStream(NewStream wanted) {
    String name = StreamNames.check(wanted.name());
    int shardCount = wanted.initialShards();
    Integer recordKiB = wanted.maxRecordSizeKiB();
    if (recordKiB != null) {
      PutRules.checkRecordSize(recordKiB);
    }
    control.modes().checkWarmThroughput(wanted.mode(), wanted.warmThroughputMiBps());
    if (find(name) != null) {
      throw StreamException.inUse(StreamNames.inAccount(name) + " already exists.");
    }
    if (wanted.mode() == StreamMode.ON_DEMAND) {
      control.modes().requireRoomForOnDemand();
    }
    requireRoomForShards(wanted.shardsWithWarmThroughput());
    Stream stream = new Stream(
        name, lastIncarnation + 1, nowMillis(), wanted.mode(), shardCount, settings.delays());
    if (!wanted.tags().isEmpty()) {
      stream.control.resource.tags.add(wanted.tags());
    }
    if (recordKiB != null) {
      stream.control.recordBytesMax = recordKiB * 1024;
    }
    StreamModes.warmUp(stream, wanted.warmThroughputMiBps(), nowMillis());
    streams.put(name, stream);
    lastIncarnation++;
  }

  /** Enhanced fan-out: the streams' consumers and their subscriptions. */
  public StreamConsumers consumers() {
    return consumers;
  }

  /**
   * Deletes a stream that has no consumers, and its records. Its iterators are refused once it is
   * gone.
   */
  public void deleteStream(String name) {
    consumers.requireNone(name);
    deleteStreamAndConsumers(name);
  }

  /** Deletes a stream, its records and its consumers; their subscriptions end once it is gone. */
  public void deleteStreamAndConsumers(String name) {
    Stream stream = stream(name);
    if (!stream.life.isDeleting()) {
      stream.life.delete(nowMillis() + settings.delays().delete().toMillis());
    }
    removeIfGone(stream);
  }

  public StreamDescription describe(String name) {
    return stream(name).description(nowMillis());
  }

  /** All streams by name. */
  public List<StreamDescription> listStreams() {
    long now = nowMillis();
    return all().stream().map(stream -> stream.description(now)).toList();
  }

  /**
   * Counts a call of an operation against its rate (see {@link ServiceLimits#callRates()}).
   *
   * @param streamName what the call is about; null for the account as a whole
   */
  public void countCall(Call call, @Nullable String streamName) {
    throttle.countCall(call, streamName == null ? null : streams.get(streamName), nowMillis());
  }

  /** The first page of a listing of shards. */
  public ShardPage listShards(ListShardsQuery query) {
    return ShardListing.firstPage(listable(query.streamName()), query, listingMoment());
  }

  /**
   * The next page of a listing.
   *
   * @param nextToken from the page before, not older than {@link #TOKEN_LIFE}
   */
  public ShardPage listShards(String nextToken, int maxResults) {
    Token token = Token.parse(Token.Kind.LISTING, nextToken);
    if (token == null) {
      throw StreamException.invalidArgument("Invalid NextToken.");
    }
    if (token.isExpired(nowMillis())) {
      throw ShardListing.expired(token);
    }
    Stream stream = listable(incarnation(token).name);
    return ShardListing.nextPage(stream, token, maxResults, listingMoment());
  }

  /**
   * Puts one record.
   *
   * @see PutEntry
   */
  public PutResult put(
      String streamName, String partitionKey, @Nullable String explicitHashKey, byte[] data) {
    return putAll(streamName, List.of(new PutEntry(partitionKey, explicitHashKey, data)))
        .get(0);
  }

  /**
   * Puts 1 to 500 records in this order; on an error that concerns all, none. With limits, the error
   * may also be the refusal of a single record, while others were stored; see {@link #putEach}.
   *
   * @return one result per record, in the same order
   */
  public List<PutResult> putAll(String streamName, List<PutEntry> entries) {
    return putEach(streamName, entries).stream()
        .map(outcome -> outcome.<PutResult>match(stored -> stored, refused -> {
          throw refused.asException();
        }))
        .toList();
  }

  /**
   * Puts 1 to 500 records in this order, those that their shards take; on an error, none.
   *
   * @return one outcome per record, in the same order
   */
  public List<PutOutcome> putEach(String streamName, List<PutEntry> entries) {
    PutRules.checkCount(entries);
    Stream stream = accessible(streamName);
    PutRules.check(entries, stream.control.recordBytesMax);
    List<Shard> shards = new ArrayList<>(entries.size());
    for (PutEntry entry : entries) {
      shards.add(stream.shardFor(hashKeys.of(entry)));
    }
    String keyArn = control.encryption().keyForWriting(stream);
    makeRoomFor(entries);
    control.modes().observe(stream, entries);
    long now = nowMillis();
    Call call = control.access().current();
    List<PutOutcome> outcomes = new ArrayList<>(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      PutEntry entry = entries.get(i);
      PutRefusal refusal = throttle.refusal(call, stream, shards.get(i), entry, now);
      if (refusal == null) {
        outcomes.add(stream.append(shards.get(i), entry, keyArn, now));
        journal(stream, shards.get(i));
        storedBytes += StreamRecord.storedBytes(entry.partitionKey(), entry.data());
      } else {
        outcomes.add(refusal);
      }
    }
    return outcomes;
  }

  /**
   * Checks the sequence number that a record is to come after (API reference: PutRecord,
   * SequenceNumberForOrdering). As numbers here always increase, any that this stream has given out
   * will do.
   */
  public void checkOrdering(String streamName, String sequenceNumber) {
    PutRules.checkOrdering(accessible(streamName), sequenceNumber);
  }

  /**
   * A place to read from, as a string that says all; it takes no memory here.
   *
   * @return an iterator good for {@link #TOKEN_LIFE}
   */
  public String shardIterator(String streamName, String shardId, IteratorPosition position) {
    Stream stream = accessible(streamName);
    long now = nowMillis();
    Shard shard = requireShard(stream, shardId, now);
    throttle.countIterator(stream, shard, now);
    return ShardReader.iterator(stream, shard, position, now);
  }

  /**
   * Reads on from an iterator.
   *
   * @param limit how many records at most, 1 to 10,000; at most 10 MiB of data are returned
   */
  public ReadResult read(String iterator, int limit) {
    if (limit < 1 || limit > READ_RECORDS_MAX) {
      throw StreamException.validation(limit, "limit", "have value between 1 and 10000");
    }
    Token token = Token.parse(Token.Kind.ITERATOR, iterator);
    if (token == null) {
      throw StreamException.invalidArgument("Invalid ShardIterator.");
    }
    Stream stream = incarnation(token);
    long now = nowMillis();
    if (token.isExpired(now)) {
      throw ShardReader.expired(token.issuedMillis(), now);
    }
    Shard shard = stored(stream, stream.find(token.shardIndex()), now);
    if (shard == null) {
      throw ReshardRules.noShard(stream, Shard.id(token.shardIndex()));
    }
    throttle.countRead(stream, shard, now);
    ReadResult result = ShardReader.read(stream, shard, token.position(), limit, now);
    throttle.countRead(shard, result, now);
    control.encryption().checkReadable(stream, result.records());
    return result;
  }

  /**
   * Splits an open shard in two.
   *
   * @param newStartingHashKey where the second child starts; inside the shard's hash keys
   */
  public void split(String streamName, String shardId, BigInteger newStartingHashKey) {
    Stream stream = changeable(streamName);
    OnDemandRules.requireProvisioned(stream, "SplitShard");
    Shard shard = ReshardRules.openShard(stream, shardId);
    ReshardRules.checkSplit(stream, shard, newStartingHashKey);
    requireRoomForShards(1);
    reshard(stream, at -> stream.split(shard, newStartingHashKey, at));
  }

  /** Merges two open shards whose hash keys adjoin, in either order. */
  public void merge(String streamName, String shardId, String adjacentShardId) {
    Stream stream = changeable(streamName);
    OnDemandRules.requireProvisioned(stream, "MergeShards");
    Shard shard = ReshardRules.openShard(stream, shardId);
    Shard adjacent = ReshardRules.openShard(stream, adjacentShardId);
    ReshardRules.checkMerge(stream, shard, adjacent);
    reshard(stream, at -> stream.merge(shard, adjacent, at));
  }

  /**
   * Splits and merges until so many equal shards are open ({@code UNIFORM_SCALING}).
   *
   * @param target at least half and at most double the open shards there are
   */
  public void updateShardCount(String streamName, int target) {
    Stream stream = changeable(streamName);
    OnDemandRules.requireProvisioned(stream, "UpdateShardCount");
    int current = stream.openShardCount();
    ReshardRules.checkTarget(current, target);
    requireRoomForShards(target - current);
    RollingCount updates = stream.control.shardCountUpdates;
    ReshardRules.checkUpdates(stream, limitsRates() && updates.hasReached(10, nowMillis()));
    updates.add(nowMillis());
    reshard(stream, at -> stream.reshardEvenly(target, at));
  }

  private void reshard(Stream stream, StreamLife.Effect effect) {
    change(stream, settings.delays().reshard(), effect);
  }

  /** Lets something happen to a stream after a delay; at once when there is none. */
  void change(Stream stream, Duration delay, StreamLife.Effect effect) {
    long now = nowMillis();
    stream.life.change(now + delay.toMillis(), effect);
    stream.life.catchUp(now);
  }

  /** What the account has and may have. */
  public AccountLimits limits() {
    return new AccountLimits(
        settings.shardsMax(),
        openShardCount(),
        control.modes().onDemandStreams(),
        OnDemandRules.STREAMS_MAX);
  }

  /** The streams there are at this moment, each as it is. */
  Collection<Stream> all() {
    if (!settings.delays().equals(ServiceDelays.none())) {
      List.copyOf(streams.keySet()).forEach(this::find);
    }
    return streams.values();
  }

  /** A stream that can be changed now. */
  Stream changeable(String name) {
    Stream stream = stream(name);
    String status = stream.life.status(nowMillis());
    if (!status.equals("ACTIVE")) {
      throw StreamNames.inUse(name, status);
    }
    return stream;
  }

  /** A stream that takes and gives records; one that is being created does not. */
  private Stream accessible(String name) {
    Stream stream = stream(name);
    if (stream.life.isCreating(nowMillis())) {
      throw StreamNames.notFound(name);
    }
    return stream;
  }

  Stream stream(String name) {
    Stream stream = find(StreamNames.check(name));
    if (stream == null) {
      throw StreamNames.notFound(name);
    }
    return entered(stream);
  }

  /** The stream as it is at this moment; null when there is none, or none any more. */
  private @Nullable Stream find(String name) {
    Stream stream = streams.get(name);
    if (stream == null || removeIfGone(stream)) {
      return null;
    }
    stream.life.catchUp(nowMillis());
    return stream;
  }

  /** Lets happen to a stream what is due. */
  void catchUp(Stream stream) {
    if (!removeIfGone(stream)) {
      stream.life.catchUp(nowMillis());
      control.modes().catchUp(stream);
    }
  }

  private boolean removeIfGone(Stream stream) {
    boolean gone = stream.life.isGone(nowMillis());
    if (gone) {
      storedBytes -= stream.storedBytes();
      streams.remove(stream.name);
      consumers.leave(stream);
    }
    return gone;
  }

  /** The stream, if the caller may see it. */
  private Stream entered(Stream stream) {
    control.access().check(stream.control.resource);
    control.modes().catchUp(stream);
    return stream;
  }

  /** A stream without what has expired, whose shards can be listed: also while they change. */
  private Stream listable(String name) {
    Stream stream = stream(name);
    if (stream.life.isCreating(nowMillis())) {
      throw StreamNames.inUse(name, "CREATING");
    }
    return trim(stream);
  }

  private ShardListing.Moment listingMoment() {
    long now = nowMillis();
    return new ShardListing.Moment(now, now - settings.delays().listing().toMillis());
  }

  /** From now on tells a journal of each record. */
  public void journalTo(StreamJournal newJournal) {
    journal = newJournal;
  }

  private void journal(Stream stream, Shard shard) {
    if (journal != null) {
      journal.appended(shard.log.get(shard.log.size() - 1).journaled(stream, shard));
    }
  }

  /** Puts a record back that was journaled, unless its stream or its shard is gone. */
  public void restore(JournaledRecord record) {
    Stream stream = streams.get(record.streamName());
    if (stream != null && stream.incarnation == record.incarnation()) {
      storedBytes += stream.restore(record);
      latestMillis = Math.max(latestMillis, record.arrivalMillis());
    }
  }

  /** Whether a record that arrived then in this incarnation of a stream may still be read. */
  public boolean retains(String streamName, long incarnation, long arrivalMillis) {
    Stream stream = find(streamName); // a new retention period may have become due
    return stream != null
        && stream.incarnation == incarnation
        && arrivalMillis >= stream.horizonMillis(nowMillis());
  }

  /** How many shards have ever been opened in the streams there are; changes with every reshard. */
  public long shardsEver() {
    return streams.values().stream().mapToLong(Stream::shardsEver).sum();
  }

  Stream trim(Stream stream) {
    storedBytes -= stream.trim(nowMillis());
    return stream;
  }

  Stream incarnation(Token token) {
    Stream stream = find(token.streamName());
    if (stream == null
        || stream.incarnation != token.incarnation()
        || stream.createdMillis != token.createdMillis()) {
      throw StreamNames.notFound(token.streamName());
    }
    return entered(stream);
  }

  Shard requireShard(Stream stream, String shardId, long now) {
    Shard shard = stored(stream, stream.find(shardId), now);
    if (shard == null) {
      throw ReshardRules.noShard(stream, shardId);
    }
    return shard;
  }

  /** The shard without its expired records; null when all of it has expired. */
  private @Nullable Shard stored(Stream stream, @Nullable Shard shard, long now) {
    if (shard == null || shard.closedBefore(stream.horizonMillis(now))) {
      return null;
    }
    trim(stream, shard, now);
    return shard;
  }

  /** Forgets a shard's expired records. */
  void trim(Stream stream, Shard shard, long now) {
    storedBytes -= shard.log.trimBefore(stream.horizonMillis(now));
  }

  private void makeRoomFor(List<PutEntry> entries) {
    long bytes = 0;
    for (PutEntry entry : entries) {
      bytes += StreamRecord.storedBytes(entry.partitionKey(), entry.data());
    }
    if (storedBytes + bytes > settings.storedBytesMax()) {
      streams.values().forEach(this::trim);
    }
    if (storedBytes + bytes > settings.storedBytesMax()) {
      throw StreamException.limitExceeded("kcl-local holds "
          + storedBytes
          + " bytes of records and takes no more than storedBytesMax="
          + settings.storedBytesMax()
          + ". Raise storedBytesMax, or delete a stream.");
    }
  }

  boolean hasRoomForShards(int more) {
    return more <= settings.shardsMax() - openShardCount();
  }

  void requireRoomForShards(int more) {
    if (!hasRoomForShards(more)) {
      throw StreamException.limitExceeded(
          "This request would exceed the shard limit for the account "
              + StreamNames.ACCOUNT
              + " in us-east-1. Current shard count for the account: "
              + openShardCount()
              + ". Limit (shardsMax): "
              + settings.shardsMax()
              + ". Number of additional shards that would have resulted from this request: "
              + more
              + ".");
    }
  }

  private int openShardCount() {
    return all().stream().mapToInt(Stream::openShardCount).sum();
  }

  /** Whether operations that are allowed only so often a day are refused beyond that. */
  boolean limitsRates() {
    return settings.limits().callRates();
  }

  LocalStreamsSettings settings() {
    return settings;
  }

  long nowMillis() {
    latestMillis = Math.max(latestMillis, clock.millis());
    return latestMillis;
  }
}
