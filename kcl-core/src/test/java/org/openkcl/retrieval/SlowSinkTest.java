package org.openkcl.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.Checkpoint;
import org.openkcl.processor.KinesisClientRecord;

/** A thousand shards far behind, and processors that are slow, within a quarter of 256 MB. */
class SlowSinkTest {
  private static final long MIB = 1024 * 1024;
  private static final int SHARDS = 1_000;
  private static final KinesisClientRecord RECORD = TestRecords.plain("1");

  private final Simulation world = new Simulation(1);
  private final SimulatedEnvironment process = world.newProcess("worker");
  private final EventLoop loop = process.newEventLoop("worker");
  private final MemoryBudget budget = new MemoryBudget(64 * MIB);

  @AfterEach
  void end() {
    world.close();
  }

  /** Records of 10 MiB do not all fit: 6 are there at a time, so each shard's turn comes later. */
  @ParameterizedTest(name = "records of {0} bytes, {1} ms each: {2} or more each in {3} s")
  @CsvSource({"1024, 10, 10, 60", "102400, 100, 2, 60", "10485760, 50, 2, 60"})
  void eachShardGetsOnAndTheBudgetIsKept(
      long recordBytes, long processingMillis, int leastRecords, int seconds) {
    List<SlowSink> sinks = new ArrayList<>();
    for (int i = 0; i < SHARDS; i++) {
      sinks.add(new SlowSink(recordBytes, Duration.ofMillis(processingMillis)));
    }
    long[] most = {0};
    world.afterEachEvent(() -> most[0] = Math.max(most[0], budget.usedBytes()));
    loop.execute(() -> sinks.forEach(SlowSink::ask));
    world.runFor(Duration.ofSeconds(seconds));

    assertThat(most[0]).as("overshoot of one reply").isLessThanOrEqualTo(64 * MIB + 11 * MIB);
    long least = sinks.stream().mapToLong(SlowSink::processed).min().orElseThrow();
    assertThat(least).as("the shard that got least").isGreaterThanOrEqualTo(leastRecords);
  }

  @Test
  void aShardThatNeverFinishesLeavesTheOthersTheirs() {
    List<SlowSink> sinks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sinks.add(new SlowSink(1024, i < 3 ? Duration.ofDays(1) : Duration.ofMillis(1)));
    }
    loop.execute(() -> sinks.forEach(SlowSink::ask));
    world.runFor(Duration.ofSeconds(60));
    assertThat(sinks.subList(3, 100))
        .allSatisfy(sink -> assertThat(sink.processed()).isGreaterThan(1_000));
  }

  /** Asks, takes its time for each record, and asks again. */
  private final class SlowSink {
    private final Duration perRecord;
    private final RecordSource source;
    private long done;
    private long underWay;
    private long startedNanos;

    SlowSink(long recordBytes, Duration perRecord) {
      this.perRecord = perRecord;
      this.source = new PollingRecordSources(
              process, loop, new Backlog(recordBytes), PollSettings.DEFAULT, budget)
          .open("shardId-0", ReadStart.of(Checkpoint.TRIM_HORIZON, null).orElseThrow());
    }

    void ask() {
      source.next().whenComplete((batch, failure) -> {
        assertThat(failure).isNull();
        underWay = batch.records().size();
        startedNanos = world.nanoTime();
        loop.schedule(perRecord.multipliedBy(underWay), () -> {
          done += underWay;
          underWay = 0;
          ask();
        });
      });
    }

    long processed() {
      long now = (world.nanoTime() - startedNanos) / perRecord.toNanos();
      return done + Math.min(underWay, now);
    }
  }

  /** A shard that never ends, with records of one size; replies have up to 10 MiB. */
  private final class Backlog implements ShardReader {
    private final long recordBytes;

    Backlog(long recordBytes) {
      this.recordBytes = recordBytes;
    }

    @Override
    public CompletionStage<String> openIterator(String shardId, ReadPosition position) {
      return later("i");
    }

    @Override
    public CompletionStage<ReadReply> read(String iterator, int maxRecords) {
      int count = (int) Math.max(1, Math.min(maxRecords, 10 * MIB / recordBytes));
      return later(new ReadReply(
          Collections.nCopies(count, RECORD), "i", 60_000, List.of(), count * recordBytes));
    }

    private <T> CompletionStage<T> later(T answer) {
      CompletableFuture<T> reply = new CompletableFuture<>();
      world.schedule(Duration.ofMillis(20), () -> reply.complete(answer));
      return reply;
    }
  }
}
