package org.openkcl;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.openkcl.cloudwatch.PutMetricDataIntake;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.kinesis.AwsClients;
import org.openkcl.metrics.MetricIdentity;
import org.openkcl.metrics.MetricIntake;
import org.openkcl.metrics.MetricLevel;
import org.openkcl.metrics.MetricsSettings;
import org.openkcl.metrics.Recorder;
import org.openkcl.metrics.Recorders;
import org.openkcl.metrics.StatisticBuffer;
import org.openkcl.metrics.publish.EmbeddedMetricFormat;
import org.openkcl.metrics.publish.MetricPublisher;

/**
 * Where one worker's values go: to recorders, and from there to whom the settings name. With level
 * NONE nobody is named, and no client is made.
 */
final class MetricsOutput implements Recorders {
  private final Recorders recorders;
  private final @Nullable MetricPublisher publisher;

  private MetricsOutput(Recorders recorders, @Nullable MetricPublisher publisher) {
    this.recorders = recorders;
    this.publisher = publisher;
  }

  static MetricsOutput of(
      MetricsSettings settings,
      Environment environment,
      EventLoop loop,
      AwsClients clients,
      String application) {
    if (settings.level() == MetricLevel.NONE) {
      return new MetricsOutput(identity -> Recorder.NONE, null);
    }
    String namespace = settings.namespace().orElse(application);
    return settings
        .output()
        .match(
            cloudWatch -> published(
                settings, environment, loop, PutMetricDataIntake.create(clients, namespace)),
            embedded -> published(
                settings, environment, loop, new EmbeddedMetricFormat(namespace, embedded.lines())),
            own -> published(settings, environment, loop, own.intake()),
            values -> new MetricsOutput(new GuardedRecorders(values.recorders()), null));
  }

  private static MetricsOutput published(
      MetricsSettings settings, Environment environment, EventLoop loop, MetricIntake intake) {
    StatisticBuffer buffer = new StatisticBuffer(settings.bufferSize());
    return new MetricsOutput(
        buffer,
        new MetricPublisher(
            environment,
            loop,
            buffer,
            intake,
            MetricPublisher.Settings.of(settings.flushInterval(), settings.bufferSize())));
  }

  @Override
  public Recorder recorder(MetricIdentity identity) {
    return recorders.recorder(identity);
  }

  @Override
  public long dropped() {
    return publisher == null ? recorders.dropped() : publisher.dropped();
  }

  void start() {
    if (publisher != null) {
      publisher.start();
    }
  }

  /** Publishes what is left; within the time-out of a request, whatever comes of it. */
  CompletionStage<Void> close() {
    return publisher == null ? CompletableFuture.completedFuture(null) : publisher.close();
  }
}
