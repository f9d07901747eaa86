package org.openkcl.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.samples.demo.Act.B_IS_KILLED;
import static org.openkcl.samples.demo.Act.C_JOINS;
import static org.openkcl.samples.demo.Act.C_STOPS;
import static org.openkcl.samples.demo.Act.MERGE;
import static org.openkcl.samples.demo.Act.SPLIT;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openkcl.samples.demo.Play.Step;
import org.openkcl.samples.demo.proof.Progress;

class PlayTest {
  private static final Progress ALL_READ =
      new Progress(9, Map.of(), Map.of("A", Set.of("s"), "B", Set.of("t"), "C", Set.of("u")));
  private static final Progress C_IS_GONE =
      new Progress(9, Map.of(), Map.of("A", Set.of("s", "u"), "B", Set.of("t")));
  private static final Duration NONE = Duration.ZERO;
  private static final Progress NOBODY_READS = new Progress(0, Map.of(), Map.of());

  @Test
  void runsItsActsInOrderAtTheirTimes() {
    assertThat(times(Play.lasting(Play.LENGTH)))
        .containsExactly(
            SPLIT + "@6000",
            MERGE + "@10000",
            C_JOINS + "@16000",
            C_STOPS + "@26000",
            B_IS_KILLED + "@32000");
  }

  @Test
  void isScaledToTheLengthOfTheProduction() {
    assertThat(times(Play.lasting(Duration.ofSeconds(23))))
        .startsWith(SPLIT + "@3000", MERGE + "@5000")
        .endsWith(C_STOPS + "@13000", B_IS_KILLED + "@16000");
  }

  @Test
  void standsStillWhileTheFleetIsNotReady() {
    Play play = Play.lasting(Play.LENGTH);
    Duration at = Duration.ofSeconds(6);

    assertThat(play.step(0, at, NONE, NOBODY_READS)).isEqualTo(Step.WAIT);
    assertThat(play.step(0, at.plusSeconds(3), Duration.ofSeconds(3), NOBODY_READS))
        .isEqualTo(Step.WAIT);
    assertThat(play.step(0, at.plusSeconds(3), Duration.ofSeconds(3), ALL_READ))
        .isEqualTo(Step.PERFORM);
  }

  @Test
  void theActsAfterOneThatWaitedComeThatMuchLater() {
    Play play = Play.lasting(Play.LENGTH);
    Duration waited = Duration.ofSeconds(3);

    assertThat(play.step(1, Duration.ofSeconds(10), waited, ALL_READ)).isEqualTo(Step.NOTHING);
    assertThat(play.step(1, Duration.ofSeconds(13), waited, ALL_READ)).isEqualTo(Step.PERFORM);
  }

  @Test
  void doesNotWaitForEver() {
    Play play = Play.lasting(Play.LENGTH);

    assertThat(play.step(0, Duration.ofSeconds(28), Play.PATIENCE, NOBODY_READS))
        .isEqualTo(Step.PERFORM);
    assertThat(play.step(4, Duration.ofSeconds(54), Play.PATIENCE, NOBODY_READS))
        .isEqualTo(Step.PERFORM);
  }

  @Test
  void killsNobodyWhileAWorkerIsStopping() {
    Play play = Play.lasting(Play.LENGTH);
    Duration elapsed = Duration.ofSeconds(33);

    assertThat(play.step(4, elapsed, NONE, ALL_READ)).isEqualTo(Step.WAIT);
    assertThat(play.step(4, elapsed, NONE, C_IS_GONE)).isEqualTo(Step.PERFORM);
  }

  private static Progress allIsWell(int performed) {
    return performed == 4 ? C_IS_GONE : ALL_READ;
  }

  private static List<String> times(Play play) {
    List<String> times = new ArrayList<>();
    for (int millis = 0; millis < 60_000; millis += 100) {
      int performed = times.size();
      if (play.step(performed, Duration.ofMillis(millis), NONE, allIsWell(performed))
          == Step.PERFORM) {
        times.add(play.act(performed) + "@" + millis);
      }
    }
    assertThat(play.over(times.size())).isTrue();
    return times;
  }
}
