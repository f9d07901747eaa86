package org.openkcl.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openkcl.samples.demo.proof.Verdict;

class SoakOutcomeTest {
  @Test
  void saysEverythingOnOneLine() {
    SoakOutcome good = new SoakOutcome(new Verdict(20, 20, 3, 0, 0, 0, List.of()), 60, 30);
    assertThat(good.json())
        .isEqualTo("{\"ok\":true,\"records\":20,\"lost\":0,\"outOfOrder\":0,"
            + "\"childBeforeParent\":0,\"duplicates\":3,\"reshards\":60,\"kills\":30}");
    assertThat(good.line())
        .isEqualTo("ok=true records=20 lost=0 outOfOrder=0 childBeforeParent=0 duplicates=3"
            + " reshards=60 kills=30");
    assertThat(good.reasons()).isEmpty();
  }

  @Test
  void saysWhatIsWrong() {
    SoakOutcome bad =
        new SoakOutcome(new Verdict(20, 19, 0, 1, 2, 4, List.of("one is lost")), 1, 0);
    assertThat(bad.json()).contains("\"ok\":false", "\"lost\":1", "\"childBeforeParent\":4");
    assertThat(bad.reasons()).contains("FAILED", "one is lost");
  }
}
