package org.openkcl.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openkcl.benchmarks.probe.WorkerEvent;
import org.openkcl.benchmarks.probe.WorkerEvent.Kind;

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

  @Test
  void aSilenceIsFromReturnToCallWhoeverCalls() {
    Timeline timeline = new Timeline(List.of(
        entry("a", Kind.BATCH, 1_000_000, 1_100_000),
        entry("a", Kind.BATCH, 1_500_000, 1_600_000),
        entry("b", Kind.BATCH, 4_600_000, 4_700_000),
        entry("b", Kind.BATCH, 9_000_000, 9_100_000)));
    assertThat(timeline.longestSilences(1_400_000, 4_600_000))
        .containsExactly(Map.entry("shard", 3.0));
    assertThat(timeline.longestSilences(0, 1_200_000)).containsExactly(Map.entry("shard", 0.4));
  }

  @Test
  void figuresKeepTheirOrder() {
    Timeline timeline = new Timeline(List.of(
        figure("a", "threads", "7"), figure("b", "threads", "8"), figure("a", "threads", "9")));
    assertThat(timeline.figures("a", "threads")).hasSize(2);
    assertThat(timeline.lastFigure("a", "threads")).isEqualTo(9);
  }

  private static Timeline.Entry figure(String worker, String name, String value) {
    return new Timeline.Entry(worker, new WorkerEvent(Kind.FIGURE, name, 1, 1, List.of(value)));
  }

  private static Timeline.Entry entry(String worker, Kind kind, long from, long to, String... ids) {
    return new Timeline.Entry(worker, new WorkerEvent(kind, "shard", from, to, List.of(ids)));
  }
}
