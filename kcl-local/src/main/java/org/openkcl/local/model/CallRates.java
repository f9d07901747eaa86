package org.openkcl.local.model;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * How often operations were called of late, by an account or on a stream. Operations on records have
 * their limits per shard and are not counted here, nor are those for which the API reference and the
 * developer guide (Quotas and limits) name no rate.
 */
final class CallRates implements Serializable {
  private static final Map<String, Long> PER_ACCOUNT = Map.ofEntries(
      Map.entry("AddTagsToStream", 5L),
      Map.entry("CreateStream", 5L),
      Map.entry("DeleteStream", 5L),
      Map.entry("DescribeLimits", 1L),
      Map.entry("DescribeStream", 10L),
      Map.entry("DescribeStreamSummary", 20L),
      Map.entry("DisableEnhancedMonitoring", 5L),
      Map.entry("EnableEnhancedMonitoring", 5L),
      Map.entry("ListStreams", 5L),
      Map.entry("ListTagsForStream", 5L),
      Map.entry("MergeShards", 5L),
      Map.entry("RegisterStreamConsumer", 5L),
      Map.entry("RemoveTagsFromStream", 5L),
      Map.entry("SplitShard", 5L));

  private static final Map<String, Long> PER_STREAM = Map.of(
      "DecreaseStreamRetentionPeriod", 5L,
      "DeregisterStreamConsumer", 5L,
      "DescribeStreamConsumer", 20L,
      "IncreaseStreamRetentionPeriod", 5L,
      "ListShards", 1_000L,
      "ListStreamConsumers", 5L);

  private final Map<String, Long> rates;
  private final Map<String, RateBudget> budgets = new HashMap<>();

  private CallRates(Map<String, Long> rates) {
    this.rates = rates;
  }

  static CallRates ofAccount() {
    return new CallRates(PER_ACCOUNT);
  }

  static CallRates ofStream() {
    return new CallRates(PER_STREAM);
  }

  /** Counts are not kept; an account's are put in anew with all else that throttles. */
  private Object writeReplace() {
    return new Fresh();
  }

  private record Fresh() implements Serializable {
    private Object readResolve() {
      return ofStream();
    }
  }

  /** Counts a call, unless it is one too many. */
  boolean admits(String operation, long now) {
    Long perSecond = rates.get(operation);
    if (perSecond == null) {
      return true;
    }
    RateBudget budget = budgets.computeIfAbsent(operation, any -> new RateBudget(perSecond));
    if (!budget.hasRoom(now)) {
      return false;
    }
    budget.use(1, now);
    return true;
  }
}
