package org.openkcl.lineage;

import java.math.BigInteger;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.openkcl.leases.HashKeyRange;

/** Whether a set of ranges takes every hash key from 0 to 2^128 - 1. They may overlap. */
public final class HashKeyCoverage {
  private HashKeyCoverage() {}

  /**
   * The first hash keys that no range takes, in words; empty when every key is taken. The same hole
   * gives the same text, so that texts of two checks can be compared.
   */
  public static Optional<String> firstHole(Collection<HashKeyRange> ranges) {
    return firstHole("shard", ranges);
  }

  /** As {@link #firstHole(Collection)}, in words for ranges of something else than shards. */
  static Optional<String> firstHole(String what, Collection<HashKeyRange> ranges) {
    List<HashKeyRange> ordered =
        ranges.stream().sorted(Comparator.comparing(HashKeyRange::starting)).toList();
    BigInteger next = BigInteger.ZERO;
    for (HashKeyRange range : ordered) {
      if (range.starting().compareTo(next) > 0) {
        return Optional.of(hole(what, next, range.starting().subtract(BigInteger.ONE)));
      }
      next = next.max(range.ending().add(BigInteger.ONE));
    }
    return next.compareTo(HashKeyRange.MAX) > 0
        ? Optional.empty()
        : Optional.of(hole(what, next, HashKeyRange.MAX));
  }

  private static String hole(String what, BigInteger first, BigInteger last) {
    return "No " + what + " takes the hash keys " + first + " to " + last;
  }
}
