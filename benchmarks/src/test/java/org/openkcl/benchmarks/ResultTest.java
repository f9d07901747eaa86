package org.openkcl.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTest {
  @Test
  void theMedianOfAnOddNumberIsTheMiddleOne() {
    assertThat(Summary.of(List.of(5.0, 1.0, 2.0))).isEqualTo(new Summary(2, 5));
  }

  @Test
  void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
    assertThat(Summary.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(new Summary(2.5, 4));
  }

  @Test
  void nothingHasNoSummary() {
    assertThatIllegalArgumentException().isThrownBy(() -> Summary.of(List.of()));
  }

  @Test
  void aResultIsOneLineOfJson() {
    Metric metric = Metric.seconds("firstRecordSeconds").atMost(3);
    assertThat(new Result("start", 4, metric, new Summary(1.23456, 2)).toJson())
        .isEqualTo("{\"scenario\":\"start\",\"shards\":4,\"metric\":\"firstRecordSeconds\","
            + "\"unit\":\"s\",\"openkcl\":1.235,\"worst\":2,\"amazon\":null,\"ratio\":null}");
  }

  @Test
  void aRowTellsWhetherTheLimitHolds() {
    Metric metric = Metric.seconds("gapSeconds").atMost(1);
    assertThat(new Result("handover", 4, metric, new Summary(0.5, 1)).toRow())
        .endsWith("at most 1  ok");
    assertThat(new Result("handover", 4, metric, new Summary(0.5, 1.001)).toRow())
        .endsWith("at most 1  MISSED");
  }
}
