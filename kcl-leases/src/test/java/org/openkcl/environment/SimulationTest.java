package org.openkcl.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class SimulationTest {

  @Test
  void equalSeedsGiveEqualRunsAndOthersDiffer() {
    assertThat(trace(7)).isEqualTo(trace(7));
    assertThat(trace(7)).isNotEqualTo(trace(8));
  }

  private static List<String> trace(long seed) {
    List<String> trace = new ArrayList<>();
    try (Simulation world = new Simulation(seed)) {
      for (String name : List.of("a", "b", "c")) {
        SimulatedEnvironment process = world.newProcess(name);
        EventLoop loop = process.newEventLoop(name);
        for (int i = 0; i < 5; i++) {
          int n = i;
          loop.execute(() -> trace.add(name + n + "@" + process.nanoTime()));
          process.runBlocking(name, () -> trace.add(name + n + " blocking"));
        }
      }
      world.runFor(Duration.ofSeconds(1));
    }
    return trace;
  }

  @Test
  void aLoopRunsItsTasksInOrderAndKnowsItself() {
    try (Simulation world = new Simulation(1)) {
      EventLoop loop = world.newProcess("a").newEventLoop("loop");
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        int n = i;
        loop.execute(() -> {
          assertThat(loop.inLoop()).isTrue();
          order.add(n);
        });
      }
      world.runFor(Duration.ofMillis(50));
      assertThat(order).isSorted().hasSize(100);
      assertThat(loop.inLoop()).isFalse();
    }
  }

  @Test
  void awaitHandsTheTurnBackAndComesBackWithTheValue() {
    try (Simulation world = new Simulation(1)) {
      SimulatedEnvironment process = world.newProcess("a");
      EventLoop loop = process.newEventLoop("loop");
      CompletableFuture<String> reply = new CompletableFuture<>();
      List<String> trace = new ArrayList<>();
      process.runBlocking("call", () -> {
        trace.add("asked");
        try {
          trace.add(process.await(reply, Duration.ofSeconds(10)));
        } catch (Exception e) {
          trace.add(e.toString());
        }
      });
      loop.schedule(Duration.ofSeconds(3), () -> reply.complete("answered"));
      world.runFor(Duration.ofSeconds(2));
      assertThat(trace).containsExactly("asked");
      world.runFor(Duration.ofSeconds(2));
      assertThat(trace).containsExactly("asked", "answered");
    }
  }

  @Test
  void awaitTimesOutOnVirtualTimeAndIsForbiddenOnALoop() {
    try (Simulation world = new Simulation(1)) {
      SimulatedEnvironment process = world.newProcess("a");
      List<Object> outcome = new ArrayList<>();
      process.runBlocking(
          "call",
          () -> assertThatThrownBy(
                  () -> process.await(new CompletableFuture<>(), Duration.ofMinutes(5)))
              .isInstanceOf(TimeoutException.class)
              .satisfies(outcome::add));
      process
          .newEventLoop("loop")
          .execute(() -> assertThatThrownBy(
                  () -> process.await(new CompletableFuture<>(), Duration.ofMinutes(5)))
              .isInstanceOf(IllegalStateException.class));
      world.runFor(Duration.ofMinutes(6));
      assertThat(outcome).hasSize(1);
    }
  }

  @Test
  void aFrozenProcessStandsStillAndCatchesUp() {
    try (Simulation world = new Simulation(1)) {
      SimulatedEnvironment process = world.newProcess("a");
      EventLoop loop = process.newEventLoop("loop");
      List<Long> at = new ArrayList<>();
      loop.schedule(Duration.ofSeconds(1), () -> at.add(world.nanoTime()));
      process.freeze();
      world.schedule(Duration.ofSeconds(9), process::thaw);
      world.runFor(Duration.ofSeconds(8));
      assertThat(at).isEmpty();
      world.runFor(Duration.ofSeconds(2));
      assertThat(at).hasSize(1).allMatch(nanos -> nanos >= 9_000_000_000L);
    }
  }

  @Test
  void aCrashUnwindsUserCodeThatWaitsAndSilencesTheProcess() {
    try (Simulation world = new Simulation(1)) {
      SimulatedEnvironment process = world.newProcess("a");
      List<String> trace = new ArrayList<>();
      process.runBlocking("call", () -> {
        try {
          process.pause(Duration.ofSeconds(10));
          trace.add("went on");
        } finally {
          trace.add("unwound");
        }
      });
      process.newEventLoop("loop").schedule(Duration.ofSeconds(5), () -> trace.add("loop went on"));
      world.schedule(Duration.ofSeconds(2), process::crash);
      world.runFor(Duration.ofSeconds(20));
      assertThat(trace).containsExactly("unwound");
    }
  }

  @Test
  void aFailureOnALoopEndsTheRun() {
    try (Simulation world = new Simulation(1)) {
      world.newProcess("a").newEventLoop("loop").execute(() -> {
        throw new IllegalStateException("broken invariant");
      });
      assertThatThrownBy(() -> world.runFor(Duration.ofSeconds(1)))
          .hasMessageContaining("broken invariant");
    }
  }

  @Test
  void clocksRunAtTheirOwnPaceAndTimersWithThem() {
    try (Simulation world = new Simulation(1)) {
      SimulatedEnvironment process = world.newProcess("fast");
      world.runFor(Duration.ofSeconds(100));
      process.setClockPace(1.25);
      process.moveWallClock(Duration.ofSeconds(-3));
      List<Long> fired = new ArrayList<>();
      process
          .newEventLoop("loop")
          .schedule(Duration.ofSeconds(10), () -> fired.add(world.nanoTime() / 1_000_000_000));
      world.runFor(Duration.ofSeconds(20));
      assertThat(fired).containsExactly(108L);
      assertThat(Duration.ofNanos(process.nanoTime())).isEqualTo(Duration.ofSeconds(125));
      assertThat(process.now()).isEqualTo(world.instant().plusSeconds(2));
    }
  }

  @Test
  void aMonotonicClockThatFallsBehindStandsStillAndNeverGoesBack() {
    try (Simulation world = new Simulation(1)) {
      SimulatedEnvironment process = world.newProcess("a");
      world.runFor(Duration.ofSeconds(10));
      long before = process.nanoTime();
      process.delayMonotonicClock(Duration.ofSeconds(3));
      world.runFor(Duration.ofSeconds(2));
      assertThat(process.nanoTime()).isEqualTo(before);
      world.runFor(Duration.ofSeconds(2));
      assertThat(process.nanoTime()).isEqualTo(before + 1_000_000_000L);
    }
  }
}
