package org.openkcl.prometheus;

import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.IOException;
import java.io.OutputStream;

/** OpenKCL's metrics in Prometheus' text format, for a service that has its own HTTP server. */
public final class PrometheusText {
  /** What to say of the text in the header {@code Content-Type}. */
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private PrometheusText() {}

  /**
   * Writes what a registry has of OpenKCL. From any thread.
   *
   * @param out is not closed
   */
  public static void write(MetricRegistry registry, OutputStream out) throws IOException {
    PrometheusTextFormatWriter.create().write(out, new RegistryCollector(registry).collect());
  }
}
