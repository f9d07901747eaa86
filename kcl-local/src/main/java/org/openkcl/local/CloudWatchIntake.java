package org.openkcl.local;

import java.net.URI;
import java.time.InstantSource;
import java.util.function.Function;
import org.openkcl.local.http.Guarded;
import org.openkcl.local.http.LoopbackServer;
import org.openkcl.local.http.MetricsHandler;
import org.openkcl.local.model.metrics.LocalMetrics;

/** Where metrics may be published to, with what was. */
final class CloudWatchIntake implements AutoCloseable {
  private static final int DATA_POINTS_MAX = 1_000_000;

  /** About what a data point takes in memory. */
  private static final int DATA_POINT_BYTES = 256;

  private final Guarded<LocalMetrics> metrics;
  private final LoopbackServer server;

  private CloudWatchIntake(Guarded<LocalMetrics> metrics, LoopbackServer server) {
    this.metrics = metrics;
    this.server = server;
  }

  /**
   * Starts an empty one.
   *
   * @param port 0 for any free one
   * @throws IllegalStateException when the port is taken
   */
  static CloudWatchIntake start(int port, InstantSource clock, int dataPointsMax) {
    Guarded<LocalMetrics> metrics = new Guarded<>(new LocalMetrics(clock, dataPointsMax));
    return new CloudWatchIntake(
        metrics,
        LoopbackServer.start("cloudwatch-local", port, new MetricsHandler(metrics, clock)));
  }

  /** A million, or as many as an eighth of the heap holds. */
  static int dataPointsMaxDefault() {
    long fitting = Runtime.getRuntime().maxMemory() / 8 / DATA_POINT_BYTES;
    return (int) Math.min(DATA_POINTS_MAX, fitting);
  }

  URI endpoint() {
    return server.endpoint();
  }

  <T> T ask(Function<LocalMetrics, T> question) {
    return metrics.ask(question);
  }

  @Override
  public void close() {
    server.close();
  }
}
