package org.openkcl.leases.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.LeaseKey;

/**
 * What one worker knows of the fleet at one moment. Both lists are sorted, and what is named twice
 * counts once, so that equal knowledge makes equal views in whatever order it came.
 *
 * @param leases the unfinished leases, by key
 * @param workers the workers that are known to live, by id; leases of others are left alone
 */
public record FleetView(List<Holding> leases, List<Member> workers) {
  public FleetView {
    leases = distinct(leases);
    Map<String, Member> byId = new TreeMap<>();
    workers.forEach(worker -> byId.merge(worker.id(), worker, Member::narrower));
    workers = List.copyOf(byId.values());
  }

  /** A fleet of our workers, all alike. */
  public static FleetView of(List<Holding> leases, Collection<String> workers) {
    return new FleetView(leases, workers.stream().map(Member::sharing).toList());
  }

  private static List<Holding> distinct(List<Holding> leases) {
    List<Holding> sorted = new ArrayList<>(leases);
    sorted.sort(Comparator.comparing(Holding::key)
        .thenComparing(Holding::owner, Comparator.nullsLast(Comparator.naturalOrder()))
        .thenComparing(Holding::throughputKBps, Comparator.nullsLast(Comparator.naturalOrder()))
        .thenComparing(Holding::lagSeconds, Comparator.nullsLast(Comparator.naturalOrder()))
        .thenComparing(Holding::movedNanos, Comparator.nullsLast(Comparator.naturalOrder())));
    List<Holding> distinct = new ArrayList<>(sorted.size());
    for (Holding holding : sorted) {
      if (distinct.isEmpty() || !distinct.get(distinct.size() - 1).key().equals(holding.key())) {
        distinct.add(holding);
      }
    }
    return List.copyOf(distinct);
  }

  /**
   * One unfinished lease.
   *
   * @param owner who reads it or is about to: in a handoff the worker that gets it. Null when it is
   *     free for anyone to claim, because nobody owns it or its owner let it expire
   * @param throughputKBps what its reader processes, in KiB/s; null when not known
   * @param lagSeconds how far its reader is behind the shard's tip; null when not known
   * @param movedNanos when it was seen to change hands or a handoff of it began, by the monotonic
   *     clock of whoever made this view; null when it has stayed where it is for as long as was seen
   */
  public record Holding(
      LeaseKey key,
      @Nullable String owner,
      @Nullable Double throughputKBps,
      @Nullable Double lagSeconds,
      @Nullable Long movedNanos) {

    /** A lease of which nothing is known but its owner. */
    public Holding(LeaseKey key, @Nullable String owner) {
      this(key, owner, null, null, null);
    }

    Holding withOwner(@Nullable String newOwner) {
      return new Holding(key, newOwner, throughputKBps, lagSeconds, movedNanos);
    }
  }

  /** Whether leases may be given to a worker, and taken from it. */
  public enum Standing {
    /** Gives and gets. */
    SHARING(true, true),
    /** Its leases can be taken, and none may be given to it: it would not notice. */
    GIVING(true, false),
    /** Keeps what it has and gets nothing: it is led by somebody else, or its measurements fail. */
    KEEPING(false, false),
    /** Hands over what it has by itself, and gets nothing. */
    LEAVING(false, false);

    private final boolean gives;
    private final boolean receives;

    Standing(boolean gives, boolean receives) {
      this.gives = gives;
      this.receives = receives;
    }

    /** Whether a plan may take leases from it. */
    public boolean gives() {
      return gives;
    }

    /** Whether a plan may give leases to it. */
    public boolean receives() {
      return receives;
    }
  }

  /**
   * One worker.
   *
   * @param foreign it runs Amazon's library
   * @param weight how much it should do, compared with the others; more than 0. What is not a number
   *     above 0 counts as 1
   * @param maxLeases how many leases it may have; 0 or more
   * @param utilizationPercent how busy its machine is, 0 to 100; null when not known
   */
  public record Member(
      String id,
      Standing standing,
      boolean foreign,
      double weight,
      int maxLeases,
      @Nullable Double utilizationPercent) {

    public Member {
      weight = weight > 0 && weight < Double.POSITIVE_INFINITY ? weight : 1;
      maxLeases = Math.max(0, maxLeases);
    }

    /** One of ours that gives and gets, with weight 1 and no limit. */
    public static Member sharing(String id) {
      return new Member(id, Standing.SHARING, false, 1, Integer.MAX_VALUE, null);
    }

    /** The same worker in another standing. */
    public Member with(Standing newStanding) {
      return new Member(id, newStanding, foreign, weight, maxLeases, utilizationPercent);
    }

    /** The same worker as one of Amazon's library. */
    public Member asForeign() {
      return new Member(id, standing, true, weight, maxLeases, utilizationPercent);
    }

    /** The same worker with another weight and limit. */
    public Member with(double newWeight, int newMaxLeases) {
      return new Member(id, standing, foreign, newWeight, newMaxLeases, utilizationPercent);
    }

    /** The same worker, so busy. */
    public Member withUtilization(@Nullable Double percent) {
      return new Member(id, standing, foreign, weight, maxLeases, percent);
    }

    /** Of two descriptions of one worker the more careful one. */
    private static Member narrower(Member one, Member other) {
      Standing standing =
          one.standing.compareTo(other.standing) > 0 ? one.standing : other.standing;
      return new Member(
          one.id,
          standing,
          one.foreign || other.foreign,
          Math.min(one.weight, other.weight),
          Math.min(one.maxLeases, other.maxLeases),
          busier(one.utilizationPercent, other.utilizationPercent));
    }

    private static @Nullable Double busier(@Nullable Double one, @Nullable Double other) {
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      return Math.max(one, other);
    }
  }
}
