package org.openkcl.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultTest {
  @Test
  void theMedianOfAnOddNumberIsTheMiddleOne() {
    assertThat(Summary.of(List.of(5.0, 1.0, 2.0))).isEqualTo(new Summary(2, 1, 5));
  }

  @Test
  void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
    assertThat(Summary.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(new Summary(2.5, 1, 4));
  }

  @Test
  void nothingHasNoSummary() {
    assertThatIllegalArgumentException().isThrownBy(() -> Summary.of(List.of()));
  }

  @Test
  void aResultIsOneLineOfJson() {
    Metric metric = Metric.seconds("firstRecordSeconds").atMost(3);
    Result result = new Result(
        "start",
        4,
        metric,
        Map.of(
            Library.OPENKCL, new Summary(1.25, 1, 2), Library.AMAZON, new Summary(100, 99, 101.5)));
    assertThat(result.toJson())
        .isEqualTo("{\"scenario\":\"start\",\"shards\":4,\"metric\":\"firstRecordSeconds\","
            + "\"unit\":\"s\",\"openkcl\":1.250,\"amazon\":100,\"ratio\":80,"
            + "\"amazonTuned\":null,\"ratioTuned\":null,\"openkclSpread\":[1,2],"
            + "\"amazonSpread\":[99,101.500],\"amazonTunedSpread\":null}");
  }

  @Test
  void aRatioAboveOneSaysThatOpenKclIsBetter() {
    assertThat(Metric.seconds("gap").ratio(2, 8)).isEqualTo(4);
    assertThat(Metric.rate("records", "rec/s").ratio(8, 2)).isEqualTo(4);
    assertThat(Metric.count("duplicates", "records").ratio(0, 0)).isEqualTo(1);
  }

  @Test
  void aRatioWithoutAnEndIsNullInJson() {
    Result result = new Result(
        "deploy",
        4,
        Metric.count("duplicates", "records"),
        Map.of(Library.OPENKCL, new Summary(0, 0, 0), Library.AMAZON, new Summary(7, 7, 7)));
    assertThat(result.toJson()).contains("\"openkcl\":0,\"amazon\":7,\"ratio\":null");
    assertThat(result.toRow()).contains("inf");
  }

  @Test
  void aRowTellsWhetherTheLimitHolds() {
    Metric metric = Metric.seconds("gapSeconds").atMost(1);
    assertThat(ours(metric, new Summary(0.5, 0.1, 1)).toRow()).endsWith("at most 1  ok");
    assertThat(ours(metric, new Summary(0.5, 0.1, 1.001)).toRow()).endsWith("at most 1  MISSED");
  }

  @Test
  void aRatioThatWasPromisedIsHeldAgainstTheMedians() {
    Metric metric = Metric.seconds("gapSeconds").ratioAtLeast(4);
    Summary ours = new Summary(2, 1, 3);
    assertThat(new Result(
                "deploy",
                4,
                metric,
                Map.of(Library.OPENKCL, ours, Library.AMAZON, new Summary(8, 1, 9)))
            .isMissed())
        .isFalse();
    assertThat(new Result(
                "deploy",
                4,
                metric,
                Map.of(Library.OPENKCL, ours, Library.AMAZON, new Summary(7.9, 1, 9)))
            .isMissed())
        .isTrue();
    assertThat(ours(metric, ours).isMissed()).isFalse();
  }

  private static Result ours(Metric metric, Summary summary) {
    return new Result("handover", 4, metric, Map.of(Library.OPENKCL, summary));
  }
}
