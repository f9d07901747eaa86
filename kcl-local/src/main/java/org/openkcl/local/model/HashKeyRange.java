package org.openkcl.local.model;

import java.io.Serializable;
import java.math.BigInteger;

/**
 * The hash keys of a shard, both ends included, within 0 to 2^128 - 1.
 *
 * @param start the smallest hash key
 * @param end the largest hash key; at least {@code start}
 */
public record HashKeyRange(BigInteger start, BigInteger end) implements Serializable {
  /** The number of hash keys there are: 2^128. */
  static final BigInteger KEYS = BigInteger.ONE.shiftLeft(128);

  static final HashKeyRange ALL = new HashKeyRange(BigInteger.ZERO, KEYS.subtract(BigInteger.ONE));

  public HashKeyRange {
    if (start.signum() < 0 || start.compareTo(end) > 0 || end.compareTo(KEYS) >= 0) {
      throw new IllegalArgumentException(
          "A hash key range must lie within 0 to 2^128 - 1: got start=" + start + ", end=" + end);
    }
  }

  /** Part {@code index} of {@code parts} nearly equal parts of all hash keys. */
  static HashKeyRange part(int index, int parts) {
    return new HashKeyRange(
        boundary(index, parts), boundary(index + 1, parts).subtract(BigInteger.ONE));
  }

  /** The first hash key of part {@code index}; for {@code index == parts} 2^128. */
  static BigInteger boundary(int index, int parts) {
    return KEYS.multiply(BigInteger.valueOf(index)).divide(BigInteger.valueOf(parts));
  }

  boolean endsJustBefore(HashKeyRange next) {
    return end.add(BigInteger.ONE).equals(next.start);
  }
}
