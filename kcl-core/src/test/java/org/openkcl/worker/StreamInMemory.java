package org.openkcl.worker;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.lineage.Shard;
import org.openkcl.lineage.ShardCatalog;
import org.openkcl.lineage.ShardSelection;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.lineage.StreamState;
import org.openkcl.processor.ChildShard;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.retrieval.ReadPosition;
import org.openkcl.retrieval.ReadReply;
import org.openkcl.retrieval.ShardReader;

/** A stream on virtual time, whose service can fail, or fall silent: then no reply ever comes. */
final class StreamInMemory implements ShardCatalog, ShardReader {
  static final int RECORD_BYTES = 100;

  private static final Duration LATENCY = Duration.ofMillis(5);

  private final Simulation world;
  private final Map<String, Content> shards = new LinkedHashMap<>();
  private final List<String> calls = new ArrayList<>();
  private int nextSequenceNumber = 1;
  private boolean silent;
  private Optional<StreamFailure.Kind> failing = Optional.empty();
  private Optional<StreamFailure.Kind> listFailing = Optional.empty();

  /** What one shard has. */
  private static final class Content {
    private final Shard shard;
    private final List<KinesisClientRecord> records = new ArrayList<>();
    private List<ChildShard> children = List.of();
    private boolean closed;

    Content(Shard shard) {
      this.shard = shard;
    }
  }

  StreamInMemory(Simulation world, int count) {
    this.world = world;
    BigInteger width = HashKeyRange.MAX.add(BigInteger.ONE).divide(BigInteger.valueOf(count));
    for (int i = 0; i < count; i++) {
      BigInteger first = width.multiply(BigInteger.valueOf(i));
      BigInteger last =
          i == count - 1 ? HashKeyRange.MAX : first.add(width).subtract(BigInteger.ONE);
      add(Set.of(), new HashKeyRange(first, last));
    }
  }

  static String idOf(int shard) {
    return "shardId-%012d".formatted(shard);
  }

  private Shard add(Set<String> parents, HashKeyRange range) {
    Shard shard = new Shard(idOf(shards.size()), parents, range, "0", null);
    shards.put(shard.shardId(), new Content(shard));
    return shard;
  }

  /** Puts so many records into a shard, or into the first that follows it. */
  void put(int shard, int count) {
    Content open = content(idOf(shard));
    while (open.closed) {
      open = content(open.children.get(0).shardId());
    }
    for (int i = 0; i < count; i++) {
      open.records.add(KinesisClientRecord.builder()
          .sequenceNumber(Integer.toString(nextSequenceNumber++))
          .approximateArrivalTimestamp(world.instant())
          .data(ByteBuffer.allocate(RECORD_BYTES))
          .partitionKey("")
          .build());
    }
  }

  /** Splits a shard in the middle of its hash keys, unless it has been split. */
  void split(int shard) {
    Content parent = content(idOf(shard));
    if (parent.closed) {
      return;
    }
    HashKeyRange range = parent.shard.hashKeyRange();
    BigInteger middle = range.starting().add(range.ending()).shiftRight(1);
    Set<String> parents = Set.of(idOf(shard));
    parent.children = List.of(
        childOf(add(parents, new HashKeyRange(range.starting(), middle))),
        childOf(add(parents, new HashKeyRange(middle.add(BigInteger.ONE), range.ending()))));
    parent.closed = true;
  }

  private static ChildShard childOf(Shard shard) {
    return new ChildShard(
        shard.shardId(),
        List.copyOf(shard.parentShardIds()),
        new ChildShard.HashKeyRange(
            shard.hashKeyRange().starting().toString(),
            shard.hashKeyRange().ending().toString()));
  }

  /** Every sequence number put so far. */
  List<String> all() {
    return shards.values().stream()
        .flatMap(content -> content.records.stream())
        .map(KinesisClientRecord::sequenceNumber)
        .toList();
  }

  /** From now on no request for records is answered, or they are again. */
  void silent(boolean now) {
    silent = now;
  }

  /** From now on requests for records fail, or they do not. */
  void failing(StreamFailure.Kind... kind) {
    failing = kind.length == 0 ? Optional.empty() : Optional.of(kind[0]);
  }

  /** From now on requests for the list of shards fail, or they do not. */
  void listFailing(StreamFailure.Kind... kind) {
    listFailing = kind.length == 0 ? Optional.empty() : Optional.of(kind[0]);
  }

  /** Every request for an iterator: where it was opened. */
  List<String> opened() {
    return calls;
  }

  private Content content(String shardId) {
    Content found = shards.get(shardId);
    if (found == null) {
      throw new StreamFailure(StreamFailure.Kind.NOT_FOUND, "There is no shard " + shardId);
    }
    return found;
  }

  @Override
  public CompletionStage<StreamState> describe() {
    return reply(() -> new StreamState(
        "stream",
        "arn:aws:kinesis:eu-central-1:123456789012:stream/stream",
        Instant.EPOCH,
        StreamState.Status.ACTIVE,
        world.instant().truncatedTo(ChronoUnit.SECONDS)));
  }

  @Override
  public CompletionStage<List<Shard>> list(ShardSelection selection) {
    boolean all = selection.kind() == ShardSelection.Kind.ALL;
    return reply(() -> {
      listFailing.ifPresent(StreamInMemory::refuse);
      return shards.values().stream()
          .filter(content -> all || content.shard.parentShardIds().isEmpty())
          .map(content -> content.closed ? closed(content.shard) : content.shard)
          .toList();
    });
  }

  private static Shard closed(Shard shard) {
    return new Shard(
        shard.shardId(), shard.parentShardIds(), shard.hashKeyRange(), "0", "999999999");
  }

  @Override
  public CompletionStage<String> openIterator(String shardId, ReadPosition position) {
    calls.add(shardId + " " + position);
    return answer(() -> shardId + "@" + indexOf(content(shardId), position));
  }

  private static int indexOf(Content content, ReadPosition position) {
    return switch (position.kind()) {
      case TRIM_HORIZON, AT_TIMESTAMP -> 0;
      case LATEST -> content.records.size();
      case AT_SEQUENCE_NUMBER -> indexOf(content, String.valueOf(position.sequenceNumber()));
      case AFTER_SEQUENCE_NUMBER -> indexOf(content, String.valueOf(position.sequenceNumber())) + 1;
    };
  }

  private static int indexOf(Content content, String sequenceNumber) {
    int index = 0;
    while (!content.records.get(index).sequenceNumber().equals(sequenceNumber)) {
      index++;
    }
    return index;
  }

  @Override
  public CompletionStage<ReadReply> read(String iterator, int maxRecords) {
    return answer(() -> {
      String shardId = iterator.substring(0, iterator.indexOf('@'));
      int from = Integer.parseInt(iterator.substring(iterator.indexOf('@') + 1));
      Content content = content(shardId);
      int to = Math.min(content.records.size(), from + maxRecords);
      boolean ended = content.closed && to == content.records.size();
      return new ReadReply(
          content.records.subList(from, to),
          ended ? null : shardId + "@" + to,
          to < content.records.size() ? 1_000 : 0,
          ended ? content.children : List.of(),
          (long) RECORD_BYTES * (to - from));
    });
  }

  private static void refuse(StreamFailure.Kind kind) {
    throw new StreamFailure(kind, "The service says " + kind);
  }

  private <T> CompletionStage<T> answer(Supplier<T> operation) {
    if (silent) {
      return new CompletableFuture<>();
    }
    return reply(() -> {
      failing.ifPresent(StreamInMemory::refuse);
      return operation.get();
    });
  }

  private <T> CompletionStage<T> reply(Supplier<T> operation) {
    CompletableFuture<T> reply = new CompletableFuture<>();
    world.schedule(LATENCY, () -> {
      try {
        reply.complete(operation.get());
      } catch (StreamFailure failure) {
        reply.completeExceptionally(failure);
      }
    });
    return reply;
  }
}
