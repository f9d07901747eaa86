package org.openkcl.samples.demo.proof;

import java.util.ArrayList;
import java.util.List;

/**
 * What a comparison of the ledgers came to.
 *
 * @param records how many the stream acknowledged
 * @param delivered how many of them reached a processor at least once
 * @param duplicates how many deliveries there were beyond the first of each record
 * @param lost how many never reached a processor
 * @param outOfOrder how many deliveries came before one that had to come first: of the same shard,
 *     or of a parent shard
 * @param childBeforeParent how many shards were begun before their parents had ended
 * @param reasons what is wrong, a sentence each; empty if nothing is
 */
public record Verdict(
    long records,
    long delivered,
    long duplicates,
    long lost,
    long outOfOrder,
    long childBeforeParent,
    List<String> reasons) {
  public Verdict {
    reasons = List.copyOf(reasons);
  }

  /** Whether everything was as it must be. Duplicates are allowed: delivery is at least once. */
  public boolean ok() {
    return reasons.isEmpty();
  }

  /** With further reasons after its own. */
  public Verdict with(List<String> moreReasons) {
    return with(moreReasons, 0);
  }

  /** With what else is out of order. */
  public Verdict with(KeyOrder.Findings keys) {
    return with(keys.reasons(), keys.outOfOrder());
  }

  private Verdict with(List<String> moreReasons, long moreOutOfOrder) {
    List<String> all = new ArrayList<>(reasons);
    all.addAll(moreReasons);
    return new Verdict(
        records, delivered, duplicates, lost, outOfOrder + moreOutOfOrder, childBeforeParent, all);
  }
}
