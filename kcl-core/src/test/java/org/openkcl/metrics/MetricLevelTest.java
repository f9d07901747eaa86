package org.openkcl.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.metrics.MetricLevel.DETAILED;
import static org.openkcl.metrics.MetricLevel.NONE;
import static org.openkcl.metrics.MetricLevel.SUMMARY;

import org.junit.jupiter.api.Test;

class MetricLevelTest {
  @Test
  void aLevelIncludesWhatIsDeclaredUpToIt() {
    assertThat(DETAILED.includes(DETAILED)).isTrue();
    assertThat(DETAILED.includes(SUMMARY)).isTrue();
    assertThat(SUMMARY.includes(SUMMARY)).isTrue();
    assertThat(SUMMARY.includes(DETAILED)).isFalse();
    assertThat(NONE.includes(SUMMARY)).isFalse();
    assertThat(DETAILED.includes(NONE)).isFalse();
  }
}
