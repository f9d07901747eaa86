package org.openkcl.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SystemEnvironmentTest {

  @Test
  void aLoopRunsTasksInOrderAndSurvivesAFailure() throws Exception {
    try (Environment environment = Environment.system();
        EventLoop loop = environment.newEventLoop("test-loop")) {
      List<Integer> order = new ArrayList<>();
      CompletableFuture<Boolean> done = new CompletableFuture<>();
      loop.execute(() -> {
        throw new IllegalStateException("a task may fail");
      });
      for (int i = 0; i < 1_000; i++) {
        int n = i;
        loop.execute(() -> order.add(n));
      }
      loop.execute(() -> done.complete(loop.inLoop()));
      assertThat(environment.await(done, Duration.ofSeconds(30))).isTrue();
      assertThat(order).isSorted().hasSize(1_000);
      assertThat(loop.inLoop()).isFalse();
    }
  }

  @Test
  void aBusyProcessorShowsInTheLoad() throws Exception {
    try (Environment environment = Environment.system()) {
      environment.cpuPercent();
      long end = environment.nanoTime() + Duration.ofMillis(500).toNanos();
      long spun = 0;
      while (environment.nanoTime() - end < 0) {
        spun++;
      }
      assertThat(spun).isPositive();
      double percent = environment.cpuPercent().orElseThrow();
      double oneProcessor = 100.0 / Runtime.getRuntime().availableProcessors();
      assertThat(percent).isBetween(oneProcessor / 4, 100.0);
    }
  }

  @Test
  void waitingOnALoopIsRefused() throws Exception {
    try (Environment environment = Environment.system();
        EventLoop loop = environment.newEventLoop("test-loop")) {
      CompletableFuture<Throwable> refusal = new CompletableFuture<>();
      loop.execute(() -> {
        try {
          environment.await(new CompletableFuture<>(), Duration.ofSeconds(30));
        } catch (Exception e) {
          refusal.complete(e);
        }
      });
      assertThat(refusal.get(30, TimeUnit.SECONDS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("event loop");
    }
  }

  @Test
  void blockingCallsRunAllAtOnceAndAreInterruptedAtTheEnd() throws Exception {
    CountDownLatch allRunning = new CountDownLatch(64);
    CountDownLatch interrupted = new CountDownLatch(64);
    try (Environment environment = Environment.system()) {
      for (int i = 0; i < 64; i++) {
        environment.runBlocking("call-" + i, () -> {
          allRunning.countDown();
          assertThatThrownBy(() -> new CountDownLatch(1).await())
              .isInstanceOf(InterruptedException.class);
          interrupted.countDown();
        });
      }
      assertThat(allRunning.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
  }
}
