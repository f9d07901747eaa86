package org.openkcl.leases.plan;

import java.util.List;
import java.util.Optional;
import org.openkcl.leases.LeaseKey;

/**
 * Which leases should change hands, for the whole fleet. Each worker carries out its own part.
 *
 * @param claims free leases and who should take them
 * @param moves leases that their owner should drain and hand over
 * @param unplaced free leases that nobody may take
 */
public record LeasePlan(List<Claim> claims, List<Move> moves, List<Unplaced> unplaced) {
  /** Nothing to do. */
  public static final LeasePlan NONE = new LeasePlan(List.of(), List.of(), List.of());

  public LeasePlan {
    claims = List.copyOf(claims);
    moves = List.copyOf(moves);
    unplaced = List.copyOf(unplaced);
  }

  /** The worker that a free lease is meant for. */
  public Optional<String> claimantOf(LeaseKey key) {
    return claims.stream()
        .filter(claim -> claim.key().equals(key))
        .map(Claim::worker)
        .findFirst();
  }

  /**
   * A free lease that {@code worker} should take.
   *
   * @param reason for people: why this worker
   */
  public record Claim(LeaseKey key, String worker, String reason) {}

  /** Why a lease moves. */
  public enum Cause {
    /** Its owner has more leases than it may have. */
    LIMIT,
    /** Its owner has too many leases compared with another, as when a worker has joined. */
    SHARE,
    /** Its owner has too much to do compared with the others; damped, and within the budget. */
    LOAD
  }

  /**
   * A lease that {@code from} should hand over.
   *
   * @param reason for people: why the lease moves
   */
  public record Move(LeaseKey key, String from, String to, Cause cause, String reason) {}

  /**
   * A free lease that stays unread.
   *
   * @param reason for people: why nobody may take it, and what to do
   */
  public record Unplaced(LeaseKey key, String reason) {}
}
