package org.openkcl.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.openkcl.shard.ProgressRules.Verdict;

class ProgressRulesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LESS = Duration.ofSeconds(59);

  @Test
  void aCallIsReportedOnceAndNeverAbandonedUnlessThatIsAskedFor() {
    ProgressRules rules = new ProgressRules(MINUTE, null, MINUTE);
    assertThat(rules.ofCall(LESS, false)).isEqualTo(Verdict.GOES_ON);
    assertThat(rules.ofCall(MINUTE, false)).isEqualTo(Verdict.REPORT_CALL);
    assertThat(rules.ofCall(HOUR.multipliedBy(1_000), true)).isEqualTo(Verdict.GOES_ON);
  }

  @Test
  void aCallIsAbandonedAfterTheStuckTimeout() {
    ProgressRules rules = new ProgressRules(MINUTE, HOUR, MINUTE);
    assertThat(rules.ofCall(HOUR.minusNanos(1), true)).isEqualTo(Verdict.GOES_ON);
    assertThat(rules.ofCall(HOUR, true)).isEqualTo(Verdict.ABANDON_CALL);
    ProgressRules strict = new ProgressRules(MINUTE, LESS, MINUTE);
    assertThat(strict.ofCall(LESS, false)).isEqualTo(Verdict.ABANDON_CALL);
  }

  @Test
  void aSilentReadingBeginsAnew() {
    ProgressRules rules = new ProgressRules(MINUTE, null, MINUTE);
    assertThat(rules.ofReading(LESS)).isEqualTo(Verdict.GOES_ON);
    assertThat(rules.ofReading(MINUTE)).isEqualTo(Verdict.RESTART_READING);
  }
}
