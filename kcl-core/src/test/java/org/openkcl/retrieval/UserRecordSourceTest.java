package org.openkcl.retrieval;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openkcl.OddRecordCounts;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.Checkpoint;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.RecordDecoder;
import org.openkcl.records.AggregateRules;
import org.openkcl.records.TestAggregate;

class UserRecordSourceTest {
  private final Simulation world = new Simulation(1);
  private final SimulatedEnvironment process = world.newProcess("worker");
  private final EventLoop loop = process.newEventLoop("worker");
  private final MemoryBudget budget = new MemoryBudget(1_000_000);
  private final StreamRecords stream = new StreamRecords();
  private final List<RecordBatch> batches = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private RecordOpening opening = opening(null, 2);
  private RecordSource source = open(Checkpoint.TRIM_HORIZON);

  @AfterEach
  void end() {
    world.close();
  }

  @Test
  void whatNeedsNoWorkPassesAtOnce() {
    stream.add(TestRecords.of("1", "2"));
    loop.execute(() -> {
      CompletableFuture<RecordBatch> batch = source.next().toCompletableFuture();
      assertThat(batch).isCompleted();
      batches.add(batch.join());
    });
    world.runFor(Duration.ofMillis(1));
    assertThat(batches).hasSize(1);
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void aggregatesAreTakenApartAndWhatTheyTakeIsCounted() {
    stream.add(List.of(aggregate("1", 40)));
    stream.add(TestRecords.of("2"));
    ask();
    assertThat(batches.get(0).records()).hasSize(40);
    assertThat(batches.get(0).bytes()).isEqualTo(7);
    assertThat(budget.usedBytes()).isEqualTo(39 * MemoryBudget.RECORD_OVERHEAD_BYTES);
    ask();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void aCheckpointInsideAnAggregateLosesAndRepeatsNothing() {
    source = open(new Checkpoint("10", 2));
    stream.add(TestRecords.of("9"));
    stream.add(List.of(aggregate("10", 5), aggregate("11", 2)));
    stream.add(List.of(aggregate("12", 1)));
    ask();
    ask();
    ask();
    assertThat(batches)
        .extracting(UserRecordSourceTest::positions)
        .containsExactly(List.of(), List.of("10/3", "10/4", "11/0", "11/1"), List.of("12/0"));
  }

  @Test
  void noMoreBatchesAreWorkedOnAtOnceThanIsAllowed() {
    int[] now = {0};
    int[] most = {0};
    int[] done = {0};
    opening = opening(null, 2);
    loop.execute(() -> {
      for (int i = 0; i < 7; i++) {
        opening.run(
            "work",
            () -> {
              most[0] = Math.max(most[0], ++now[0]);
              return now[0];
            },
            (value, failure) -> {
              now[0]--;
              done[0]++;
            });
      }
    });
    world.runFor(Duration.ofSeconds(1));
    assertThat(done[0]).isEqualTo(7);
    assertThat(most[0]).isBetween(1, 2);
  }

  @Test
  void recordsAreDecodedAfterTheyWereTakenApart() {
    opening = opening(
        record -> record.toBuilder()
            .data(ByteBuffer.wrap(("<" + UTF_8.decode(record.data()) + ">").getBytes(UTF_8)))
            .build(),
        2);
    source = open(new Checkpoint("1", 0));
    stream.add(List.of(aggregate("1", 3)));
    ask();
    assertThat(batches.get(0).records())
        .extracting(record -> UTF_8.decode(record.data()).toString())
        .containsExactly("<1>", "<2>");
  }

  @Test
  void aBatchThatIsToBeDecodedAgainIsKeptUntilItCanBe() {
    FailingDecoder decoder = new FailingDecoder();
    opening = opening(decoder, 2);
    source = open(Checkpoint.TRIM_HORIZON);
    stream.add(List.of(aggregate("1", 3)));
    ask();
    ask();
    assertThat(batches).isEmpty();
    assertThat(failures)
        .hasSize(2)
        .allSatisfy(failure -> assertThat(failure)
            .isInstanceOf(StreamFailure.class)
            .hasMessageContaining("registry is down"));
    decoder.isDown = false;
    ask();
    assertThat(positions(batches.get(0))).containsExactly("1/0", "1/1", "1/2");
    assertThat(opening.counts()).isEqualTo(new OddRecordCounts(0, 0, 0, 0, 0, 2));
  }

  @Test
  void whatIsOddIsCounted() {
    byte[] corrupt = TestAggregate.wrap(new byte[] {7});
    byte[] lookalike = {-13, -119, -102, -62};
    stream.add(List.of(
        TestAggregate.streamRecord("1", corrupt), TestAggregate.streamRecord("2", lookalike)));
    ask();
    assertThat(positions(batches.get(0))).containsExactly("1/0", "2/0");
    assertThat(opening.counts()).isEqualTo(new OddRecordCounts(0, 1, 1, 0, 0, 0));
  }

  @Test
  void failuresOfTheStreamArePassedOn() {
    stream.fail(new StreamFailure(StreamFailure.Kind.DENIED, "no", null));
    stream.add(TestRecords.of("1"));
    ask();
    ask();
    assertThat(failures).singleElement().isInstanceOf(StreamFailure.class);
    assertThat(batches).hasSize(1);
  }

  @Test
  void closingWhileABatchIsWorkedOnEndsTheWait() {
    stream.add(List.of(aggregate("1", 3)));
    loop.execute(() -> {
      source.next().whenComplete((batch, failure) -> failures.add(failure));
      assertThatThrownBy(source::next).isInstanceOf(IllegalStateException.class);
      source.close();
      source.close();
      assertThatThrownBy(source::next).hasMessageContaining("closed");
    });
    world.runFor(Duration.ofSeconds(1));
    assertThat(failures).singleElement().isInstanceOf(CancellationException.class);
    assertThat(stream.closed).isTrue();
    assertThat(budget.usedBytes()).isZero();
  }

  private void ask() {
    loop.execute(() -> source.next().whenComplete((batch, failure) -> {
      assertThat(loop.inLoop()).isTrue();
      if (failure == null) {
        batches.add(batch);
      } else {
        failures.add(failure);
      }
    }));
    world.runFor(Duration.ofSeconds(1));
  }

  private RecordOpening opening(@Nullable RecordDecoder decoder, int maxConcurrent) {
    return new RecordOpening(
        process,
        loop,
        budget,
        new RecordOpening.Settings(AggregateRules.DEFAULT, decoder, maxConcurrent));
  }

  private RecordSource open(Checkpoint checkpoint) {
    return new UserRecordSources((shardId, start) -> stream, opening)
        .open("shardId-0", ReadStart.of(checkpoint, null).orElseThrow());
  }

  /** User records whose data are their indexes. */
  private static KinesisClientRecord aggregate(String sequenceNumber, int count) {
    TestAggregate aggregate = new TestAggregate();
    for (int i = 0; i < count; i++) {
      aggregate.record("key", Integer.toString(i));
    }
    return aggregate.at(sequenceNumber);
  }

  private static List<String> positions(RecordBatch batch) {
    return batch.records().stream()
        .map(record -> record.sequenceNumber() + "/" + record.subSequenceNumber())
        .toList();
  }

  private static final class FailingDecoder implements RecordDecoder {
    private boolean isDown = true;

    @Override
    public KinesisClientRecord decode(KinesisClientRecord record) throws IOException {
      if (isDown) {
        throw new IOException("registry is down");
      }
      return record;
    }

    @Override
    public Failure whenFailed(KinesisClientRecord record, Throwable failure) {
      return Failure.RETRY;
    }
  }

  /** What is in the stream: each call of next() brings the next answer. */
  private static final class StreamRecords implements RecordSource {
    private final Deque<CompletionStage<RecordBatch>> answers = new ArrayDeque<>();
    private boolean closed;

    void add(List<KinesisClientRecord> records) {
      answers.add(CompletableFuture.completedFuture(
          new RecordBatch(records, 0, false, List.of(), 7, Instant.EPOCH)));
    }

    void fail(StreamFailure failure) {
      answers.add(CompletableFuture.failedFuture(failure));
    }

    @Override
    public CompletionStage<RecordBatch> next() {
      return answers.remove();
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
