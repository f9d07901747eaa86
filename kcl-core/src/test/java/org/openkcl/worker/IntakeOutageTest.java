package org.openkcl.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.metrics.MetricDatum;
import org.openkcl.metrics.MetricIntake;
import org.openkcl.metrics.MetricLevel;
import org.openkcl.metrics.MetricsRefusedException;
import org.openkcl.metrics.MetricsSettings;
import org.openkcl.metrics.publish.MetricPublisher;

/** A worker at level DETAILED whose metrics nobody takes for ten minutes of virtual time. */
class IntakeOutageTest {
  private static final int SHARDS = 4;
  private static final int LIMIT = 20;
  private static final int SECONDS = 600;
  private static final int LATE_SECONDS = 3;

  private enum Outage {
    REFUSING,
    FAILING,
    SILENT,
    HANGING
  }

  /** There are more series than may wait, so that something has to be dropped. */
  @ParameterizedTest
  @EnumSource
  void recordsAreProcessedAsTheyComeAndTheCounterTells(Outage outage) {
    MetricsSettings metrics =
        MetricsSettings.builder().level(MetricLevel.DETAILED).build();
    try (SimulatedWorkers workers = new SimulatedWorkers(11, SHARDS).metrics(metrics)) {
      workers.start("a", process -> input -> {
        workers.remember(input.records());
        input.checkpointer().checkpoint();
      });
      SimulatedEnvironment process = workers.process("a");
      FakeIntake intake = new FakeIntake(process, outage);
      MetricPublisher publisher = new MetricPublisher(
          process,
          process.newEventLoop("metrics"),
          workers.statistics,
          intake,
          MetricPublisher.Settings.of(Duration.ofSeconds(10), LIMIT));
      publisher.start();
      workers.runFor(Duration.ofSeconds(20));

      for (int second = 0; second < SECONDS; second++) {
        workers.stream.put(second % SHARDS, 2);
        workers.runFor(Duration.ofSeconds(1));
        assertThat(workers.processed.size())
            .as("processed after %d s", second)
            .isGreaterThanOrEqualTo(2 * (second - LATE_SECONDS));
      }

      assertThat(workers.owner(0)).isEqualTo("a");
      assertThat(intake.atOnceMax).as("requests at once").isEqualTo(1);
      assertThat(intake.largest).as("series that wait").isLessThanOrEqualTo(LIMIT);
      assertThat(publisher.dropped()).isPositive();
    }
  }

  private static final class FakeIntake implements MetricIntake {
    private final SimulatedEnvironment process;
    private final Outage outage;
    private int atOnce;
    private int atOnceMax;
    private int largest;

    private FakeIntake(SimulatedEnvironment process, Outage outage) {
      this.process = process;
      this.outage = outage;
    }

    @Override
    public CompletionStage<Void> accept(List<MetricDatum> data) {
      atOnceMax = Math.max(atOnceMax, ++atOnce);
      largest = Math.max(largest, data.size());
      try {
        return switch (outage) {
          case REFUSING ->
            CompletableFuture.failedFuture(
                new MetricsRefusedException("no", new IllegalArgumentException()));
          case FAILING -> CompletableFuture.failedFuture(new IOException("no route to host"));
          case SILENT -> new CompletableFuture<>();
          case HANGING -> {
            process.pause(Duration.ofMinutes(15));
            yield CompletableFuture.failedFuture(new IOException("reset"));
          }
        };
      } finally {
        atOnce--;
      }
    }
  }
}
