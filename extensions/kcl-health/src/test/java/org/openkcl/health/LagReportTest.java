package org.openkcl.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openkcl.WorkerSnapshot;
import org.openkcl.WorkerSnapshot.Phase;
import org.openkcl.WorkerSnapshot.ShardSnapshot;

class LagReportTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final WorkerSnapshot running = snapshot(
      Phase.RUNNING,
      shard("s-1", "orders", NOW.minusMillis(1_500)),
      shard("s-2", "orders", NOW.minusMillis(200)),
      shard("s-1", "\"odd\"", null));

  @Test
  void theGreatestLagCountsOverAllAndPerStream() {
    assertThat(LagReport.of(running, NOW).json()).isEqualTo("""
            {"workerId":"w","phase":"RUNNING","lagMillis":1500,"shards":3,"streams":[\
            {"stream":"\\"odd\\"","lagMillis":0,"shards":1},\
            {"stream":"orders","lagMillis":1500,"shards":2}]}""");
  }

  @Test
  void itGrowsWithTheClockWhileNothingIsCheckpointed() {
    assertThat(LagReport.of(running, NOW.plusSeconds(60)).json())
        .contains("\"lagMillis\":61500,\"shards\":3");
  }

  @ParameterizedTest
  @EnumSource
  void onlyAWorkerAtWorkKnowsItsLag(Phase phase) {
    assertThat(LagReport.of(snapshot(phase), NOW).known()).isEqualTo(phase == Phase.RUNNING);
  }

  private static WorkerSnapshot snapshot(Phase phase, ShardSnapshot... shards) {
    return new WorkerSnapshot(
        "w", phase, List.of(shards), List.of(), new WorkerSnapshot.Memory(0, 0), "");
  }

  private static ShardSnapshot shard(String id, String stream, @Nullable Instant behindSince) {
    return new ShardSnapshot(
        id, stream, "CONSUMING", "1", 0, 0, "", false, false, "", behindSince, NOW);
  }
}
