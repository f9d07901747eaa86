package org.openkcl.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openkcl.benchmarks.WorkerEvent.Kind;

class TimelineTest {
  private static final Timeline MOVED = new Timeline(List.of(
      entry("a", Kind.INITIALIZE, 1_000_000, 1_000_000),
      entry("a", Kind.RECORDS, 2_000_000, 2_000_000, "0:0", "0:1"),
      entry("a", Kind.BATCH, 2_000_000, 2_100_000),
      entry("b", Kind.INITIALIZE, 2_300_000, 2_300_000),
      entry("b", Kind.RECORDS, 2_600_000, 2_600_000, "0:1", "0:2"),
      entry("b", Kind.BATCH, 2_600_000, 2_700_000)));

  @Test
  void anEventSurvivesItsLine() {
    WorkerEvent batch = new WorkerEvent(Kind.BATCH, "shard", 1, 2, List.of("0:0", "0:1"));
    WorkerEvent bare = new WorkerEvent(Kind.STARTING, "-", 1, 2, List.of());
    assertThat(WorkerEvent.ofLine(batch.toLine())).contains(batch);
    assertThat(WorkerEvent.ofLine(bare.toLine())).contains(bare);
  }

  @Test
  void anotherLineIsNoEvent() {
    assertThat(WorkerEvent.ofLine("something a library prints on its own account"))
        .isEmpty();
  }

  @Test
  void aShardBelongsToWhoInitializedItLast() {
    assertThat(MOVED.shardsOf("a")).isEmpty();
    assertThat(MOVED.shardsOf("b")).containsExactly("shard");
  }

  @Test
  void theGapIsFromLastReturnToFirstCall() {
    assertThat(MOVED.gapsSeconds(Set.of("shard"), "a", Kind.BATCH, "b")).containsExactly(0.5);
  }

  @Test
  void aRecordDeliveredTwiceIsADuplicate() {
    assertThat(MOVED.duplicates()).isEqualTo(1);
    assertThat(MOVED.processed()).containsExactlyInAnyOrder("0:0", "0:1", "0:2");
  }

  private static Timeline.Entry entry(String worker, Kind kind, long from, long to, String... ids) {
    return new Timeline.Entry(worker, new WorkerEvent(kind, "shard", from, to, List.of(ids)));
  }
}
