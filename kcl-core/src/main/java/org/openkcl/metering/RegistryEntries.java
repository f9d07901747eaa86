package org.openkcl.metering;

import com.codahale.metrics.Clock;
import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.LockFreeExponentiallyDecayingReservoir;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Reservoir;
import com.codahale.metrics.Timer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.metrics.ConsumerMetric;
import org.openkcl.metrics.Recorder;
import org.openkcl.metrics.RegistryName;

/**
 * One worker's entries in the application's registry. An entry is there as long as somebody uses it;
 * timers and histograms, which are the worker's, are there to its end. Confined to the event loop, but for values.
 */
final class RegistryEntries {
  private static final double NANOS_PER_MILLI = 1_000_000;

  private final MetricRegistry registry;
  private final Clock clock;
  private final Map<String, String> tags;
  private final Map<String, Entry> entries = new HashMap<>();

  /** An entry, and how many use it. */
  private static final class Entry {
    private final Metric metric;
    private int users;

    private Entry(Metric metric) {
      this.metric = metric;
    }
  }

  /**
   * @param tags of all entries
   */
  RegistryEntries(MetricRegistry registry, Environment environment, Map<String, String> tags) {
    this.registry = registry;
    this.clock = new EnvironmentClock(environment);
    this.tags = tags;
  }

  /** Where values of a metric go; empty for metrics that have no values of their own here. */
  Optional<Recorder> recorder(ConsumerMetric metric, Subject subject) {
    Recorder recorder = switch (metric.form()) {
      case COUNTER -> counter(nameOf(metric, subject));
      case FAILURES -> failures(nameOf(metric, subject));
      case TIMER -> timer(metric);
      case AMOUNT -> amount(metric, subject);
      case GAUGE, NOWHERE -> null;
    };
    return Optional.ofNullable(recorder);
  }

  private Recorder counter(String name) {
    Counter counter = (Counter) use(name, new Counter());
    return new Using(value -> counter.inc((long) value), name);
  }

  private Recorder failures(String name) {
    Counter counter = (Counter) use(name, new Counter());
    return new Using(
        value -> {
          if (value == 0) {
            counter.inc();
          }
        },
        name);
  }

  private Recorder timer(ConsumerMetric metric) {
    String name = workersNameOf(metric);
    Timer timer = (Timer) use(name, new Timer(reservoir(), clock));
    return value -> timer.update((long) (value * NANOS_PER_MILLI), TimeUnit.NANOSECONDS);
  }

  private Recorder amount(ConsumerMetric metric, Subject subject) {
    String sizes = workersNameOf(metric);
    String total = nameOf(metric.registryName() + ".total", metric, subject);
    Histogram histogram = (Histogram) use(sizes, new Histogram(reservoir()));
    Counter counter = (Counter) use(total, new Counter());
    return new Using(
        value -> {
          histogram.update((long) value);
          counter.inc((long) value);
        },
        total);
  }

  private Reservoir reservoir() {
    return LockFreeExponentiallyDecayingReservoir.builder().clock(clock).build();
  }

  Runnable gauge(ConsumerMetric metric, Subject subject, Gauge<@Nullable Number> gauge) {
    String name = nameOf(metric, subject);
    use(name, gauge);
    return new Using(value -> {}, name)::close;
  }

  /** Takes everything out. */
  void close() {
    entries.keySet().forEach(registry::remove);
    entries.clear();
  }

  private Metric use(String name, Metric fresh) {
    Entry entry = entries.computeIfAbsent(name, unknown -> {
      registry.remove(name); // of a former worker of this name, which has not gone in order
      registry.register(name, fresh);
      return new Entry(fresh);
    });
    entry.users++;
    return entry.metric;
  }

  private void leave(String name) {
    Entry entry = entries.get(name);
    if (entry != null && --entry.users == 0) {
      entries.remove(name);
      registry.remove(name);
    }
  }

  /** Timers and histograms are the worker's, whatever their values belong to. */
  private String workersNameOf(ConsumerMetric metric) {
    return RegistryName.of(metric.registryName(), tags).toString();
  }

  private String nameOf(ConsumerMetric metric, Subject subject) {
    return nameOf(metric.registryName(), metric, subject);
  }

  private String nameOf(String name, ConsumerMetric metric, Subject subject) {
    Subject told = switch (metric.scope()) {
      case APPLICATION, WORKER -> Subject.WORKER;
      case STREAM -> subject.ofStream();
      case SHARD -> subject;
    };
    Map<String, String> all = new TreeMap<>(tags);
    all.putAll(told.tags());
    return RegistryName.of(name, all).toString();
  }

  /** A recorder that uses entries until it is closed. */
  private final class Using implements Recorder {
    private final Recorder values;
    private final String[] names;
    private boolean closed;

    private Using(Recorder values, String... names) {
      this.values = values;
      this.names = names;
    }

    @Override
    public void record(double value) {
      values.record(value);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        for (String name : names) {
          leave(name);
        }
      }
    }
  }

  private static final class EnvironmentClock extends Clock {
    private final Environment environment;

    private EnvironmentClock(Environment environment) {
      this.environment = environment;
    }

    @Override
    public long getTick() {
      return environment.nanoTime();
    }

    @Override
    public long getTime() {
      return environment.now().toEpochMilli();
    }
  }
}
