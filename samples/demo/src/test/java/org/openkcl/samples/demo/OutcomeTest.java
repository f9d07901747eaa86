package org.openkcl.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openkcl.samples.demo.proof.DelayStatistics;
import org.openkcl.samples.demo.proof.Timings;
import org.openkcl.samples.demo.proof.Verdict;

class OutcomeTest {
  private static final Timings TIMINGS = new Timings(
      OptionalDouble.of(1.25), OptionalDouble.of(10.6), OptionalLong.of(230), List.of());

  @Test
  void isOneJsonObject() {
    Outcome outcome = new Outcome(
        new Verdict(20, 20, 3, 0, 0, 0, List.of()), TIMINGS, DelayStatistics.of(Stream.empty()));

    assertThat(outcome.json())
        .isEqualTo("{\"ok\":true,\"records\":20,\"delivered\":20,\"duplicates\":3,\"lost\":0,"
            + "\"outOfOrder\":0,\"firstRecordSeconds\":1.250,\"takeoverSeconds\":10.600,"
            + "\"handoverGapMillis\":230}");
    assertThat(outcome.text()).contains("OK: every record was processed");
  }

  @Test
  void saysWhatIsWrong() {
    Outcome outcome = new Outcome(
        new Verdict(20, 19, 0, 1, 0, 0, List.of("one is missing")),
        TIMINGS,
        DelayStatistics.of(Stream.empty()));

    assertThat(outcome.json()).startsWith("{\"ok\":false,").contains("\"lost\":1");
    assertThat(outcome.text()).contains("FAILED").contains("  - one is missing");
  }

  @Test
  void hasNullForWhatWasNotMeasured() {
    assertThat(Outcome.failed("no stream").json())
        .isEqualTo("{\"ok\":false,\"records\":0,\"delivered\":0,\"duplicates\":0,\"lost\":0,"
            + "\"outOfOrder\":0,\"firstRecordSeconds\":null,\"takeoverSeconds\":null,"
            + "\"handoverGapMillis\":null}");
  }
}
