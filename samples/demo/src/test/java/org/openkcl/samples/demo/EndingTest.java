package org.openkcl.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndingTest {
  private static final Map<String, String> PUT = Map.of("s", "12", "t", "9");
  private static final Map<String, String> SOME = Map.of("s", "12");
  private static final Duration NONE = Duration.ZERO;
  private static final Duration STALL = Duration.ofSeconds(18);
  private static final Duration GRACE = Duration.ofSeconds(32);
  private static final Ending.Patience PATIENCE = new Ending.Patience(STALL, GRACE);

  @Test
  void goesOnWhileThereIsMoreToCome() {
    assertThat(PATIENCE.decide(false, PUT, PUT, NONE, NONE)).isEqualTo(Ending.GO_ON);
    assertThat(PATIENCE.decide(false, PUT, SOME, STALL, NONE)).isEqualTo(Ending.GO_ON);
    assertThat(PATIENCE.decide(true, PUT, SOME, NONE, NONE)).isEqualTo(Ending.GO_ON);
  }

  @Test
  void isCompleteWhenTheLastRecordOfEachShardWasProcessed() {
    assertThat(PATIENCE.decide(true, PUT, PUT, NONE, NONE)).isEqualTo(Ending.COMPLETE);
  }

  @Test
  void stopsWaitingForRecordsThatDoNotCome() {
    assertThat(PATIENCE.decide(true, PUT, SOME, STALL, NONE)).isEqualTo(Ending.STALLED);
  }

  @Test
  void neverTakesTooLong() {
    assertThat(PATIENCE.decide(false, PUT, SOME, NONE, GRACE)).isEqualTo(Ending.OUT_OF_TIME);
  }
}
