package org.openkcl.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.openkcl.FailurePolicies;
import org.openkcl.FailurePolicy;
import org.openkcl.FailurePolicy.Action;
import org.openkcl.Health;
import org.openkcl.OwnershipEvent;
import org.openkcl.ProcessorCall;
import org.openkcl.ProcessorEvent;
import org.openkcl.SkippedRecords;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ThrottlingException;

class FailurePoliciesTest {

  /** How a call fails, on the worker that has the policy. */
  private enum Failure {
    ONCE(1),
    FOUR_TIMES(4),
    ALWAYS(Integer.MAX_VALUE),
    ERRORS(4),
    THE_LIBRARYS(6);

    private final int times;

    Failure(int times) {
      this.times = times;
    }

    void happen() throws Exception {
      switch (this) {
        case ONCE, ALWAYS -> throw new IllegalStateException("unchecked");
        case FOUR_TIMES -> throw new Exception("checked");
        case ERRORS -> throw new StackOverflowError("deep");
        case THE_LIBRARYS ->
          throw new ThrottlingException("the table is throttled", new Exception());
      }
    }
  }

  private enum Policy {
    DEFAULT,
    RETRY,
    SKIP,
    RELEASE,
    STOP
  }

  private static final int LIMIT = 3;

  @TestFactory
  Stream<DynamicTest> everythingIsProcessedOrHandedToTheHandler() {
    List<DynamicTest> tests = new ArrayList<>();
    for (ProcessorCall call : ProcessorCall.values()) {
      for (Failure failure : Failure.values()) {
        for (Policy policy : Policy.values()) {
          if (isPossible(call, policy)) {
            tests.add(dynamicTest(
                call + " fails " + failure + " under " + policy,
                () -> play(call, failure, policy)));
          }
        }
      }
    }
    assertThat(tests).hasSize(95);
    return tests.stream();
  }

  private static boolean isPossible(ProcessorCall call, Policy policy) {
    return switch (call) {
      case INITIALIZE, SHUTDOWN_REQUESTED -> policy != Policy.SKIP;
      case PROCESS_RECORDS, SHARD_ENDED -> true;
      case LEASE_LOST -> policy == Policy.DEFAULT;
    };
  }

  /** A stream that is split, a worker that fails, and one that takes over after a minute. */
  private static void play(ProcessorCall call, Failure failure, Policy policy) {
    Set<String> skipped = new TreeSet<>();
    try (SimulatedWorkers workers = new SimulatedWorkers(1, 1)) {
      workers.handling(h -> h.with(policies(call, policy, skipped)));
      int[] left = {failure.times};
      workers.start(
          "a",
          process -> new BufferingProcessor(workers, 7, now -> {
            if (now == call && left[0] > 0) {
              left[0]--;
              failure.happen();
            }
          }));
      workers.stream.put(0, 23);
      workers.runFor(Duration.ofSeconds(5));
      workers.stream.split(0);
      workers.stream.put(1, 9);
      workers.stream.put(2, 3);
      workers.runFor(Duration.ofSeconds(55));
      workers.handling(h -> h);
      workers.start("b", process -> new BufferingProcessor(workers, 0, now -> {}));
      workers.runFor(Duration.ofSeconds(20));
      workers.worker("a").stop();
      workers.runUntil("everything processed or skipped", 300, () -> {
        Set<String> done = new TreeSet<>(workers.processed);
        done.addAll(skipped);
        return done.equals(new TreeSet<>(workers.stream.all()));
      });
      checkSkips(workers, call, failure, policy, skipped);
    }
  }

  private static void checkSkips(
      SimulatedWorkers workers,
      ProcessorCall call,
      Failure failure,
      Policy policy,
      Set<String> skipped) {
    List<ProcessorEvent.Skipped> told = workers.heard(ProcessorEvent.Skipped.class);
    boolean acts =
        policy == Policy.SKIP && failure.times >= LIMIT && failure != Failure.THE_LIBRARYS;
    if (!acts) {
      assertThat(told).isEmpty();
      assertThat(skipped).isEmpty();
      return;
    }
    assertThat(told).isNotEmpty();
    assertThat(told.get(0).skipped().call()).isEqualTo(call);
    assertThat(told.get(0).skipped().failures()).isEqualTo(LIMIT);
    if (call == ProcessorCall.PROCESS_RECORDS) {
      assertThat(told.stream()
              .flatMap(each -> each.skipped().records().stream())
              .map(KinesisClientRecord::sequenceNumber))
          .containsExactlyInAnyOrderElementsOf(skipped);
    }
  }

  private static FailurePolicies policies(ProcessorCall call, Policy policy, Set<String> skipped) {
    FailurePolicy chosen = switch (policy) {
      case DEFAULT -> null;
      case RETRY -> FailurePolicy.retry();
      case SKIP -> FailurePolicy.skipAfter(LIMIT, given -> keep(given, skipped));
      case RELEASE -> FailurePolicy.releaseAfter(LIMIT);
      case STOP -> FailurePolicy.stopAfter(LIMIT);
    };
    return chosen == null ? FailurePolicies.DEFAULT : policies(call, chosen);
  }

  private static FailurePolicies policies(ProcessorCall call, FailurePolicy policy) {
    FailurePolicies all = FailurePolicies.DEFAULT;
    return switch (call) {
      case INITIALIZE -> all.withInitialize(policy);
      case PROCESS_RECORDS -> all.withProcessRecords(policy);
      case SHARD_ENDED -> all.withShardEnded(policy);
      case SHUTDOWN_REQUESTED -> all.withShutdownRequested(policy);
      case LEASE_LOST -> all;
    };
  }

  /** For shardEnded the handler is told a range, which it would have to read again. */
  private static void keep(SkippedRecords given, Set<String> skipped) {
    given.records().forEach(record -> skipped.add(record.sequenceNumber()));
    if (given.call() == ProcessorCall.SHARD_ENDED) {
      String from = given.checkpoint().sequenceNumber();
      int first = Character.isDigit(from.charAt(0)) ? Integer.parseInt(from) + 1 : 1;
      int last = Integer.parseInt(given.through().sequenceNumber());
      for (int i = first; i <= last; i++) {
        skipped.add(Integer.toString(i));
      }
    }
  }

  /** Throws on the given attempts. */
  private static ShardRecordProcessor throwing(
      SimulatedWorkers workers, List<List<String>> attempts, int failures) {
    return new ShardRecordProcessor() {
      @Override
      public void processRecords(ProcessRecordsInput input) throws Exception {
        attempts.add(
            input.records().stream().map(KinesisClientRecord::sequenceNumber).toList());
        if (attempts.size() <= failures) {
          throw new IllegalStateException("attempt " + attempts.size());
        }
        workers.remember(input.records());
        input.checkpointer().checkpoint();
      }
    };
  }

  @Test
  void exactlyTheFailedBatchComesAgainAfterPausesThatDoubleToThirtySeconds() {
    try (SimulatedWorkers workers = new SimulatedWorkers(2, 1)) {
      List<List<String>> attempts = new ArrayList<>();
      workers.stream.put(0, 3);
      Worker worker = workers.start("a", process -> throwing(workers, attempts, 12));
      workers.runUntil("a failure", 10, () -> !attempts.isEmpty());
      workers.stream.put(0, 20);
      workers.runFor(Duration.ofMillis(200));
      assertThat(worker.snapshot().health().status()).isEqualTo(Health.Status.DEGRADED);
      workers.runUntil("the tenth failure", 300, () -> attempts.size() >= 10);
      workers.runFor(Duration.ofMillis(200));
      assertThat(worker.snapshot().health().status()).isEqualTo(Health.Status.DOWN);
      workers.runUntilProcessed(300);
      workers.runFor(Duration.ofSeconds(1));
      assertThat(worker.snapshot().health().status()).isEqualTo(Health.Status.UP);
      assertThat(attempts.subList(0, 13)).containsOnly(List.of("1", "2", "3"));
      assertThat(pausesMillis(workers))
          .startsWith(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L);
    }
  }

  private static List<Long> pausesMillis(SimulatedWorkers workers) {
    List<ProcessorEvent.Failed> failed = workers.heard(ProcessorEvent.Failed.class);
    List<Long> pauses = new ArrayList<>();
    for (int i = 1; i < failed.size(); i++) {
      Duration pause = Duration.between(failed.get(i - 1).at(), failed.get(i).at());
      pauses.add(pause.toMillis() / 100 * 100);
    }
    return pauses;
  }

  @Test
  void aHandlerThatRefusesKeepsTheRecords() {
    try (SimulatedWorkers workers = new SimulatedWorkers(3, 1)) {
      List<List<String>> attempts = new ArrayList<>();
      int[] refusals = {2};
      FailurePolicy policy = FailurePolicy.skipAfter(2, skipped -> {
        if (refusals[0]-- > 0) {
          throw new IllegalStateException("the queue of dead letters is full");
        }
      });
      workers.handling(h -> h.with(FailurePolicies.DEFAULT.withProcessRecords(policy)));
      workers.stream.put(0, 3);
      workers.start("a", process -> throwing(workers, attempts, Integer.MAX_VALUE));
      workers.runFor(Duration.ofSeconds(30));
      assertThat(attempts).hasSize(4); // the first, and three that the handler was asked about
      assertThat(workers.heard(ProcessorEvent.Skipped.class)).hasSize(1);
      List<ProcessorEvent.Failed> failed = workers.heard(ProcessorEvent.Failed.class);
      assertThat(failed).hasSize(3);
      assertThat(failed.get(2).next()).contains(Action.RETRY);
      assertThat(failed.get(2).failure().getSuppressed()).hasSize(1);
    }
  }

  @Test
  void aSkippedBatchIsCoveredByTheNextCheckpointAndDoesNotKeepTheShardFromEnding() {
    try (SimulatedWorkers workers = new SimulatedWorkers(4, 1)) {
      FailurePolicy policy = FailurePolicy.skipAfter(1);
      workers.handling(h -> h.with(FailurePolicies.DEFAULT.withProcessRecords(policy)));
      workers.stream.put(0, 5);
      workers.start("a", process -> new ShardRecordProcessor() {
        @Override
        public void processRecords(ProcessRecordsInput input) throws Exception {
          if (input.records().get(0).sequenceNumber().equals("6")) {
            throw new IllegalStateException("poison");
          }
          input.checkpointer().checkpoint();
        }

        @Override
        public void shardEnded(ShardEndedInput input) {} // everything it was given is done
      });
      workers.runUntil("the first batch", 10, () -> workers.checkpoint(0).equals("5"));
      workers.stream.put(0, 2);
      workers.stream.split(0);
      workers.runUntil("the end", 30, () -> workers.checkpoint(0).equals("SHARD_END"));
      assertThat(workers.heard(ProcessorEvent.Skipped.class).get(0).skipped().records())
          .hasSize(2);
      assertThat(workers.heard(ProcessorEvent.EndRefused.class)).isEmpty();
    }
  }

  @Test
  void aReleasedShardGoesToAnotherWorkerAndIsNotTakenBackAtOnce() {
    try (SimulatedWorkers workers = new SimulatedWorkers(5, 1)) {
      List<List<String>> attempts = new ArrayList<>();
      workers.handling(
          h -> h.with(FailurePolicies.DEFAULT.withProcessRecords(FailurePolicy.releaseAfter(2))));
      workers.stream.put(0, 3);
      workers.start("a", process -> throwing(workers, attempts, Integer.MAX_VALUE));
      workers.runUntil(
          "the release", 30, () -> !workers.heard(OwnershipEvent.Released.class).isEmpty());
      assertThat(attempts).hasSize(2);
      workers.runFor(Duration.ofSeconds(20));
      assertThat(workers.owner(0)).isNull(); // nobody else is there, and a keeps away
      workers.runFor(Duration.ofSeconds(15));
      assertThat(attempts.size()).isGreaterThan(2); // still nobody: a tries again
      workers.start("b", process -> throwing(workers, new ArrayList<>(), 0));
      workers.runUntil("b's", 60, () -> "b".equals(workers.owner(0)));
      workers.runUntilProcessed(10);
    }
  }

  @Test
  void aWorkerThatStopsByPolicySaysWhy() {
    try (SimulatedWorkers workers = new SimulatedWorkers(6, 1)) {
      workers.handling(
          h -> h.with(FailurePolicies.DEFAULT.withProcessRecords(FailurePolicy.stopAfter(2))));
      workers.stream.put(0, 3);
      Worker worker =
          workers.start("a", process -> throwing(workers, new ArrayList<>(), Integer.MAX_VALUE));
      Throwable[] reason = {null};
      worker.stopped().whenComplete((done, failure) -> reason[0] = failure);
      workers.runUntil("stopped", 30, () -> reason[0] != null);
      assertThat(reason[0])
          .hasMessageContaining(
              "processRecords of shard stream/shardId-000000000000 failed 2 times")
          .hasRootCauseMessage("attempt 2");
      assertThat(workers.owner(0)).isNull();
      assertThat(workers.checkpoint(0)).isEqualTo("TRIM_HORIZON");
    }
  }

  @Test
  void shutdownRequestedIsRetriedWithinTheDrainTimeoutIfThatIsAskedFor() {
    try (SimulatedWorkers workers = new SimulatedWorkers(7, 1)) {
      workers.handling(
          h -> h.with(FailurePolicies.DEFAULT.withShutdownRequested(FailurePolicy.retry())));
      int[] calls = {0};
      workers.stream.put(0, 3);
      Worker worker = workers.start(
          "a",
          process -> new BufferingProcessor(workers, 7, call -> {
            if (call == ProcessorCall.SHUTDOWN_REQUESTED && ++calls[0] < 4) {
              throw new IllegalStateException("not yet");
            }
          }));
      workers.runFor(Duration.ofSeconds(5));
      worker.stop();
      workers.runUntil("released", 30, () -> workers.owner(0) == null);
      assertThat(calls[0]).isEqualTo(4);
      assertThat(workers.checkpoint(0)).isEqualTo("3");
    }
  }

  @Test
  void policiesSayWhatCannotBe() {
    assertThatThrownBy(() -> FailurePolicies.DEFAULT.withInitialize(FailurePolicy.skipAfter(1)))
        .hasMessageContaining("initialize cannot be skipped");
    assertThatThrownBy(
            () -> FailurePolicies.DEFAULT.withShutdownRequested(FailurePolicy.skipAfter(1)))
        .hasMessageContaining("shutdownRequested cannot be skipped");
    assertThatThrownBy(() -> FailurePolicy.releaseAfter(0)).hasMessageContaining("failures=0");
    assertThatThrownBy(
            () -> FailurePolicy.retry().withPauses(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .hasMessageContaining("first=PT2S");
    FailurePolicy policy = FailurePolicy.stopAfter(3);
    assertThat(policy.actionAfter(2)).isEqualTo(Action.RETRY);
    assertThat(policy.actionAfter(3)).isEqualTo(Action.STOP);
    assertThat(policy.pauseAfter(1_000)).isEqualTo(Duration.ofSeconds(30));
  }
}
