package org.openkcl.opentelemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleCounter;
import io.opentelemetry.api.metrics.DoubleGauge;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import org.openkcl.metrics.MetricIdentity;
import org.openkcl.metrics.Recorder;
import org.openkcl.metrics.Recorders;

/**
 * Gives every value to OpenTelemetry as it is recorded, so that histograms are real ones. What becomes
 * of them, and how often, is the SDK's business.
 *
 * <p>Give it to {@code MetricsSettings.builder().recorders(...)}. Names, attributes, units and kinds
 * are those of Amazon's library, version 3.5, for the metrics that it has; others begin with {@code
 * openkcl.}. See {@link InstrumentNames}.
 *
 * <p>Thread-safe.
 */
public final class OpenTelemetryRecorders implements Recorders {
  private static final String SCOPE = "org.openkcl";

  private final Meter meter;

  /** Recorders of instruments of one scope, {@code org.openkcl}. */
  public OpenTelemetryRecorders(OpenTelemetry telemetry) {
    this.meter = telemetry.getMeter(SCOPE);
  }

  @Override
  public Recorder recorder(MetricIdentity identity) {
    String name = InstrumentNames.name(identity);
    String unit = InstrumentNames.unit(identity.unit());
    Attributes attributes = attributes(identity);
    return switch (InstrumentNames.kind(identity)) {
      case COUNTER -> {
        DoubleCounter counter =
            meter.counterBuilder(name).setUnit(unit).ofDoubles().build();
        yield value -> counter.add(value, attributes);
      }
      case GAUGE -> {
        DoubleGauge gauge = meter.gaugeBuilder(name).setUnit(unit).build();
        yield value -> gauge.set(value, attributes);
      }
      case HISTOGRAM -> {
        DoubleHistogram histogram = meter.histogramBuilder(name).setUnit(unit).build();
        yield value -> histogram.record(value, attributes);
      }
    };
  }

  private static Attributes attributes(MetricIdentity identity) {
    AttributesBuilder attributes = Attributes.builder();
    identity
        .dimensions()
        .forEach((dimension, value) -> attributes.put(InstrumentNames.attribute(dimension), value));
    return attributes.build();
  }
}
