package org.openkcl.opentelemetry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.openkcl.metrics.ConsumerMetric;
import org.openkcl.metrics.MetricIdentity;
import org.openkcl.metrics.MetricUnit;

/** From series as CloudWatch has them to instruments as Amazon's library has them. */
final class InstrumentNames {
  private static final String AMAZONS = "aws.kinesis.client.";
  private static final String OURS = "openkcl.";

  /** Names that Amazon's library does not derive. */
  private static final Map<String, String> SPECIAL = Map.of(
      "MillisBehindLatest", "consumer.lag.duration",
      "DataBytesProcessed", "records.size",
      "ActiveStreams.Count", "streams.active",
      "NumWorkers", "workers");

  private static final Map<String, String> ATTRIBUTES = Map.of(
      "Operation", "aws.kinesis.operation",
      "ShardId", "aws.kinesis.shard.id",
      "StreamId", "aws.kinesis.stream_name",
      "WorkerIdentifier", "aws.kinesis.consumer.name");

  /** Of what Amazon's library has, and OpenKCL too. */
  private static final Set<String> AMAZONS_GAUGES =
      Set.of("CurrentLeases", "TotalLeases", "NumWorkers", "ActiveStreams.Count");

  private static final Set<String> OUR_NAMES = Arrays.stream(ConsumerMetric.values())
      .filter(metric -> metric.kinship() == ConsumerMetric.Kinship.OURS)
      .map(ConsumerMetric::cloudWatchName)
      .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> OUR_GAUGES = Arrays.stream(ConsumerMetric.values())
      .filter(metric -> metric.kinship() == ConsumerMetric.Kinship.OURS)
      .filter(metric -> metric.form() == ConsumerMetric.Form.GAUGE)
      .map(ConsumerMetric::cloudWatchName)
      .collect(Collectors.toUnmodifiableSet());

  private InstrumentNames() {}

  /** What adds up, what stands at a value, and what is distributed. */
  enum Kind {
    COUNTER,
    GAUGE,
    HISTOGRAM
  }

  static String name(MetricIdentity identity) {
    String name = identity.name();
    String special = SPECIAL.get(name);
    String instrument = special != null ? special : derived(name);
    return (OUR_NAMES.contains(name) ? OURS : AMAZONS) + instrument;
  }

  static Kind kind(MetricIdentity identity) {
    if (AMAZONS_GAUGES.contains(identity.name()) || OUR_GAUGES.contains(identity.name())) {
      return Kind.GAUGE;
    }
    return identity.unit() == MetricUnit.COUNT ? Kind.COUNTER : Kind.HISTOGRAM;
  }

  static String unit(MetricUnit unit) {
    return switch (unit) {
      case COUNT, NONE -> "1";
      case MILLISECONDS -> "ms";
      case BYTES -> "By";
    };
  }

  static String attribute(String dimension) {
    return ATTRIBUTES.getOrDefault(dimension, dimension);
  }

  private static String derived(String name) {
    String plain = name.replace(':', '.').replaceAll("\\.Time$", ".duration").replace(".Count", "");
    return plain.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
