package org.openkcl.fleet.mixed;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/** Puts records all over a stream's hash keys and remembers where each went. Thread-safe. */
final class Producer implements AutoCloseable {
  private final KinesisAsyncClient kinesis;
  private final String stream;
  private final List<String> hashKeys;
  private final List<PutRecord> put = new ArrayList<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "producer");
        thread.setDaemon(true);
        return thread;
      });
  private int round;

  /** @param hashKeys how many there are, evenly apart; each gets one record in each round */
  Producer(KinesisAsyncClient kinesis, String stream, int hashKeys) {
    this.kinesis = kinesis;
    this.stream = stream;
    this.hashKeys = IntStream.range(0, hashKeys)
        .mapToObj(i -> BigInteger.ONE
            .shiftLeft(128)
            .multiply(BigInteger.valueOf(2L * i + 1))
            .divide(BigInteger.valueOf(2L * hashKeys))
            .toString())
        .toList();
  }

  void start(Duration interval) {
    timer.scheduleWithFixedDelay(
        this::putOrSayWhyNot, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  void stop() throws InterruptedException {
    timer.shutdown();
    if (!timer.awaitTermination(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("The producer did not end within 30 s");
    }
  }

  private void putOrSayWhyNot() {
    try {
      putRound();
    } catch (RuntimeException e) {
      System.err.println("A put failed: " + e);
    }
  }

  private void putRound() {
    String data = "round " + round++;
    List<PutRecordsRequestEntry> entries = hashKeys.stream()
        .map(hashKey -> PutRecordsRequestEntry.builder()
            .partitionKey(data)
            .explicitHashKey(hashKey)
            .data(SdkBytes.fromUtf8String(data))
            .build())
        .toList();
    List<PutRecordsResultEntry> results =
        kinesis.putRecords(b -> b.streamName(stream).records(entries)).join().records();
    synchronized (put) {
      results.stream()
          .filter(result -> result.sequenceNumber() != null)
          .map(result -> PutRecord.of(result.shardId(), result.sequenceNumber()))
          .forEach(put::add);
    }
  }

  /** Everything that the stream has accepted. */
  List<PutRecord> put() {
    synchronized (put) {
      return List.copyOf(put);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
