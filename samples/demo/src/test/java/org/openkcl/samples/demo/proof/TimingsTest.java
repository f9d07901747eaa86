package org.openkcl.samples.demo.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.samples.demo.proof.Milestone.Call.LEASE_LOST;
import static org.openkcl.samples.demo.proof.Milestone.Call.SHARD_ENDED;
import static org.openkcl.samples.demo.proof.Milestone.Call.SHUTDOWN_REQUESTED;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openkcl.samples.demo.proof.Timings.Moment;

class TimingsTest {
  private static final Moment STARTED = new Moment("A", 1_000_000);
  private static final Moment STOPPED = new Moment("C", 20_000_000);
  private static final Moment KILLED = new Moment("B", 30_000_000);

  @Test
  void readsTheWorstOfEachOffTheLedgers() {
    Story story = new Story()
        // A reads a first, then takes d from C and b and c from B.
        .life("A", "a", 1_500_000)
        .gets(0)
        .stays()
        .life("C", "d", 15_000_000)
        .gets(0)
        .after(5_000_100)
        .ends(SHUTDOWN_REQUESTED)
        .life("A", "d", 20_400_000)
        .gets(1)
        .stays()
        .life("B", "b", 2_000_000)
        .gets(0)
        .stays()
        .life("B", "c", 2_000_000)
        .gets(0)
        .stays()
        .life("A", "b", 40_000_000)
        .gets(1)
        .stays()
        .life("A", "c", 40_500_000)
        .ends(SHARD_ENDED);

    Timings timings = Timings.of(story.lives(), STARTED, STOPPED, KILLED);

    assertThat(timings.missing()).isEmpty();
    assertThat(timings.firstRecordSeconds()).hasValue(0.500001);
    assertThat(timings.takeoverSeconds()).hasValue(10.500001);
    assertThat(timings.handoverGapMillis()).hasValue(400);
  }

  @Test
  void doesNotCountWhatTheProcessorWasToldAfterItsShardWasHandedOver() {
    Story story = new Story();
    story
        .life("C", "d", 15_000_000)
        .gets(0)
        .after(5_000_100)
        .ends(SHUTDOWN_REQUESTED)
        .life("A", "d", 20_400_000)
        .gets(1)
        .stays();
    List<Milestone> calls = List.of(
        new Milestone(15_000_000, Milestone.Call.INITIALIZED),
        new Milestone(20_000_100, SHUTDOWN_REQUESTED),
        new Milestone(20_900_000, LEASE_LOST));
    List<Incarnation> lives =
        List.of(new Incarnation("C", "d", 1, List.of(), calls), story.lives().get(1));

    assertThat(Timings.of(lives, STARTED, STOPPED, KILLED).handoverGapMillis()).hasValue(400);
  }

  @Test
  void saysWhatCouldNotBeMeasured() {
    Story story = new Story()
        .life("B", "b", 2_000_000)
        .gets(0)
        .stays()
        .life("C", "d", 15_000_000)
        .gets(0)
        .ends(LEASE_LOST);

    Timings timings = Timings.of(story.lives(), STARTED, STOPPED, KILLED);

    assertThat(timings.firstRecordSeconds()).isEmpty();
    assertThat(timings.takeoverSeconds()).isEmpty();
    assertThat(timings.handoverGapMillis()).isEmpty();
    assertThat(timings.missing())
        .containsExactly(
            "Worker A processed no record at all",
            "b was not read again after worker B left",
            "Worker C held no shard when it was asked to stop");
  }
}
