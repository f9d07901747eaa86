package org.openkcl.local.model;

import java.io.Serializable;
import java.util.List;
import java.util.Set;

/** Retention, record size and enhanced monitoring of streams. */
public final class StreamSettings implements Serializable {
  private final LocalStreams streams;

  StreamSettings(LocalStreams streams) {
    this.streams = streams;
  }

  /**
   * A change of enhanced monitoring.
   *
   * @param before the metrics that were on
   * @param after the metrics that are on now
   */
  public record MonitoringChange(List<ShardLevelMetric> before, List<ShardLevelMetric> after) {}

  /** Keeps records longer. What has expired already does not come back. */
  public void increaseRetention(String streamName, int hours) {
    Stream stream = streams.changeable(streamName);
    streams.trim(stream);
    StreamControl control = stream.control;
    control.retention = RetentionRules.increased(streamName, control.retention, hours);
  }

  /** Keeps records less long. What is older is gone at once. */
  public void decreaseRetention(String streamName, int hours) {
    Stream stream = streams.changeable(streamName);
    StreamControl control = stream.control;
    control.retention = RetentionRules.decreased(streamName, control.retention, hours);
    streams.trim(stream);
  }

  /** Sets how large records may be from now on, 1,024 to 10,240 KiB. */
  public void updateMaxRecordSize(String streamName, int kib) {
    PutRules.checkRecordSize(kib);
    streams.changeable(streamName).control.recordBytesMax = kib * 1024;
  }

  /** Switches metrics on; {@code ALL} stands for all of them. */
  public MonitoringChange enableMonitoring(String streamName, List<String> metrics) {
    Stream stream = streams.changeable(streamName);
    Set<ShardLevelMetric> named = ShardLevelMetric.named(metrics);
    List<ShardLevelMetric> before = List.copyOf(stream.control.metrics);
    stream.control.metrics.addAll(named);
    return new MonitoringChange(before, List.copyOf(stream.control.metrics));
  }

  /** Switches metrics off; {@code ALL} stands for all of them. */
  public MonitoringChange disableMonitoring(String streamName, List<String> metrics) {
    Stream stream = streams.changeable(streamName);
    Set<ShardLevelMetric> named = ShardLevelMetric.named(metrics);
    List<ShardLevelMetric> before = List.copyOf(stream.control.metrics);
    stream.control.metrics.removeAll(named);
    return new MonitoringChange(before, List.copyOf(stream.control.metrics));
  }
}
