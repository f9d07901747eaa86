package org.openkcl.samples.demo.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.samples.demo.proof.Milestone.Call.SHARD_ENDED;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProgressTest {

  @Test
  void countsRecordsOnceAndKnowsWhoReadsWhat() {
    Progress progress = Progress.of(new Story()
        .life("A", "s", 0)
        .getsFrom(0, 3)
        .ends(SHARD_ENDED)
        .life("A", "t", 10)
        .gets(0)
        .stays()
        .life("B", "u", 10)
        .stays()
        .life("B", "s", 10)
        .getsFrom(2, 5)
        .stays()
        .lives());

    assertThat(progress.delivered()).isEqualTo(7);
    assertThat(progress.latest()).isEqualTo(Map.of("s", "1005", "t", "1000"));
    assertThat(progress.reading()).isEqualTo(Map.of("A", Set.of("t"), "B", Set.of("s")));
    assertThat(progress.shardsOf("B")).isEqualTo(1);
    assertThat(progress.shardsOf("C")).isZero();
  }
}
