package org.openkcl.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openkcl.WorkerSnapshot;
import org.openkcl.WorkerSnapshot.Phase;
import org.openkcl.WorkerSnapshot.ShardSnapshot;

class HealthReportTest {
  @ParameterizedTest
  @CsvSource({
    "STARTING, 0, true, false, DEGRADED",
    "RUNNING, 0, true, true, UP",
    "RUNNING, 1, true, true, DEGRADED",
    "RUNNING, 10, true, false, DOWN",
    "DRAINING, 0, true, false, DEGRADED",
    "STOPPED, 0, false, false, DOWN",
  })
  void eachPhaseHasItsAnswers(
      Phase phase, int failures, boolean live, boolean ready, String status) {
    HealthReport report = HealthReport.of(snapshot(phase, failures, "boom", ""));

    assertThat(report.live()).isEqualTo(live);
    assertThat(report.ready()).isEqualTo(ready);
    assertThat(report.json()).contains("\"status\":\"" + status + "\"");
  }

  @Test
  void aWorkerThatHasEndedByItselfIsNotLiveAndSaysWhy() {
    HealthReport report = HealthReport.of(snapshot(Phase.STOPPED, 0, "", "Stream 'x' is gone"));

    assertThat(report.live()).isFalse();
    assertThat(report.json()).contains("\"reasons\":[\"Stream 'x' is gone\"]");
  }

  @Test
  void whatExceptionsSayStaysOneJsonString() {
    HealthReport report =
        HealthReport.of(snapshot(Phase.RUNNING, 1, "\"a\\b\"\n\tc\u0000 \ud800 ä", ""));

    assertThat(report.json()).contains("\\\"a\\\\b\\\"\\u000a\\u0009c\\u0000 \\ud800 ä\"]}");
  }

  private static WorkerSnapshot snapshot(Phase phase, int failures, String last, String failure) {
    ShardSnapshot shard = new ShardSnapshot(
        "shardId-0",
        "s",
        "CONSUMING",
        "TRIM_HORIZON",
        0,
        failures,
        last,
        false,
        false,
        "",
        null,
        Instant.EPOCH);
    return new WorkerSnapshot(
        "w", phase, List.of(shard), List.of(), new WorkerSnapshot.Memory(0, 0), failure);
  }
}
