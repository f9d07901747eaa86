package org.openkcl.leases.fleet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/**
 * The election of 2.x: every lease owner shuffles the sorted owners with the same seed, and the
 * first leads. It only says who compares shards and leases.
 */
final class ShuffleElection {
  private static final long SEED = 1947;

  private ShuffleElection() {}

  /** The leader among the owners of leases. */
  static Optional<String> elected(Collection<String> owners) {
    List<String> order = new ArrayList<>(new TreeSet<>(owners));
    Collections.shuffle(order, new Random(SEED));
    return order.stream().findFirst();
  }
}
