package org.openkcl.lineage;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The streams whose leases are on the way out, and since when. A value; the next one comes from
 * {@link #see}.
 *
 * @param sinceNanos when each was first seen to be so, by identifier, on the monotonic clock
 */
public record FormerStreams(Map<String, Long> sinceNanos) {

  /** Nothing seen yet. */
  public static final FormerStreams NONE = new FormerStreams(Map.of());

  /** Which leases go. Names and meaning are Amazon's. */
  public enum Kind {
    /** None. */
    NO_STREAMS_LEASES_DELETION,
    /** Those of every stream that is not read. */
    FORMER_STREAMS_AUTO_DETECTION_DEFERRED_DELETION,
    /** Those of streams that are named and not read. */
    PROVIDED_STREAMS_DEFERRED_DELETION
  }

  /**
   * What an application wants to become of them.
   *
   * @param named identifiers, for {@link Kind#PROVIDED_STREAMS_DEFERRED_DELETION}
   * @param delay how long they stay
   */
  public record Rule(Kind kind, Set<String> named, Duration delay) {

    /** Leases stay. */
    public static final Rule KEEP =
        new Rule(Kind.NO_STREAMS_LEASES_DELETION, Set.of(), Duration.ZERO);

    public Rule {
      named = Set.copyOf(named);
    }
  }

  public FormerStreams {
    sinceNanos = Map.copyOf(sinceNanos);
  }

  /**
   * What is so now. A stream that is read again, or whose leases are gone, is forgotten.
   *
   * @param unread the streams that have leases and are not read
   */
  public FormerStreams see(Set<String> unread, Rule rule, long nowNanos) {
    Map<String, Long> now = new TreeMap<>();
    for (String stream : unread) {
      boolean leaving = switch (rule.kind()) {
        case NO_STREAMS_LEASES_DELETION -> false;
        case FORMER_STREAMS_AUTO_DETECTION_DEFERRED_DELETION -> true;
        case PROVIDED_STREAMS_DEFERRED_DELETION -> rule.named().contains(stream);
      };
      if (leaving) {
        now.put(stream, sinceNanos.getOrDefault(stream, nowNanos));
      }
    }
    return new FormerStreams(now);
  }

  /**
   * The streams whose leases go now.
   *
   * @param gone streams that Kinesis does not have any more: they need not wait
   */
  public Set<String> due(Rule rule, Set<String> gone, long nowNanos) {
    Set<String> due = new TreeSet<>();
    sinceNanos.forEach((stream, since) -> {
      if (gone.contains(stream) || nowNanos - since >= rule.delay().toNanos()) {
        due.add(stream);
      }
    });
    return due;
  }
}
