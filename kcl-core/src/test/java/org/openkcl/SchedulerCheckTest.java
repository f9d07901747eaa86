package org.openkcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SchedulerCheckTest {

  private static SchedulerBuilder complete() {
    return Scheduler.builder()
        .applicationName("checked")
        .streamName("orders")
        .initialPosition(InitialPosition.latest())
        .clients(builder -> {
          throw new AssertionError("no client is built by a check");
        })
        .processor(() -> batch -> {});
  }

  @Test
  void settingsThatFitPassAndNothingIsStarted() {
    assertThatCode(() -> complete().check()).doesNotThrowAnyException();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().contains("checked"));
  }

  @Test
  void whatBuildWouldRefuseIsRefused() {
    assertThatThrownBy(() -> Scheduler.builder().check())
        .hasMessageStartingWith("applicationName must be set");
    assertThatThrownBy(() -> Scheduler.builder().applicationName("a").check())
        .hasMessageStartingWith("streamName must be set");
    assertThatThrownBy(() -> complete().failoverTime(Duration.ofMillis(1)).check())
        .hasMessageStartingWith("failoverTime must be at least 1 second");
    assertThatThrownBy(() -> complete().memoryBudgetBytes(0).check())
        .hasMessageContaining("memory budget");
    assertThatThrownBy(() -> complete()
            .retrieval(Retrieval.fanOut())
            .idleTimeBetweenReads(Duration.ofSeconds(1))
            .check())
        .hasMessageStartingWith("idleTimeBetweenReads is a setting of polling");
  }
}
