package org.openkcl.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.memory.TableFaults;
import org.openkcl.processor.KinesisClientLibDependencyException;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.ThrottlingException;

class CheckpointWritesTest {

  @Test
  void checkpointsThatComeTogetherAreStoredInOrderByFewWrites() {
    try (SimulatedWorkers workers = new SimulatedWorkers(1, 1).maxRecords(100)) {
      workers.tableFaults(new TableFaults(Duration.ofMillis(50), 0, 0, 0));
      workers.stream.put(0, 40);
      List<Checkpoint> stored = new ArrayList<>();
      List<String> failures = new ArrayList<>();
      workers.world.afterEachEvent(() -> watch(workers, stored));
      workers.start("a", process -> input -> {
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (KinesisClientRecord record : input.records()) {
          CompletableFuture<?> done = new CompletableFuture<>();
          all.add(done);
          process.runBlocking("checkpoint", () -> {
            try {
              input.checkpointer().checkpoint(record);
            } catch (Exception refused) {
              failures.add(refused.toString()); // those that a later one has overtaken
            }
            done.complete(null);
          });
        }
        process.await(
            CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)),
            Duration.ofMinutes(1));
        workers.remember(input.records());
      });
      workers.runUntilProcessed(60);
      assertThat(workers.checkpoint(0)).isEqualTo("40");
      assertThat(stored).isSorted();
      assertThat(stored.size()).isLessThan(20);
      assertThat(failures).allMatch(failure -> failure.contains("last checkpoint"));
    }
  }

  private static void watch(SimulatedWorkers workers, List<Checkpoint> stored) {
    var lease = workers.table.rows().get(new LeaseKey(StreamInMemory.idOf(0)));
    if (lease != null
        && (stored.isEmpty() || !stored.get(stored.size() - 1).equals(lease.checkpoint()))) {
      stored.add(lease.checkpoint());
    }
  }

  @Test
  void aTableThatIsThrottledOrSilentIsGivenUpAfterAWhileAndTheSameCheckpointSucceedsLater() {
    for (TableFaults faults : List.of(
        new TableFaults(Duration.ofMillis(10), 1, 0, 0),
        new TableFaults(Duration.ofMillis(10), 0, 1, 0))) {
      boolean throttled = faults.throttled() > 0;
      try (SimulatedWorkers workers = new SimulatedWorkers(2, 1)) {
        workers.stream.put(0, 2);
        List<Throwable> thrown = new ArrayList<>();
        List<Duration> taken = new ArrayList<>();
        workers.start("a", process -> input -> {
          if (thrown.isEmpty()) {
            workers.tableFaults(faults);
          }
          long began = process.nanoTime();
          Throwable failure = catchThrowable(() -> input.checkpointer().checkpoint());
          workers.tableFaults(TableFaults.NONE);
          if (failure != null) {
            thrown.add(failure);
            taken.add(Duration.ofNanos(process.nanoTime() - began));
            throw new IllegalStateException(failure);
          }
          workers.remember(input.records());
        });
        workers.runUntilProcessed(120);
        assertThat(thrown).hasSize(1);
        assertThat(thrown.get(0))
            .isInstanceOf(
                throttled ? ThrottlingException.class : KinesisClientLibDependencyException.class);
        assertThat(taken.get(0)).isBetween(Duration.ofMillis(700), Duration.ofSeconds(30));
        assertThat(workers.checkpoint(0)).isEqualTo("2");
      }
    }
  }
}
