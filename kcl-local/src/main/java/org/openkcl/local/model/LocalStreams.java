package org.openkcl.local.model;

import java.io.Serializable;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
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

  private final PresentStreams present;
  private final StreamRecords records;
  private final Resharding resharding;
  private final StreamConsumers consumers;
  private final ControlPlane control;
  private final Throttle throttle;

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
    Access access = new Access();
    StoredBytes stored = new StoredBytes();
    Subscriptions subscriptions = new Subscriptions();
    KeyRegistry keys = new KeyRegistry();
    throttle = new Throttle(settings.limits(), gate);
    present = new PresentStreams(clock, settings, access, subscriptions, stored);
    StreamEncryption encryption = new StreamEncryption(present, keys, access);
    records = new StreamRecords(present, access, encryption, throttle, stored);
    resharding = new Resharding(present);
    consumers = new StreamConsumers(present, access, encryption, subscriptions);
    control = new ControlPlane(present, access, keys, encryption, consumers);
  }

  /** The time as the streams see it, to the millisecond. */
  public Instant now() {
    return present.now();
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
    if (present.find(name) != null) {
      throw StreamException.inUse(StreamNames.inAccount(name) + " already exists.");
    }
    if (wanted.mode() == StreamMode.ON_DEMAND) {
      control.modes().requireRoomForOnDemand();
    }
    present.requireRoomForShards(wanted.shardsWithWarmThroughput());
    long now = present.nowMillis();
    Stream stream = new Stream(
        name, present.nextIncarnation(), now, wanted.mode(), shardCount, present.delays());
    if (!wanted.tags().isEmpty()) {
      stream.control.resource.tags.add(wanted.tags());
    }
    if (recordKiB != null) {
      stream.control.recordBytesMax = recordKiB * 1024;
    }
    StreamModes.warmUp(stream, wanted.warmThroughputMiBps(), now);
    present.add(stream);
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
    present.delete(present.stream(name));
  }

  public StreamDescription describe(String name) {
    return present.stream(name).description(present.nowMillis());
  }

  /** All streams by name. */
  public List<StreamDescription> listStreams() {
    long now = present.nowMillis();
    return present.all().stream().map(stream -> stream.description(now)).toList();
  }

  /**
   * Counts a call of an operation against its rate (see {@link ServiceLimits#callRates()}).
   *
   * @param streamName what the call is about; null for the account as a whole
   */
  public void countCall(Call call, @Nullable String streamName) {
    Stream stream = streamName == null ? null : present.find(streamName);
    throttle.countCall(call, stream, present.nowMillis());
  }

  /** The first page of a listing of shards. */
  public ShardPage listShards(ListShardsQuery query) {
    return ShardListing.firstPage(present.listable(query.streamName()), query, listingMoment());
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
    if (token.isExpired(present.nowMillis())) {
      throw ShardListing.expired(token);
    }
    Stream stream = present.listable(present.incarnation(token).name);
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
    return records.putEach(streamName, entries);
  }

  /**
   * Checks the sequence number that a record is to come after (API reference: PutRecord,
   * SequenceNumberForOrdering). As numbers here always increase, any that this stream has given out
   * will do.
   */
  public void checkOrdering(String streamName, String sequenceNumber) {
    records.checkOrdering(streamName, sequenceNumber);
  }

  /**
   * A place to read from, as a string that says all; it takes no memory here.
   *
   * @return an iterator good for {@link #TOKEN_LIFE}
   */
  public String shardIterator(String streamName, String shardId, IteratorPosition position) {
    return records.shardIterator(streamName, shardId, position);
  }

  /**
   * Reads on from an iterator.
   *
   * @param limit how many records at most, 1 to 10,000; at most 10 MiB of data are returned
   */
  public ReadResult read(String iterator, int limit) {
    return records.read(iterator, limit);
  }

  /**
   * Splits an open shard in two.
   *
   * @param newStartingHashKey where the second child starts; inside the shard's hash keys
   */
  public void split(String streamName, String shardId, BigInteger newStartingHashKey) {
    resharding.split(streamName, shardId, newStartingHashKey);
  }

  /** Merges two open shards whose hash keys adjoin, in either order. */
  public void merge(String streamName, String shardId, String adjacentShardId) {
    resharding.merge(streamName, shardId, adjacentShardId);
  }

  /**
   * Splits and merges until so many equal shards are open ({@code UNIFORM_SCALING}).
   *
   * @param target at least half and at most double the open shards there are
   */
  public void updateShardCount(String streamName, int target) {
    resharding.updateShardCount(streamName, target);
  }

  /** What the account has and may have. */
  public AccountLimits limits() {
    return new AccountLimits(
        present.settings().shardsMax(),
        present.openShardCount(),
        control.modes().onDemandStreams(),
        OnDemandRules.STREAMS_MAX);
  }

  private ShardListing.Moment listingMoment() {
    long now = present.nowMillis();
    return new ShardListing.Moment(now, now - present.delays().listing().toMillis());
  }

  /** From now on tells a journal of each record. */
  public void journalTo(StreamJournal journal) {
    records.journalTo(journal);
  }

  /** Puts a record back that was journaled, unless its stream or its shard is gone. */
  public void restore(JournaledRecord record) {
    records.restore(record);
  }

  /** Whether a record that arrived then in this incarnation of a stream may still be read. */
  public boolean retains(String streamName, long incarnation, long arrivalMillis) {
    return records.retains(streamName, incarnation, arrivalMillis);
  }

  /** How many shards have ever been opened in the streams there are; changes with every reshard. */
  public long shardsEver() {
    return present.shardsEver();
  }
}
