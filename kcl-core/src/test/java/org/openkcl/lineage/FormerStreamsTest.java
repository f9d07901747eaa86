package org.openkcl.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openkcl.lineage.FormerStreams.Kind;
import org.openkcl.lineage.FormerStreams.Rule;

class FormerStreamsTest {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Rule DETECTED =
      new Rule(Kind.FORMER_STREAMS_AUTO_DETECTION_DEFERRED_DELETION, Set.of(), HOUR);
  private static final Rule NAMED =
      new Rule(Kind.PROVIDED_STREAMS_DEFERRED_DELETION, Set.of("b"), HOUR);

  @Test
  void leasesStayUnlessSomethingElseIsWanted() {
    FormerStreams former = FormerStreams.NONE.see(Set.of("a"), Rule.KEEP, 0);
    assertThat(former.due(Rule.KEEP, Set.of("a"), 1_000 * MINUTE)).isEmpty();
  }

  @Test
  void everyUnreadStreamGoesAfterTheWait() {
    FormerStreams former = FormerStreams.NONE.see(Set.of("a"), DETECTED, 0);
    former = former.see(Set.of("a", "b"), DETECTED, 30 * MINUTE);
    assertThat(former.due(DETECTED, Set.of(), 59 * MINUTE)).isEmpty();
    assertThat(former.due(DETECTED, Set.of(), 60 * MINUTE)).containsExactly("a");
    assertThat(former.due(DETECTED, Set.of(), 90 * MINUTE)).containsExactly("a", "b");
  }

  @Test
  void aStreamThatWasReadMeanwhileWaitsAnew() {
    FormerStreams former = FormerStreams.NONE
        .see(Set.of("a"), DETECTED, 0)
        .see(Set.of(), DETECTED, 30 * MINUTE)
        .see(Set.of("a"), DETECTED, 31 * MINUTE);
    assertThat(former.due(DETECTED, Set.of(), 60 * MINUTE)).isEmpty();
    assertThat(former.due(DETECTED, Set.of(), 91 * MINUTE)).containsExactly("a");
  }

  @Test
  void onlyNamedStreamsGoIfTheyAreNamed() {
    FormerStreams former = FormerStreams.NONE.see(Set.of("a", "b"), NAMED, 0);
    assertThat(former.due(NAMED, Set.of(), 60 * MINUTE)).containsExactly("b");
    former = former.see(Set.of("a"), NAMED, 61 * MINUTE); // b is read again, though it is named
    assertThat(former.due(NAMED, Set.of(), 200 * MINUTE)).isEmpty();
  }

  @Test
  void whatKinesisDoesNotHaveAnyMoreNeedNotWait() {
    FormerStreams former = FormerStreams.NONE.see(Set.of("a", "b"), DETECTED, 0);
    assertThat(former.due(DETECTED, Set.of("a"), 0)).containsExactly("a");
  }
}
