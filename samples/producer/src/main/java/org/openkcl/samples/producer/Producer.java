package org.openkcl.samples.producer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.AccessDeniedException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.Shard;

/**
 * Puts records into a stream: packs them into aggregates, sends calls of up to 500 records and 5 MiB,
 * stays within what each shard takes, and puts again what was refused, in order. What it holds is
 * bounded: {@link #put} blocks when that much waits.
 *
 * <p>Each record is put at least once, or its future fails. It may be put twice when the reply of a
 * call was lost, and when it was packed for a shard that was split or merged meanwhile. Records of
 * one partition key are put in the order of the calls of {@code put}; {@link ShardQueue} says when
 * that cannot be kept.
 *
 * <p>Thread-safe.
 */
public final class Producer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Producer.class);
  private static final int REQUEST_RECORDS_MAX = 500;
  private static final int REQUEST_BYTES_MAX = 5 * 1024 * 1024;
  private static final Duration BEAT = Duration.ofMillis(5);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
  private static final int KEY_CHARACTERS_MAX = 256;

  private final KinesisAsyncClient kinesis;
  private final String stream;
  private final ProducerSettings settings;
  private final Semaphore buffer;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread own = new Thread(task, "producer");
        own.setDaemon(true);
        return own;
      });

  // All below is the thread's.
  private final Map<String, ShardQueue> queues = new LinkedHashMap<>();
  private final Set<CompletableFuture<Placement>> outstanding = new LinkedHashSet<>();
  private final List<CompletableFuture<Void>> flushes = new ArrayList<>();
  private final List<Sent> undecided = new ArrayList<>();
  private @Nullable ShardMap shards;
  private @Nullable ShardMap listed;
  private Deque<UserRecord> unsorted = new ArrayDeque<>();
  private boolean listing;
  private long listedNanos;

  /** An entry of a call, and what became of it: null while that is not known. */
  private record Sent(
      Entry entry, ShardQueue queue, @Nullable PutRecordsResultEntry result) {}

  /**
   * @param kinesis is not closed by this
   * @param stream by name
   */
  public Producer(KinesisAsyncClient kinesis, String stream, ProducerSettings settings) {
    this.kinesis = kinesis;
    this.stream = stream;
    this.settings = settings;
    this.buffer = new Semaphore(settings.maxBufferedBytes(), true);
    this.listedNanos = System.nanoTime() - TimeUnit.MINUTES.toNanos(1);
    var unused =
        thread.scheduleWithFixedDelay(this::beat, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** As {@link #put(String, String, byte[])}, without an explicit hash key. */
  public CompletableFuture<Placement> put(String partitionKey, byte[] data)
      throws InterruptedException {
    return put(partitionKey, null, data);
  }

  /**
   * Puts a record. Returns at once unless the buffer is full.
   *
   * @param partitionKey 1 to 256 characters
   * @param explicitHashKey decimal digits; null leaves it to the partition key
   * @return where it was put; fails when it could not be put within its time to live, or cannot be at
   *     all
   * @throws InterruptedException while waiting for room in the buffer
   */
  public CompletableFuture<Placement> put(
      String partitionKey, @Nullable String explicitHashKey, byte[] data)
      throws InterruptedException {
    if (partitionKey.isEmpty() || partitionKey.length() > KEY_CHARACTERS_MAX) {
      throw new IllegalArgumentException(
          "A partition key has 1 to 256 characters: got " + partitionKey.length());
    }
    UserRecord record = UserRecord.of(partitionKey, explicitHashKey, data, System.nanoTime());
    if (record.bytes() > settings.maxRecordBytes()) {
      throw new IllegalArgumentException("Data and partition key of a record have at most "
          + settings.maxRecordBytes()
          + " bytes: got "
          + record.bytes());
    }
    buffer.acquire(record.bytes());
    thread.execute(() -> given(record));
    return record.placed();
  }

  /** Completes when everything given before has been put or has failed; lets nothing linger. */
  public CompletableFuture<Void> flush() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    thread.execute(() -> {
      flushes.add(done);
      CompletableFuture.allOf(outstanding.toArray(CompletableFuture[]::new))
          .whenComplete((all, failure) -> done.complete(null));
      beat();
    });
    return done;
  }

  /** Puts what was given, which takes little longer than the time to live of a record, and ends. */
  @Override
  public void close() {
    flush().join();
    thread.shutdown();
  }

  private void given(UserRecord record) {
    outstanding.add(record.placed());
    sort(record);
  }

  private void sort(UserRecord record) {
    ShardMap known = shards;
    if (known == null) {
      unsorted.add(record);
    } else {
      queues
          .computeIfAbsent(
              known.shardOf(record.hashKey()), shard -> new ShardQueue(settings, System.nanoTime()))
          .add(record);
    }
  }

  private void beat() {
    try {
      long now = System.nanoTime();
      flushes.removeIf(CompletableFuture::isDone);
      giveUp(now);
      if (shards == null) {
        learnShards(now);
      }
      if (shards != null) {
        send(now);
      }
    } catch (RuntimeException e) {
      log.error("The producer's beat failed", e); // and goes on: what waits must not wait for ever
    }
  }

  /**
   * Lists the shards, at most once a second, and sorts what waits. Not while a call is under way: what
   * it could not put must not be overtaken in a new queue.
   */
  private void learnShards(long nowNanos) {
    ShardMap found = listed;
    if (found != null) {
      if (queues.values().stream().noneMatch(ShardQueue::isUnderWay)) {
        listed = null;
        resort(found);
      }
    } else if (!listing && nowNanos - listedNanos >= TimeUnit.SECONDS.toNanos(1)) {
      list(nowNanos);
    }
  }

  private void list(long nowNanos) {
    listing = true;
    listedNanos = nowNanos;
    listPage(null, new ArrayList<>())
        .whenCompleteAsync(
            (all, failure) -> {
              listing = false;
              if (failure == null) {
                listed = new ShardMap(all);
                beat();
              } else {
                failed("The shards of %s cannot be listed".formatted(stream), failure);
              }
            },
            thread);
  }

  /** This page and all behind it. */
  private CompletableFuture<List<Shard>> listPage(@Nullable String token, List<Shard> before) {
    return kinesis
        .listShards(request -> request.streamName(token == null ? stream : null).nextToken(token))
        .thenCompose(page -> {
          before.addAll(page.shards());
          return page.nextToken() == null
              ? CompletableFuture.completedFuture(before)
              : listPage(page.nextToken(), before);
        });
  }

  private void resort(ShardMap found) {
    List<UserRecord> waiting = removeEverything();
    shards = found;
    List<Sent> open = List.copyOf(undecided);
    undecided.clear();
    open.forEach(sent -> judge(sent, found));
    waiting.forEach(this::sort);
  }

  /** Everything that waits, in the order in which it was given as far as one key is concerned. */
  private List<UserRecord> removeEverything() {
    List<UserRecord> all = new ArrayList<>();
    queues.values().forEach(queue -> all.addAll(queue.removeAll()));
    queues.values().removeIf(queue -> !queue.isUnderWay());
    all.addAll(unsorted);
    unsorted = new ArrayDeque<>();
    return all;
  }

  private void send(long nowNanos) {
    List<Sent> call = new ArrayList<>();
    int bytes = 0;
    for (ShardQueue queue : queues.values()) {
      int recordsMax = REQUEST_RECORDS_MAX - call.size();
      int bytesMax = REQUEST_BYTES_MAX - bytes;
      for (Entry entry :
          queue.take(nowNanos, flushes.isEmpty(), recordsMax, bytesMax, call.isEmpty())) {
        call.add(new Sent(entry, queue, null));
        bytes += entry.bytes();
      }
    }
    if (!call.isEmpty()) {
      kinesis
          .putRecords(request -> request
              .streamName(stream)
              .records(call.stream().map(sent -> sent.entry().request()).toList())
              .overrideConfiguration(timeout -> timeout.apiCallTimeout(CALL_TIMEOUT)))
          .whenCompleteAsync((reply, failure) -> settle(call, reply, failure), thread);
    }
  }

  private void settle(
      List<Sent> call, @Nullable PutRecordsResponse reply, @Nullable Throwable failure) {
    Map<ShardQueue, List<Entry>> notPut = new LinkedHashMap<>();
    for (int i = 0; i < call.size(); i++) {
      Sent sent = call.get(i);
      List<Entry> again = notPut.computeIfAbsent(sent.queue(), unknown -> new ArrayList<>());
      PutRecordsResultEntry result = reply == null ? null : reply.records().get(i);
      if (result == null || result.errorCode() != null) {
        again.add(sent.entry());
      } else {
        put(new Sent(sent.entry(), sent.queue(), result));
      }
    }
    long now = System.nanoTime();
    notPut.forEach((queue, entries) ->
        queue.settled(entries, now, ThreadLocalRandom.current().nextDouble()));
    if (failure != null) {
      failed("A call to put into %s failed and is repeated".formatted(stream), failure);
    }
    beat();
  }

  /** An entry is in the stream. A shard that is not known tells that there was a reshard. */
  private void put(Sent sent) {
    ShardMap known = shards;
    String shardId = resultOf(sent).shardId();
    if (known != null && known.knows(shardId)) {
      judge(sent, known);
      return;
    }
    shards = null;
    if (sent.entry().records().size() == 1) {
      complete(sent);
    } else {
      undecided.add(sent);
    }
  }

  /**
   * Completes what was put. An aggregate in a shard that not all of its records belong to is put
   * again, all of it: some consumers leave such an aggregate out, others deliver it twice then.
   */
  private void judge(Sent sent, ShardMap known) {
    String shardId = resultOf(sent).shardId();
    List<UserRecord> records = sent.entry().records();
    if (records.size() > 1
        && !records.stream().allMatch(record -> known.takes(shardId, record.hashKey()))) {
      records.forEach(this::sort);
    } else {
      complete(sent);
    }
  }

  private void complete(Sent sent) {
    PutRecordsResultEntry result = resultOf(sent);
    List<UserRecord> records = sent.entry().records();
    for (int i = 0; i < records.size(); i++) {
      settled(records.get(i));
      records.get(i).placed().complete(new Placement(result.shardId(), result.sequenceNumber(), i));
    }
  }

  private static PutRecordsResultEntry resultOf(Sent sent) {
    return Objects.requireNonNull(sent.result(), "result");
  }

  private void giveUp(long nowNanos) {
    long since = nowNanos - settings.timeToLive().toNanos();
    List<UserRecord> late = new ArrayList<>();
    queues.values().stream()
        .filter(queue -> !queue.isUnderWay())
        .forEach(queue -> late.addAll(queue.removeOlderThan(since)));
    while (!unsorted.isEmpty() && unsorted.element().givenNanos() - since < 0) {
      late.add(unsorted.remove());
    }
    fail(
        late,
        new TimeoutException(
            "It could not be put within " + settings.timeToLive().toSeconds() + " s"));
  }

  /** What retrying cannot cure fails everything at once; anything else waits for another try. */
  private void failed(String what, Throwable failure) {
    log.warn("{}: {}", what, String.valueOf(failure));
    Throwable cause = failure.getCause() != null ? failure.getCause() : failure;
    if (cause instanceof ResourceNotFoundException || cause instanceof AccessDeniedException) {
      fail(removeEverything(), cause);
    }
  }

  private void fail(List<UserRecord> records, Throwable failure) {
    for (UserRecord record : records) {
      settled(record);
      record.placed().completeExceptionally(failure);
    }
  }

  @SuppressWarnings("CollectionUndefinedEquality") // identity is what is meant
  private void settled(UserRecord record) {
    buffer.release(record.bytes());
    outstanding.remove(record.placed());
  }
}
