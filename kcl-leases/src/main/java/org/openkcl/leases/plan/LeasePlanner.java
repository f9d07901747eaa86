package org.openkcl.leases.plan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.plan.FleetView.Holding;
import org.openkcl.leases.plan.LeasePlan.Claim;
import org.openkcl.leases.plan.LeasePlan.Move;

/**
 * Plans by count: free leases go to whoever has fewest, and a worker that has at least two more
 * than another hands one over, until no two differ by more than one.
 *
 * <p>Equal views give equal plans, so workers that see the same table agree on who acts without
 * asking each other. Ties are broken by rendezvous hashing over the live workers.
 */
public final class LeasePlanner {
  private LeasePlanner() {}

  public static LeasePlan plan(FleetView view) {
    if (view.workers().isEmpty()) {
      return new LeasePlan(List.of(), List.of());
    }
    Map<String, List<LeaseKey>> owned = new TreeMap<>();
    view.workers().forEach(worker -> owned.put(worker, new ArrayList<>()));
    List<LeaseKey> free = new ArrayList<>();
    for (Holding holding : view.leases()) {
      String owner = holding.owner();
      if (owner == null) {
        free.add(holding.key());
      } else {
        owned.computeIfPresent(owner, (worker, keys) -> with(keys, holding.key()));
      }
    }
    List<Claim> claims = assign(free, owned);
    return new LeasePlan(claims, balance(owned));
  }

  /**
   * The live worker that should get a lease that its owner gives up: the one with the fewest.
   *
   * @param counts how many unfinished leases each candidate has
   */
  public static Optional<String> successor(LeaseKey key, Map<String, Integer> counts) {
    return counts.keySet().stream()
        .min(Comparator.<String>comparingInt(worker -> counts.getOrDefault(worker, 0))
            .thenComparing(Comparator.comparingLong(w -> -score(key, w))));
  }

  /** The workers in the order in which they should try for {@code key}, best first. */
  public static List<String> preference(LeaseKey key, Collection<String> workers) {
    return workers.stream()
        .sorted(Comparator.comparingLong((String worker) -> score(key, worker)).reversed())
        .toList();
  }

  private static List<Claim> assign(List<LeaseKey> free, Map<String, List<LeaseKey>> owned) {
    Map<String, Integer> counts = new HashMap<>();
    owned.forEach((worker, keys) -> counts.put(worker, keys.size()));
    List<Claim> claims = new ArrayList<>();
    free.sort(Comparator.naturalOrder());
    for (LeaseKey key : free) {
      String worker = successor(key, counts).orElseThrow();
      counts.merge(worker, 1, Integer::sum);
      leasesOf(owned, worker).add(key);
      claims.add(new Claim(key, worker));
    }
    return claims;
  }

  private static List<Move> balance(Map<String, List<LeaseKey>> owned) {
    Map<String, Integer> before = new HashMap<>();
    owned.forEach((worker, keys) -> before.put(worker, keys.size()));
    List<Move> moves = new ArrayList<>();
    while (true) {
      String most = extreme(owned, Comparator.comparing(w -> -sizeOf(owned, w)));
      String least = extreme(owned, Comparator.comparing(w -> sizeOf(owned, w)));
      if (sizeOf(owned, most) - sizeOf(owned, least) < 2) {
        return moves;
      }
      LeaseKey key = leasesOf(owned, most).stream()
          .max(Comparator.comparingLong(k -> score(k, least)))
          .orElseThrow();
      leasesOf(owned, most).remove(key);
      leasesOf(owned, least).add(key);
      moves.add(new Move(
          key,
          most,
          least,
          "%s has %d leases, %s has %d"
              .formatted(most, before.get(most), least, before.get(least))));
    }
  }

  private static String extreme(Map<String, List<LeaseKey>> owned, Comparator<String> order) {
    return owned.keySet().stream()
        .min(order.thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }

  private static List<LeaseKey> with(List<LeaseKey> keys, LeaseKey key) {
    keys.add(key);
    return keys;
  }

  private static int sizeOf(Map<String, List<LeaseKey>> owned, String worker) {
    return leasesOf(owned, worker).size();
  }

  private static List<LeaseKey> leasesOf(Map<String, List<LeaseKey>> owned, String worker) {
    return Objects.requireNonNull(owned.get(worker));
  }

  /** Rendezvous hashing: FNV-1a over both names, mixed once more so that near names differ. */
  private static long score(LeaseKey key, String worker) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : (key.value() + '\n' + worker).getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash ^= hash >>> 33;
    hash *= 0xff51afd7ed558ccdL;
    hash ^= hash >>> 33;
    return hash >>> 1;
  }
}
