package org.openkcl.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openkcl.Health;
import org.openkcl.OwnershipEvent;
import org.openkcl.ProcessorEvent;
import org.openkcl.ReadingEvent;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.leases.memory.TableFaults;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.RecordProcessorCheckpointer;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownException;

class WatchdogTest {
  private static final Duration STUCK = Duration.ofMinutes(2);

  private static ShardRecordProcessor good(SimulatedWorkers workers) {
    return input -> {
      workers.remember(input.records());
      input.checkpointer().checkpoint();
    };
  }

  @Test
  void aReadWhoseReplyNeverComesIsMadeAnewBehindTheLastBatch() {
    try (SimulatedWorkers workers = new SimulatedWorkers(1, 2)) {
      workers.stream.put(0, 12);
      Worker worker = workers.start("a", process -> input -> workers.remember(input.records()));
      workers.runUntilProcessed(20);
      workers.stream.silent(true);
      workers.runFor(Duration.ofSeconds(30));
      assertThat(workers.heard(ReadingEvent.Restarted.class)).isEmpty();
      workers.runFor(Duration.ofSeconds(40));
      assertThat(workers.heard(ReadingEvent.Restarted.class)).hasSize(2);
      assertThat(worker.snapshot().health().status()).isEqualTo(Health.Status.DEGRADED);
      assertThat(worker.snapshot().health().reasons().get(0))
          .contains("nothing was heard of the stream for 6");
      workers.stream.silent(false); // what was asked before is never answered
      workers.stream.put(0, 3);
      workers.stream.put(1, 3);
      workers.runUntilProcessed(70);
      assertThat(workers.processed).doesNotHaveDuplicates();
      assertThat(workers.stream.opened()).contains("shardId-000000000000 AT_SEQUENCE_NUMBER(12)");
      workers.runFor(Duration.ofSeconds(2));
      assertThat(worker.snapshot().health().status()).isEqualTo(Health.Status.UP);
    }
  }

  @Test
  void aShardThatIsSilentForTenRestartsIsDown() {
    try (SimulatedWorkers workers = new SimulatedWorkers(2, 1)) {
      Worker worker = workers.start("a", process -> good(workers));
      workers.runFor(Duration.ofSeconds(5));
      workers.stream.silent(true);
      workers.runFor(Duration.ofMinutes(8));
      assertThat(worker.snapshot().health().status()).isEqualTo(Health.Status.DEGRADED);
      workers.runFor(Duration.ofMinutes(4));
      assertThat(worker.snapshot().health().status()).isEqualTo(Health.Status.DOWN);
    }
  }

  @Test
  void neitherACaughtUpShardNorOneThatIsRefusedIsBegunAnew() {
    try (SimulatedWorkers workers = new SimulatedWorkers(3, 1)) {
      Worker worker = workers.start("a", process -> good(workers));
      workers.runFor(Duration.ofMinutes(10));
      assertThat(worker.snapshot().health()).isEqualTo(new Health(Health.Status.UP, List.of()));
      workers.stream.failing(StreamFailure.Kind.THROTTLED);
      workers.runFor(Duration.ofMinutes(10));
      assertThat(workers.heard(ReadingEvent.Restarted.class)).isEmpty();
      assertThat(worker.snapshot().health().status()).isEqualTo(Health.Status.DEGRADED);
      assertThat(worker.snapshot().health().reasons().get(0))
          .contains("The service says THROTTLED");
      workers.stream.failing();
      workers.runFor(Duration.ofSeconds(30));
      assertThat(worker.snapshot().health().status()).isEqualTo(Health.Status.UP);
    }
  }

  @Test
  void aLongCallIsReportedWithItsStackAndLeftAlone() {
    try (SimulatedWorkers workers = new SimulatedWorkers(4, 1)) {
      workers.stream.put(0, 3);
      Worker worker = workers.start("a", process -> input -> {
        process.pause(Duration.ofMinutes(10));
        workers.remember(input.records());
        input.checkpointer().checkpoint();
      });
      workers.runFor(Duration.ofSeconds(50));
      assertThat(workers.heard(ProcessorEvent.Stuck.class)).isEmpty();
      workers.start("b", process -> good(workers));
      workers.runFor(Duration.ofMinutes(9));
      assertThat(workers.heard(ProcessorEvent.Stuck.class)).hasSize(1);
      ProcessorEvent.Stuck stuck = workers.heard(ProcessorEvent.Stuck.class).get(0);
      assertThat(stuck.underWay()).isBetween(Duration.ofMinutes(1), Duration.ofSeconds(62));
      assertThat(stuck.stack()).contains("SimulatedEnvironment.pause");
      assertThat(worker.snapshot().health().status()).isEqualTo(Health.Status.DEGRADED);
      assertThat(worker.snapshot().health().reasons().get(0))
          .contains("processRecords has been in user code for");
      assertThat(workers.owner(0)).isEqualTo("a");
      workers.runUntilProcessed(120);
      workers.runFor(Duration.ofSeconds(1));
      assertThat(workers.heard(ProcessorEvent.Returned.class)).hasSize(1);
      assertThat(worker.snapshot().health().status()).isEqualTo(Health.Status.UP);
      assertThat(workers.processed).doesNotHaveDuplicates();
    }
  }

  @Test
  void aStuckCallIsAbandonedOnlyIfThatIsAskedForAndTheShardMovesOn() {
    try (SimulatedWorkers workers = new SimulatedWorkers(5, 1)) {
      workers.handling(h -> h.with(STUCK, h.stallTimeout()));
      workers.stream.put(0, 3);
      List<String> calls = new ArrayList<>();
      RecordProcessorCheckpointer[] kept = {null};
      boolean[] interrupted = {false};
      workers.start("a", process -> stuckOnce(workers, process, calls, kept, interrupted));
      workers.runFor(Duration.ofSeconds(10));
      workers.start("b", process -> good(workers));
      workers.runFor(Duration.ofSeconds(90));
      assertThat(workers.owner(0)).isEqualTo("a");
      workers.runUntil("b's", 30, () -> "b".equals(workers.owner(0)));
      assertThat(workers.heard(ProcessorEvent.Abandoned.class)).hasSize(1);
      workers.runUntilProcessed(10);
      workers.worker("b").stop();
      workers.runFor(Duration.ofMinutes(5));
      assertThat(workers.owner(0)).isNull(); // a does not call a processor beside the stuck one
      assertThat(calls).containsExactly("begins");
      workers.runUntil("a's again", 900, () -> "a".equals(workers.owner(0)));
      assertThat(calls).startsWith("begins", "refused");
      assertThat(interrupted[0]).isTrue();
      assertThat(workers.heard(ProcessorEvent.CheckpointRefused.class).get(0).reason())
          .contains("longer than the stuck time-out");
      workers.stream.put(0, 1);
      workers.runUntilProcessed(30);
    }
  }

  /** Hangs for a quarter of an hour in its first call, then tries to checkpoint. */
  private static ShardRecordProcessor stuckOnce(
      SimulatedWorkers workers,
      SimulatedEnvironment process,
      List<String> calls,
      RecordProcessorCheckpointer[] kept,
      boolean[] interrupted) {
    return new ShardRecordProcessor() {
      @Override
      public void processRecords(ProcessRecordsInput input) throws Exception {
        calls.add("begins");
        if (kept[0] == null) {
          kept[0] = input.checkpointer();
          process.pause(Duration.ofMinutes(15));
          interrupted[0] = Thread.currentThread().isInterrupted();
          assertThatThrownBy(() -> kept[0].checkpoint()).isInstanceOf(ShutdownException.class);
          calls.add("refused");
          return;
        }
        workers.remember(input.records());
        input.checkpointer().checkpoint();
      }
    };
  }

  @Test
  void callsThatWaitForTheirTurnAndLeasesThatCannotBeRenewedAreNamed() {
    try (SimulatedWorkers workers = new SimulatedWorkers(6, 2)) {
      workers.stream.put(0, 1);
      workers.stream.put(1, 1);
      Worker worker = workers
          .maxConcurrentCalls(1)
          .start("a", process -> input -> process.pause(Duration.ofSeconds(40)));
      workers.runFor(Duration.ofSeconds(20));
      assertThat(worker.snapshot().health().reasons().toString())
          .contains("processRecords waits for one of 1 calls into processors");
      workers.runFor(Duration.ofMinutes(2));
      assertThat(worker.snapshot().health().status()).isEqualTo(Health.Status.UP);
      workers.tableFaults(new TableFaults(Duration.ofMillis(10), 1, 0, 0));
      workers.runFor(Duration.ofSeconds(15));
      assertThat(worker.snapshot().health().reasons().toString())
          .contains("could not be renewed in time");
      workers.tableFaults(TableFaults.NONE);
      workers.runFor(Duration.ofSeconds(15));
      assertThat(worker.snapshot().health().status()).isEqualTo(Health.Status.UP);
      assertThat(workers.heard(OwnershipEvent.Lost.class)).isEmpty();
    }
  }
}
