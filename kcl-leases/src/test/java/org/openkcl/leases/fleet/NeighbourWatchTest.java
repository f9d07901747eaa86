package org.openkcl.leases.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NeighbourWatchTest {

  @Test
  void everybodyIsWatchedByExactlyTwoOthers() {
    List<String> workers =
        IntStream.range(0, 500).mapToObj("worker-%03d"::formatted).toList();
    Map<String, Integer> watchers = new HashMap<>();
    for (String worker : workers) {
      Set<String> watched = NeighbourWatch.next(worker, workers, 2);
      assertThat(watched).hasSize(2).doesNotContain(worker);
      watched.forEach(one -> watchers.merge(one, 1, Integer::sum));
    }
    assertThat(watchers)
        .hasSize(500)
        .allSatisfy((worker, count) -> assertThat(count).isEqualTo(2));
  }

  @Test
  void inASmallFleetEverybodyWatchesAllOthersAndAloneNobody() {
    assertThat(NeighbourWatch.next("a", Set.of("a"), 2)).isEmpty();
    assertThat(NeighbourWatch.next("a", Set.of(), 2)).isEmpty();
    assertThat(NeighbourWatch.next("a", Set.of("b"), 2)).containsExactly("b");
    assertThat(NeighbourWatch.next("a", Set.of("b", "c"), 2)).containsExactly("b", "c");
  }
}
