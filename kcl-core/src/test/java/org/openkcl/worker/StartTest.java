package org.openkcl.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openkcl.OwnershipEvent;
import org.openkcl.WorkerSnapshot.Phase;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.processor.ShardRecordProcessor;

/** A worker that cannot complete its start, though it has leases already: how it ends. */
class StartTest {
  private static final int SHARDS = 4;

  private SimulatedWorkers workers;

  @BeforeEach
  void leaveFreeLeases() {
    workers = new SimulatedWorkers(5, SHARDS);
    workers.start("first", process -> checkpointing());
    workers.runUntil(
        "reading", 10, () -> workers.heard(OwnershipEvent.Started.class).size() == SHARDS);
    workers.worker("first").stop();
    workers.runUntil("stopped", 10, () -> isDone(workers.worker("first").stopped()));
    workers.events.clear();
  }

  @AfterEach
  void close() {
    workers.close();
  }

  @Test
  void whatWasBegunIsHandedOverWhenTheStartFailsForGood() {
    workers.stream.put(0, 3);
    workers.stream.listFailing(StreamFailure.Kind.UNAVAILABLE);
    Worker failing = workers.start("failing", process -> checkpointing());
    workers.runUntil("reading", 30, () -> workers.processed.size() == 3);

    workers.stream.listFailing(StreamFailure.Kind.DENIED);
    workers.runUntil("ended", 60, () -> isDone(failing.stopped()));

    assertThatThrownBy(failing.stopped().toCompletableFuture()::join)
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("The service says DENIED");
    assertThat(failing.snapshot().phase()).isEqualTo(Phase.STOPPED);
    assertThat(owners()).containsOnlyNulls();
    assertThat(workers.checkpoint(0)).isEqualTo(workers.processed.get(2));
  }

  @Test
  void aStopDuringAStartThatDoesNotSucceedHandsOverAndEndsWell() {
    workers.stream.put(0, 3);
    workers.stream.listFailing(StreamFailure.Kind.UNAVAILABLE);
    Worker failing = workers.start("failing", process -> checkpointing());
    workers.runUntil("reading", 30, () -> workers.processed.size() == 3);

    failing.stop();
    workers.runUntil("ended", 60, () -> isDone(failing.stopped()));

    assertThat(failing.stopped().toCompletableFuture()).isCompleted();
    assertThat(owners()).containsOnlyNulls();
    assertThat(workers.heard(OwnershipEvent.Released.class)).hasSize(SHARDS);
    workers.runFor(Duration.ofMinutes(1)); // the pending attempt to start does nothing any more
    assertThat(failing.snapshot().phase()).isEqualTo(Phase.STOPPED);
    assertThat(owners()).containsOnlyNulls();
  }

  private List<String> owners() {
    return IntStream.range(0, SHARDS).mapToObj(workers::owner).toList();
  }

  private static boolean isDone(CompletionStage<Void> stage) {
    CompletableFuture<Void> future = stage.toCompletableFuture();
    return future.isDone();
  }

  private ShardRecordProcessor checkpointing() {
    return batch -> {
      workers.remember(batch.records());
      batch.checkpointer().checkpoint();
    };
  }
}
