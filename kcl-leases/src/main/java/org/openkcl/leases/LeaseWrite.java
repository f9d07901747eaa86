package org.openkcl.leases;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One conditional write: what must stand in the table for it to happen, and the item it aims at.
 * Only attributes that differ between {@code expected} and {@code intended} are written, so what
 * others have added to the item survives.
 *
 * @param guard what of {@code expected} must still stand
 * @param expected the item as last read or written; for {@link Guard#ABSENT} equal to intended
 * @param intended the item afterwards
 */
public record LeaseWrite(Guard guard, Lease expected, Lease intended) {

  /** The condition of a write, after Amazon's library (kept where a table is shared). */
  public enum Guard {
    /** No item with this key exists. */
    ABSENT,
    /** The counter is as expected and no handoff has begun ({@code checkpointOwner} absent). */
    COUNTER_AND_NO_HANDOFF,
    /** The counter is as expected; for the present reader in the middle of a handoff. */
    COUNTER,
    /** Counter and both owners are as expected; for whoever takes a lease. */
    COUNTER_AND_OWNERS,
    /**
     * Both owners are as expected, whatever the counter; for a leader, who does not see every
     * renewal. The counter and the count of switches are moved on from where they stand.
     */
    OWNERS,
    /** The item exists; for facts of the shard, about which nobody races. */
    EXISTS
  }

  public LeaseWrite {
    if (!expected.key().equals(intended.key())) {
      throw new IllegalArgumentException(
          "A write must not change the key: " + expected.key() + " to " + intended.key());
    }
  }

  public LeaseKey key() {
    return intended.key();
  }

  /** Creates the item if there is none. */
  public static LeaseWrite create(Lease lease) {
    return new LeaseWrite(Guard.ABSENT, lease, lease);
  }

  /**
   * Keeps a held lease alive and stores progress in the same write.
   *
   * @param held the lease after its owner's last write
   * @param next the progress, shard facts and load to store; ownership is ignored
   */
  public static LeaseWrite renew(Lease held, Lease next, String writer) {
    Ownership was = held.ownership();
    boolean checkpointed = !held.checkpoint().equals(next.checkpoint());
    Ownership now = new Ownership(
        was.owner(),
        was.checkpointOwner(),
        was.counter() + 1,
        checkpointed ? 0 : was.switchesSinceCheckpoint(),
        writer);
    Guard guard = was.checkpointOwner() == null ? Guard.COUNTER_AND_NO_HANDOFF : Guard.COUNTER;
    return new LeaseWrite(guard, held, next.with(now));
  }

  /**
   * Puts a lease in the place of one that is of no use any more, as that of a stream that was
   * deleted. The counter moves on, so that no fencing token comes twice; whoever holds the lease
   * loses it.
   */
  public static LeaseWrite replace(Lease seen, Lease fresh) {
    Ownership wanted = fresh.ownership();
    long counter = Math.max(seen.counter() + 1, wanted.counter());
    return new LeaseWrite(
        Guard.COUNTER_AND_OWNERS,
        seen,
        fresh.with(new Ownership(wanted.owner(), null, counter, 0, wanted.writer())));
  }

  /** Makes {@code worker} the owner: an unowned, expired or assigned lease. */
  public static LeaseWrite claim(Lease seen, String worker, String writer) {
    return new LeaseWrite(Guard.COUNTER_AND_OWNERS, seen, owned(seen, seen, worker, writer));
  }

  /**
   * Gives a held lease up, to {@code successor} or to nobody, with the last progress.
   *
   * @param next the progress, shard facts and load to store; ownership is ignored
   * @param awaited {@link LeaseWriter#awaited} of a successor of ours; null for any other
   */
  public static LeaseWrite release(
      Lease held, Lease next, @Nullable String successor, @Nullable String awaited) {
    return new LeaseWrite(Guard.COUNTER_AND_OWNERS, held, owned(held, next, successor, awaited));
  }

  /**
   * Takes a lease as Amazon's 2.x does, by its counter alone; ends a handoff. OpenKCL's workers
   * {@linkplain #claim claim} instead, which also loses to an assignment that did not move the
   * counter.
   */
  public static LeaseWrite take(Lease seen, String worker, @Nullable String writer) {
    return new LeaseWrite(
        Guard.COUNTER, seen, seen.with(assigned(seen.ownership(), worker, writer)));
  }

  /**
   * Gives a lease to {@code worker} as a leader, or as the former owner at the end of a handoff;
   * ends the handoff. The owner that is replaced finds out at its next renewal.
   */
  public static LeaseWrite assign(Lease seen, String worker) {
    return new LeaseWrite(Guard.OWNERS, seen, seen.with(assigned(seen.ownership(), worker, null)));
  }

  /**
   * Begins a graceful handoff: {@code next} is named, and the owner goes on until it has drained.
   * The counter stands still, so that the owner's renewals are not disturbed.
   *
   * @throws IllegalArgumentException when nobody owns the lease or a handoff has begun
   */
  public static LeaseWrite handOff(Lease seen, String next) {
    Ownership was = seen.ownership();
    if (was.owner() == null || was.checkpointOwner() != null) {
      throw new IllegalArgumentException(
          "Only a lease with an owner and without a handoff can be handed off: got " + was);
    }
    return new LeaseWrite(
        Guard.OWNERS,
        seen,
        seen.with(new Ownership(
            next, was.owner(), was.counter(), was.switchesSinceCheckpoint(), was.writer())));
  }

  /** Takes a lease from its reader: its next owner gets it or, without a handoff, nobody. */
  public static LeaseWrite evict(Lease seen) {
    Ownership was = seen.ownership();
    String left = was.checkpointOwner() == null ? null : was.owner();
    return new LeaseWrite(
        Guard.OWNERS,
        seen,
        seen.with(
            new Ownership(left, null, was.counter() + 1, was.switchesSinceCheckpoint(), null)));
  }

  /** Adds what was learned of the shard, whoever holds the lease; the counter stands still. */
  public static LeaseWrite describe(Lease seen, ShardFacts facts) {
    return new LeaseWrite(
        Guard.EXISTS,
        seen,
        new Lease(
            seen.key(),
            seen.ownership(),
            seen.progress(),
            facts,
            seen.throughputKBps(),
            seen.lagSeconds()));
  }

  /**
   * Whether {@code actual}, read after this write was refused, is this write's own effect: its
   * reply had been lost. The writer's id keeps a namesake's equal write apart.
   */
  public boolean isEffectOf(Lease actual) {
    if (guard == Guard.EXISTS) {
      return actual.shard().equals(intended.shard());
    }
    if (guard == Guard.OWNERS) { // the counter may have moved before and after
      Ownership now = actual.ownership();
      return Objects.equals(now.owner(), intended.ownership().owner())
          && Objects.equals(now.checkpointOwner(), intended.ownership().checkpointOwner());
    }
    return actual.ownership().equals(intended.ownership())
        && actual.progress().equals(intended.progress());
  }

  /**
   * The same when a handoff from this write's owner has begun since: that names another owner and
   * leaves everything else alone.
   */
  public boolean isEffectBeforeHandoff(Lease actual) {
    Ownership then = intended.ownership();
    Ownership now = actual.ownership();
    Ownership handedOff = new Ownership(
        now.owner(), then.owner(), then.counter(), then.switchesSinceCheckpoint(), then.writer());
    return then.checkpointOwner() == null
        && now.equals(handedOff)
        && actual.progress().equals(intended.progress());
  }

  /** Amazon's rule: a switch is counted unless the lease goes where a handoff was taking it. */
  private static Ownership assigned(Ownership was, String worker, @Nullable String writer) {
    boolean switched = (was.owner() != null && !was.owner().equals(worker))
        || worker.equals(was.checkpointOwner());
    long switches = was.switchesSinceCheckpoint() + (switched ? 1 : 0);
    return new Ownership(worker, null, was.counter() + 1, switches, writer);
  }

  private static Lease owned(
      Lease seen, Lease next, @Nullable String owner, @Nullable String writer) {
    Ownership was = seen.ownership();
    boolean switched =
        owner != null && was.actualOwner() != null && !Objects.equals(owner, was.actualOwner());
    boolean checkpointed = !seen.checkpoint().equals(next.checkpoint());
    long switches = (checkpointed ? 0 : was.switchesSinceCheckpoint()) + (switched ? 1 : 0);
    return next.with(new Ownership(owner, null, was.counter() + 1, switches, writer));
  }
}
