package org.openkcl.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.openkcl.ConsumerEvent;
import org.openkcl.ConsumerListener;
import org.openkcl.Health;
import org.openkcl.OwnershipEvent;
import org.openkcl.ProcessorEvent;
import org.openkcl.WorkerEvent;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.RateLimitedLog;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.Ownership;
import org.openkcl.processor.ShardRecordProcessor;
import org.slf4j.helpers.NOPLogger;

class ConsumerEventsTest {

  private static ShardRecordProcessor good(SimulatedWorkers workers) {
    return input -> {
      workers.remember(input.records());
      input.checkpointer().checkpoint();
    };
  }

  @Test
  void theLifeOfAWorkerAndItsShardsIsToldInOrder() {
    try (SimulatedWorkers workers = new SimulatedWorkers(1, 1)) {
      workers.stream.put(0, 2);
      boolean[] thrown = {false};
      Worker worker = workers.start("a", process -> input -> {
        if (!thrown[0]) {
          thrown[0] = true;
          throw new IllegalStateException("once");
        }
        good(workers).processRecords(input);
      });
      workers.runUntilProcessed(20);
      workers.stream.split(0);
      workers.runUntil("the end", 20, () -> workers.checkpoint(0).equals("SHARD_END"));
      workers.runFor(Duration.ofSeconds(2));
      worker.stop();
      workers.runUntil(
          "stopped", 20, () -> !workers.heard(WorkerEvent.Stopped.class).isEmpty());
      workers.runFor(Duration.ofSeconds(1));
      List<String> names =
          workers.events.stream().map(event -> event.getClass().getSimpleName()).toList();
      assertThat(names)
          .containsSubsequence(
              "Started",
              "Failed",
              "HealthChanged",
              "HealthChanged",
              "Ended",
              "Leaving",
              "Released");
      assertThat(names.get(names.size() - 1)).isEqualTo("Stopped");
      assertThat(workers.heard(OwnershipEvent.Started.class)).hasSize(3);
      assertThat(workers.heard(OwnershipEvent.Ended.class)).hasSize(1);
      assertThat(workers.heard(OwnershipEvent.Released.class)).hasSize(2);
      assertThat(workers.heard(ProcessorEvent.Failed.class).get(0).cause()).isPresent();
      workers.events.forEach(event -> assertThat(event.message()).isNotBlank());
      assertThat(workers.heard(WorkerEvent.HealthChanged.class))
          .filteredOn(event -> event.now().status() == Health.Status.DOWN)
          .as("that it was told to stop is nothing to act on")
          .isNotEmpty()
          .allMatch(event -> event.severity() == ConsumerEvent.Severity.INFO);
    }
  }

  @Test
  void aLostLeaseIsToldWithItsReasonAndLaterCheckpointsSayIt() {
    try (SimulatedWorkers workers = new SimulatedWorkers(2, 1)) {
      workers.stream.put(0, 2);
      List<String> refusals = new ArrayList<>();
      workers.start("a", process -> input -> {
        process.pause(Duration.ofSeconds(30));
        try {
          input.checkpointer().checkpoint();
        } catch (Exception refused) {
          refusals.add(String.valueOf(refused.getMessage()));
          throw refused;
        }
      });
      workers.runFor(Duration.ofSeconds(10));
      LeaseKey key = new LeaseKey(StreamInMemory.idOf(0));
      Lease lease = Objects.requireNonNull(workers.table.rows().get(key));
      workers.table.put(new Lease(
          key,
          new Ownership("thief", null, lease.counter() + 1, 0, null),
          lease.progress(),
          lease.shard(),
          lease.throughputKBps(),
          lease.lagSeconds()));
      workers.runUntil("refused", 60, () -> !refusals.isEmpty());
      workers.runFor(Duration.ofSeconds(1)); // the listener hears of it a moment later
      assertThat(workers.heard(OwnershipEvent.Lost.class)).hasSize(1);
      assertThat(workers.heard(OwnershipEvent.Lost.class).get(0).reason())
          .contains("worker thief owns it now");
      assertThat(refusals.get(0)).contains("worker thief owns it now");
      assertThat(workers.heard(ProcessorEvent.CheckpointRefused.class)).isNotEmpty();
    }
  }

  @Test
  void aListenerThatThrowsAndOneThatHangsHarmNothing() {
    try (SimulatedWorkers workers = new SimulatedWorkers(3, 1)) {
      SimulatedEnvironment elsewhere = workers.world.newProcess("elsewhere");
      workers.handling(h -> h.with(event -> {
            throw new IllegalStateException("a listener's");
          })
          .with(event -> elsewhere.pause(Duration.ofHours(1))));
      workers.stream.put(0, 20);
      Worker worker = workers.start("a", process -> good(workers));
      workers.runUntilProcessed(20);
      boolean[] stopped = {false};
      worker.stop().whenComplete((done, failure) -> stopped[0] = true);
      workers.runUntil("stopped though a listener hangs", 5, () -> stopped[0]);
      assertThat(workers.heard(WorkerEvent.Started.class)).hasSize(1);
    }
  }

  @Test
  void aSlowListenerIsToldHowManyEventsItMissed() {
    try (Simulation world = new Simulation(4)) {
      SimulatedEnvironment process = world.newProcess("a");
      EventLoop loop = process.newEventLoop("a");
      List<ConsumerEvent> heard = new ArrayList<>();
      List<ConsumerEvent> measured = new ArrayList<>();
      ConsumerListener slow = event -> {
        process.pause(Duration.ofMillis(1));
        heard.add(event);
      };
      ListenerQueue queue = new ListenerQueue(
          process, loop, slow, measured::add, new RateLimitedLog(process, NOPLogger.NOP_LOGGER));
      for (int i = 0; i < 1_500; i++) {
        int number = i;
        loop.execute(() -> queue.add(new WorkerEvent.Leaving(process.now(), "a", number)));
      }
      world.runFor(Duration.ofMinutes(1));
      List<Long> dropped = heard.stream()
          .filter(WorkerEvent.EventsDropped.class::isInstance)
          .map(event -> ((WorkerEvent.EventsDropped) event).count())
          .toList();
      assertThat(dropped).hasSize(1);
      assertThat(measured).hasSize(1).isSubsetOf(heard);
      assertThat(heard.size() - 1 + dropped.get(0)).isEqualTo(1_500);
      List<Integer> numbers = heard.stream()
          .filter(WorkerEvent.Leaving.class::isInstance)
          .map(event -> ((WorkerEvent.Leaving) event).shards())
          .toList();
      assertThat(numbers).isSorted().startsWith(0, 1, 2);
    }
  }

  @Test
  void healthIsToldOnlyWhenItsStatusChanges() {
    try (SimulatedWorkers workers = new SimulatedWorkers(5, 1)) {
      workers.stream.put(0, 1);
      int[] failures = {0};
      workers.start("a", process -> input -> {
        if (failures[0]++ < 12) {
          throw new IllegalStateException("not yet");
        }
        good(workers).processRecords(input);
      });
      workers.runUntilProcessed(600);
      workers.runFor(Duration.ofSeconds(2));
      List<Health.Status> statuses = workers.heard(WorkerEvent.HealthChanged.class).stream()
          .map(event -> event.now().status())
          .toList();
      assertThat(statuses)
          .containsExactly(
              Health.Status.UP, Health.Status.DEGRADED, Health.Status.DOWN, Health.Status.UP);
    }
  }
}
