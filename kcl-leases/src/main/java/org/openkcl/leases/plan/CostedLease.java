package org.openkcl.leases.plan;

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

  @Override
  public int compareTo(CostedLease other) {
    int byCost = Double.compare(cost, other.cost);
    if (byCost != 0) {
      return byCost;
    }
    int byHash = Long.compare(hash, other.hash);
    return byHash != 0 ? byHash : key.compareTo(other.key);
  }
}
