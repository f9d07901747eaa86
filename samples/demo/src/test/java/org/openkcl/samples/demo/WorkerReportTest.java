package org.openkcl.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WorkerReportTest {
  private static final WorkerReport REPORT = new WorkerReport(
      1_700_000_000_000_000L,
      new TreeMap<>(Map.of("shardId-000000000000", -1L, "shardId-000000000012", 340L)));

  @Test
  void isReadAsItIsPrinted() {
    assertThat(WorkerReport.parse(REPORT.line())).contains(REPORT);
    WorkerReport idle = new WorkerReport(1, new TreeMap<>());
    assertThat(WorkerReport.parse(idle.line())).contains(idle);
  }

  @Test
  void otherOutputIsNone() {
    assertThat(WorkerReport.parse("hello")).isEmpty();
  }

  @Test
  void isShortForPeople() {
    assertThat(REPORT.describe()).isEqualTo("shards 0, 12, 0.3 s behind");
    assertThat(new WorkerReport(1, new TreeMap<>(Map.of("shardId-000000000004", -1L))).describe())
        .isEqualTo("shard 4");
    assertThat(new WorkerReport(1, new TreeMap<>()).describe()).isEqualTo("no shards");
  }
}
