package org.openkcl.leases.plan;

import java.util.List;
import java.util.Optional;
import org.openkcl.leases.LeaseKey;

/**
 * Which leases should change hands, for the whole fleet. Each worker carries out its own part.
 *
 * @param claims free leases and who should take them
 * @param moves leases that their owner should drain and hand over
 */
public record LeasePlan(List<Claim> claims, List<Move> moves) {
  public LeasePlan {
    claims = List.copyOf(claims);
    moves = List.copyOf(moves);
  }

  /** The worker that a free lease is meant for. */
  public Optional<String> claimantOf(LeaseKey key) {
    return claims.stream()
        .filter(claim -> claim.key().equals(key))
        .map(Claim::worker)
        .findFirst();
  }

  /** A free lease that {@code worker} should take. */
  public record Claim(LeaseKey key, String worker) {}

  /**
   * A lease that {@code from} should hand over.
   *
   * @param reason for people: why the lease moves
   */
  public record Move(LeaseKey key, String from, String to, String reason) {}
}
