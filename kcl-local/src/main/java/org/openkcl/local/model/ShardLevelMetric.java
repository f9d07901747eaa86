package org.openkcl.local.model;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A metric of enhanced monitoring (API reference: EnableEnhancedMonitoring). */
public enum ShardLevelMetric {
  INCOMING_BYTES("IncomingBytes"),
  INCOMING_RECORDS("IncomingRecords"),
  OUTGOING_BYTES("OutgoingBytes"),
  OUTGOING_RECORDS("OutgoingRecords"),
  WRITE_PROVISIONED_THROUGHPUT_EXCEEDED("WriteProvisionedThroughputExceeded"),
  READ_PROVISIONED_THROUGHPUT_EXCEEDED("ReadProvisionedThroughputExceeded"),
  ITERATOR_AGE_MILLISECONDS("IteratorAgeMilliseconds");

  private static final String ALL = "ALL";

  private final String apiName;

  ShardLevelMetric(String apiName) {
    this.apiName = apiName;
  }

  /** The name in requests and replies. */
  public String apiName() {
    return apiName;
  }

  /** The metrics of a request's list, in which {@code ALL} stands for all of them. */
  static Set<ShardLevelMetric> named(List<String> names) {
    if (names.isEmpty() || names.size() > values().length) {
      throw StreamException.validation(
          names, "shardLevelMetrics", "have length between 1 and " + values().length);
    }
    Set<ShardLevelMetric> metrics = EnumSet.noneOf(ShardLevelMetric.class);
    for (String name : names) {
      if (name.equals(ALL)) {
        return EnumSet.allOf(ShardLevelMetric.class);
      }
      metrics.add(named(name, names));
    }
    return metrics;
  }

  private static ShardLevelMetric named(String name, List<String> names) {
    return Arrays.stream(values())
        .filter(metric -> metric.apiName.equals(name))
        .findFirst()
        .orElseThrow(() -> StreamException.validation(
            names,
            "shardLevelMetrics",
            "satisfy constraint: [Member must satisfy enum value set: [IncomingBytes,"
                + " OutgoingRecords, IteratorAgeMilliseconds, IncomingRecords, ALL,"
                + " ReadProvisionedThroughputExceeded, WriteProvisionedThroughputExceeded,"
                + " OutgoingBytes]]"));
  }
}
