package org.openkcl.multilang.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacementTest {

  @Test
  void newChildrenComeFirstThenThoseWithTheFewestShards() {
    Placement<String> placement = Placement.empty(2);
    for (String fresh : new String[] {"a", "b", "c", "d", "e"}) {
      placement = placement.enter(fresh).placement();
    }
    assertThat(placement.shards()).isEqualTo(Map.of("a", 3, "b", 2));
    assertThat(placement.enter("f").child()).isEqualTo("b");
    assertThat(placement.without("a").enter("f").child()).isEqualTo("f");
  }

  @Test
  void aChildWithoutShardsIsLetGo() {
    Placement<String> two =
        Placement.<String>empty(1).enter("a").placement().enter("b").placement();
    assertThat(two.leave("a").has("a")).isTrue();
    assertThat(two.leave("a").leave("a").has("a")).isFalse();
    assertThat(two.leave("a").leave("a").leave("a").shards()).isEmpty();
  }
}
