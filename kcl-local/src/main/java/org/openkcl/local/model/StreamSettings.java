package org.openkcl.local.model;

import java.io.Serializable;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Retention, record size and enhanced monitoring of streams. */
public final class StreamSettings implements Serializable {
  private final PresentStreams streams;

  StreamSettings(PresentStreams streams) {
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
    keepFor(stream, RetentionRules.increased(streamName, stream.control.retention(), hours));
  }

  /** Keeps records less long. What is older is gone with that. */
  public void decreaseRetention(String streamName, int hours) {
    Stream stream = streams.changeable(streamName);
    keepFor(stream, RetentionRules.decreased(streamName, stream.control.retention(), hours));
  }

  private void keepFor(Stream stream, Duration retention) {
    set(stream, at -> stream.control.keepFor(retention, at));
  }

  /** Sets how large records may be from now on, 1,024 to 10,240 KiB. */
  public void updateMaxRecordSize(String streamName, int kib) {
    PutRules.checkRecordSize(kib);
    Stream stream = streams.changeable(streamName);
    set(stream, at -> stream.control.recordBytesMax = kib * 1024);
  }

  /** Switches metrics on; {@code ALL} stands for all of them. */
  public MonitoringChange enableMonitoring(String streamName, List<String> metrics) {
    Stream stream = streams.changeable(streamName);
    Set<ShardLevelMetric> after = EnumSet.copyOf(stream.control.metrics);
    after.addAll(ShardLevelMetric.named(metrics));
    return monitor(stream, List.copyOf(after));
  }

  /** Switches metrics off; {@code ALL} stands for all of them. */
  public MonitoringChange disableMonitoring(String streamName, List<String> metrics) {
    Stream stream = streams.changeable(streamName);
    Set<ShardLevelMetric> after = EnumSet.copyOf(stream.control.metrics);
    after.removeAll(ShardLevelMetric.named(metrics));
    return monitor(stream, List.copyOf(after));
  }

  private MonitoringChange monitor(Stream stream, List<ShardLevelMetric> after) {
    List<ShardLevelMetric> before = List.copyOf(stream.control.metrics);
    set(stream, at -> {
      stream.control.metrics.clear();
      stream.control.metrics.addAll(after);
    });
    return new MonitoringChange(before, after);
  }

  /** Lets a setting hold after its delay. */
  private void set(Stream stream, StreamLife.Effect effect) {
    streams.change(stream, streams.delays().setting(), effect);
  }
}
