package org.openkcl.leases;

import java.math.BigInteger;

/**
 * The hash keys that a shard takes, both ends included.
 *
 * @param starting 0 or more
 * @param ending greater than {@code starting}, at most 2^128 - 1
 */
public record HashKeyRange(BigInteger starting, BigInteger ending) {
  /** The greatest hash key there is. */
  public static final BigInteger MAX = BigInteger.TWO.pow(128).subtract(BigInteger.ONE);

  public HashKeyRange {
    if (starting.signum() < 0 || starting.compareTo(ending) >= 0 || ending.compareTo(MAX) > 0) {
      throw new IllegalArgumentException(
          "A hash key range must hold 0 <= starting < ending <= 2^128 - 1: got starting="
              + starting
              + ", ending="
              + ending);
    }
  }

  /** The range between two decimal strings, as Kinesis and the lease table write them. */
  public static HashKeyRange of(String starting, String ending) {
    return new HashKeyRange(new BigInteger(starting), new BigInteger(ending));
  }
}
