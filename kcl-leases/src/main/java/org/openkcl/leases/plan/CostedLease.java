package org.openkcl.leases.plan;

import java.util.Comparator;
import org.openkcl.leases.LeaseKey;

/**
 * A lease with its price.
 *
 * @param cost fixed and measured part together, more than 0
 * @param hash of the key, which decides between leases of equal cost
 * @param isRested it has been where it is for long enough to be moved for load's sake
 */
record CostedLease(LeaseKey key, double cost, long hash, boolean isRested)
    implements Comparable<CostedLease> {

  private static final Comparator<CostedLease> ORDER = Comparator.comparingDouble(CostedLease::cost)
      .thenComparingLong(CostedLease::hash)
      .thenComparing(CostedLease::key);

  @Override
  public int compareTo(CostedLease other) {
    return ORDER.compare(this, other);
  }
}
