package org.openkcl.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndingTest {
  private static final Map<String, String> PUT = Map.of("s", "12", "t", "9");
  private static final Map<String, String> SOME = Map.of("s", "12");
  private static final Duration NONE = Duration.ZERO;

  @Test
  void goesOnWhileThereIsMoreToCome() {
    assertThat(Ending.decide(false, PUT, PUT, NONE, NONE)).isEqualTo(Ending.GO_ON);
    assertThat(Ending.decide(false, PUT, SOME, Ending.STALL, NONE)).isEqualTo(Ending.GO_ON);
    assertThat(Ending.decide(true, PUT, SOME, NONE, NONE)).isEqualTo(Ending.GO_ON);
  }

  @Test
  void isCompleteWhenTheLastRecordOfEachShardWasProcessed() {
    assertThat(Ending.decide(true, PUT, PUT, NONE, NONE)).isEqualTo(Ending.COMPLETE);
  }

  @Test
  void stopsWaitingForRecordsThatDoNotCome() {
    assertThat(Ending.decide(true, PUT, SOME, Ending.STALL, NONE)).isEqualTo(Ending.STALLED);
  }

  @Test
  void neverTakesTooLong() {
    assertThat(Ending.decide(false, PUT, SOME, NONE, Ending.GRACE)).isEqualTo(Ending.OUT_OF_TIME);
  }
}
