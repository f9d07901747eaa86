package org.openkcl.leases.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseWriter;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;

/** What a worker, here c, concludes from leases that one of Amazon's took from another of ours. */
class LeaseSightingsTest {
  private static final Duration FAILOVER = Duration.ofSeconds(10);
  private static final LeaseKey KEY = new LeaseKey("shardId-000000000000");
  private static final String OURS = LeaseWriter.process("b", "1");
  private static final long TAKEN = Duration.ofSeconds(100).toNanos();

  private final LeaseSightings sightings = new LeaseSightings(FleetSettings.of("c", FAILOVER));

  private void see(@Nullable String owner, long counter, @Nullable String writer, long atNanos) {
    sightings.seeExact(
        new Lease(
            KEY,
            new Ownership(owner, null, counter, 0, writer),
            Progress.at(Checkpoint.TRIM_HORIZON),
            ShardFacts.NONE),
        atNanos);
  }

  private static long after(Duration time) {
    return TAKEN + time.toNanos();
  }

  @Test
  void aLeaseThatWasTakenFromOneOfOursMayStillBeReadForTheFailoverTime() {
    see("b", 1, OURS, TAKEN - 1);
    assertThat(sightings.mayStillBeRead(KEY, TAKEN - 1)).isFalse();
    see("amazon", 2, OURS, TAKEN);
    see("amazon", 3, OURS, after(Duration.ofSeconds(3)));
    assertThat(sightings.mayStillBeRead(KEY, after(FAILOVER))).isTrue();
    assertThat(sightings.mayStillBeRead(KEY, after(FAILOVER) + 1)).isFalse();
  }

  @Test
  void itIsNotFreeUntilThenAlthoughItsTakerSetsItFree() {
    see("b", 1, OURS, TAKEN - 1);
    see("amazon", 2, OURS, TAKEN);
    see(null, 3, OURS, after(Duration.ofSeconds(1)));
    assertThat(sightings.isFree(KEY, after(FAILOVER))).isFalse();
    assertThat(sightings.isFree(KEY, after(FAILOVER) + 1)).isTrue();
  }

  @Test
  void whenItWasTakenIsNotKnownToWhoeverComesLater() {
    see(null, 7, OURS, TAKEN);
    assertThat(sightings.isFree(KEY, after(FAILOVER))).isFalse();
    assertThat(sightings.isFree(KEY, after(FAILOVER) + 1)).isTrue();
  }

  @Test
  void whatOursSetFreeOrTakeOrLostThemselvesDoesNotWait() {
    see("b", 1, OURS, TAKEN - 1);
    see(null, 2, null, TAKEN);
    assertThat(sightings.isFree(KEY, TAKEN)).isTrue();
    see("b", 3, LeaseWriter.awaited("b"), TAKEN);
    assertThat(sightings.mayStillBeRead(KEY, TAKEN)).isFalse();
    see("d", 4, LeaseWriter.process("d", "1"), TAKEN);
    assertThat(sightings.mayStillBeRead(KEY, TAKEN)).isFalse();
    see(null, 5, LeaseWriter.process("c", "1"), TAKEN);
    assertThat(sightings.isFree(KEY, TAKEN)).isTrue();
  }
}
