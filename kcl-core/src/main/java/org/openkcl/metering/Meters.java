package org.openkcl.metering;

import com.codahale.metrics.Gauge;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.metrics.ConsumerMetric;
import org.openkcl.metrics.MetricIdentity;
import org.openkcl.metrics.MetricLevel;
import org.openkcl.metrics.MetricsSettings;
import org.openkcl.metrics.Recorder;
import org.openkcl.metrics.Recorders;

/**
 * Hands out recorders of one worker's metrics. A recorder gives each value to whoever wants it: the
 * statistics that are published, if the level asks for the metric, and the application's registry,
 * if there is one.
 *
 * <p>Confined to the worker's event loop once the worker has started; values may come from anywhere.
 */
public final class Meters {
  /** Measures nothing. */
  public static final Meters NONE = new Meters(MetricsSettings.DEFAULT, null, null, "");

  private final MetricsSettings settings;
  private final @Nullable Recorders published;
  private final @Nullable RegistryEntries registry;
  private final String workerId;

  private Meters(
      MetricsSettings settings,
      @Nullable Recorders published,
      @Nullable RegistryEntries registry,
      String workerId) {
    this.settings = settings;
    this.published = published;
    this.registry = registry;
    this.workerId = workerId;
  }

  /**
   * Those of a worker.
   *
   * @param published where what the level asks for goes
   */
  public static Meters of(
      MetricsSettings settings,
      Recorders published,
      Environment environment,
      String application,
      String workerId) {
    RegistryEntries entries = settings
        .registry()
        .map(given -> new RegistryEntries(
            given, environment, Map.of("application", application, "worker", workerId)))
        .orElse(null);
    return new Meters(settings, published, entries, workerId);
  }

  /** Whether anybody wants any values. */
  boolean areWanted() {
    return registry != null || (published != null && settings.level() != MetricLevel.NONE);
  }

  /** A recorder of values that belong to {@code subject}. Close it when there are no more. */
  Recorder recorder(ConsumerMetric metric, Subject subject) {
    List<Recorder> wanted = new ArrayList<>();
    if (published != null && settings.level().includes(metric.level())) {
      wanted.add(published.recorder(identity(metric, subject)));
    }
    if (registry != null) {
      registry.recorder(metric, subject).ifPresent(wanted::add);
    }
    return switch (wanted.size()) {
      case 0 -> Recorder.NONE;
      case 1 -> wanted.get(0);
      default -> new Both(wanted.get(0), wanted.get(1));
    };
  }

  private MetricIdentity identity(ConsumerMetric metric, Subject subject) {
    Map<String, String> dimensions = new TreeMap<>();
    dimensions.put("Operation", metric.operation());
    for (String name : metric.scope().dimensions()) {
      String value = subject.dimension(name, workerId);
      if (value != null) {
        dimensions.put(name, value);
      }
    }
    return MetricIdentity.of(metric.cloudWatchName(), dimensions, metric.unit())
        .keeping(settings::keeps);
  }

  /**
   * Shows a gauge in the registry, if there is one.
   *
   * @param value asked from any thread; null for nothing to say
   * @return takes the gauge out again
   */
  Runnable gauge(ConsumerMetric metric, Subject subject, Supplier<@Nullable Number> value) {
    Gauge<@Nullable Number> gauge = value::get;
    return registry == null ? () -> {} : registry.gauge(metric, subject, gauge);
  }

  /** How many values were to be published and were not. From any thread. */
  long dropped() {
    return published == null ? 0 : published.dropped();
  }

  /** Takes everything of this worker out of the registry. */
  public void close() {
    if (registry != null) {
      registry.close();
    }
  }

  private record Both(Recorder one, Recorder other) implements Recorder {
    @Override
    public void record(double value) {
      one.record(value);
      other.record(value);
    }

    @Override
    public void close() {
      one.close();
      other.close();
    }
  }
}
