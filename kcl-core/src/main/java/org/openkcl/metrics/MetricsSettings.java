package org.openkcl.metrics;

import com.codahale.metrics.MetricRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is measured and where it goes.
 *
 * <p>Immutable.
 */
public final class MetricsSettings {
  /** Nothing is measured. */
  public static final MetricsSettings DEFAULT = builder().build();

  private static final String EVERY_DIMENSION = "ALL";
  private static final Duration MAX_INTERVAL = Duration.ofMinutes(10);

  private final MetricLevel level;
  private final Output output;
  private final @Nullable String namespace;
  private final Set<String> dimensions;
  private final Duration flushInterval;
  private final int bufferSize;
  private final @Nullable MetricRegistry registry;

  private MetricsSettings(Builder builder) {
    level = builder.level;
    output = builder.output;
    namespace = builder.namespace;
    dimensions = Set.copyOf(builder.dimensions);
    flushInterval = builder.flushInterval;
    bufferSize = builder.bufferSize;
    registry = builder.registry;
  }

  /** Begins to describe settings. */
  public static Builder builder() {
    return new Builder();
  }

  /** How much is measured for publication. */
  public MetricLevel level() {
    return level;
  }

  /** Where data are published. */
  public Output output() {
    return output;
  }

  /** CloudWatch's namespace; empty for the application's name. */
  public Optional<String> namespace() {
    return Optional.ofNullable(namespace);
  }

  /** Whether values are told apart by this dimension. */
  public boolean keeps(String dimension) {
    return dimensions.contains(EVERY_DIMENSION) || dimensions.contains(dimension);
  }

  /** From one flush to the next. */
  public Duration flushInterval() {
    return flushInterval;
  }

  /** How many series are kept until they are accepted. */
  public int bufferSize() {
    return bufferSize;
  }

  /** The application's registry; empty when it gave none. */
  public Optional<MetricRegistry> registry() {
    return Optional.ofNullable(registry);
  }

  /** Where data are published. */
  public sealed interface Output {

    /** One function per case. */
    <T> T match(
        Function<CloudWatch, T> cloudWatch,
        Function<EmbeddedMetricFormat, T> embedded,
        Function<Own, T> own,
        Function<Values, T> values);

    /** CloudWatch, by {@code PutMetricData}. */
    record CloudWatch() implements Output {
      @Override
      public <T> T match(
          Function<CloudWatch, T> cloudWatch,
          Function<EmbeddedMetricFormat, T> embedded,
          Function<Own, T> own,
          Function<Values, T> values) {
        return cloudWatch.apply(this);
      }
    }

    /**
     * CloudWatch, by way of the log: lines of its embedded metric format.
     *
     * @param lines takes one JSON object at a time, without the end of the line
     */
    record EmbeddedMetricFormat(Consumer<String> lines) implements Output {
      @Override
      public <T> T match(
          Function<CloudWatch, T> cloudWatch,
          Function<EmbeddedMetricFormat, T> embedded,
          Function<Own, T> own,
          Function<Values, T> values) {
        return embedded.apply(this);
      }
    }

    /**
     * An intake of the application's own.
     *
     * @param intake takes the data
     */
    record Own(MetricIntake intake) implements Output {
      @Override
      public <T> T match(
          Function<CloudWatch, T> cloudWatch,
          Function<EmbeddedMetricFormat, T> embedded,
          Function<Own, T> own,
          Function<Values, T> values) {
        return own.apply(this);
      }
    }

    /**
     * Recorders of the application's own: nothing is gathered, each value goes there at once.
     *
     * @param recorders where they come from
     */
    record Values(Recorders recorders) implements Output {
      @Override
      public <T> T match(
          Function<CloudWatch, T> cloudWatch,
          Function<EmbeddedMetricFormat, T> embedded,
          Function<Own, T> own,
          Function<Values, T> values) {
        return values.apply(this);
      }
    }
  }

  /** Describes {@link MetricsSettings}. Setting anything twice is an error. */
  public static final class Builder {
    private final Set<String> given = new HashSet<>();
    private MetricLevel level = MetricLevel.NONE;
    private Output output = new Output.CloudWatch();
    private @Nullable String namespace;
    private Set<String> dimensions = Set.of(EVERY_DIMENSION);
    private Duration flushInterval = Duration.ofSeconds(10);
    private int bufferSize = 10_000;
    private @Nullable MetricRegistry registry;

    private Builder() {}

    /** How much is published. Default NONE: CloudWatch costs money by the metric. */
    public Builder level(MetricLevel wanted) {
      once("level");
      level = wanted;
      return this;
    }

    /** The namespace in CloudWatch. Default: the application's name, as in Amazon's library. */
    public Builder namespace(String name) {
      once("namespace");
      if (name.isBlank()) {
        throw new IllegalArgumentException("namespace must not be blank: got '" + name + "'");
      }
      namespace = name;
      return this;
    }

    /**
     * The dimensions by which values are told apart: {@code Operation}, {@code ShardId}, {@code
     * StreamId}, {@code WorkerIdentifier}, or {@code ALL}, which is the default. What differs in none
     * of them becomes one series. Without ShardId and WorkerIdentifier the number of metrics that
     * CloudWatch charges for does not grow with the stream or the fleet.
     */
    public Builder enabledDimensions(String... names) {
      once("enabledDimensions");
      dimensions = new TreeSet<>(List.of(names));
      return this;
    }

    /**
     * Publishes as log lines in CloudWatch's embedded metric format, on the standard output, instead
     * of by {@code PutMetricData}: no calls, for where the log goes to CloudWatch anyway.
     */
    public Builder embeddedMetricFormat() {
      return embeddedMetricFormat(System.out::println);
    }

    /**
     * As {@link #embeddedMetricFormat()}, to somewhere else.
     *
     * @param lines takes one JSON object at a time, without the end of the line, and never from two
     *     threads at once
     */
    public Builder embeddedMetricFormat(Consumer<String> lines) {
      once("output");
      output = new Output.EmbeddedMetricFormat(lines);
      return this;
    }

    /** Publishes to an intake of the application's own. Default CloudWatch. */
    public Builder intake(MetricIntake own) {
      once("output");
      output = new Output.Own(own);
      return this;
    }

    /**
     * Gives each value to recorders of the application's own as it is recorded, for example to those
     * of {@code kcl-opentelemetry}. Flush interval and buffer size mean nothing then.
     */
    public Builder recorders(Recorders own) {
      once("output");
      output = new Output.Values(own);
      return this;
    }

    /** From one flush to the next; 0.1 s to 10 min. Default 10 s, as in Amazon's library. */
    public Builder flushInterval(Duration time) {
      once("flushInterval");
      if (time.compareTo(Duration.ofMillis(100)) < 0 || time.compareTo(MAX_INTERVAL) > 0) {
        throw new IllegalArgumentException("flushInterval must be 0.1 s to 10 min: got " + time);
      }
      flushInterval = time;
      return this;
    }

    /**
     * How many series are kept until they are accepted; 1 or more. Default 10,000, as in Amazon's
     * library: some MB. What does not fit is dropped and counted.
     */
    public Builder bufferSize(int series) {
      once("bufferSize");
      if (series < 1) {
        throw new IllegalArgumentException("bufferSize must be 1 or more: got " + series);
      }
      bufferSize = series;
      return this;
    }

    /**
     * The application's registry, in which every metric appears whatever the level. A worker takes
     * out again what it put in. Default: none.
     */
    public Builder registry(MetricRegistry own) {
      once("registry");
      registry = own;
      return this;
    }

    /** The settings. */
    public MetricsSettings build() {
      return new MetricsSettings(this);
    }

    private void once(String setting) {
      if (!given.add(setting)) {
        throw new IllegalStateException(setting + " was already set. Set it once.");
      }
    }
  }
}
