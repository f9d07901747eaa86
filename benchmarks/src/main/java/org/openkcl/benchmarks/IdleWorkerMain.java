package org.openkcl.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openkcl.InitialPosition;
import org.openkcl.Scheduler;
import org.openkcl.benchmarks.probe.Probe;
import org.openkcl.benchmarks.probe.Stamp;
import org.openkcl.benchmarks.probe.Vitals;
import org.openkcl.benchmarks.probe.WorkerEvent;
import org.openkcl.benchmarks.probe.WorkerOptions;
import org.openkcl.local.LocalCloud;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.ShardRecordProcessor;

/**
 * A worker that has nothing to do: counts the shards that it has begun and answers {@link Vitals}. Its leases are renewed seldom, since DynamoDB Local takes only some hundred updates a
 * second.
 */
final class IdleWorkerMain {
  private static final Duration FAILOVER = Duration.ofMinutes(5);

  private static final AtomicInteger BEGUN = new AtomicInteger();

  private IdleWorkerMain() {}

  /** Arguments: Kinesis and DynamoDB endpoint, application and stream, worker id. */
  public static void main(String[] args) throws IOException {
    Probe probe = new Probe(WorkerOptions.defaults());
    Scheduler scheduler = Scheduler.builder()
        .applicationName(args[2])
        .streamName(args[2])
        .workerId(args[3])
        .failoverTime(FAILOVER)
        .clients(client -> {
          LocalCloud.clientsFor(URI.create(args[0]), URI.create(args[1])).accept(client);
          client.overrideConfiguration(client.overrideConfiguration().toBuilder()
              .addExecutionInterceptor(probe.requests())
              .build());
        })
        .initialPosition(InitialPosition.trimHorizon())
        .processor(Idler::new)
        .build();
    scheduler.start().whenComplete((started, failure) -> {
      if (failure != null) {
        System.err.println("The worker cannot start: " + failure);
        Runtime.getRuntime().halt(1);
      }
    });
    probe.answer();
  }

  private static final class Idler implements ShardRecordProcessor {
    @Override
    public void initialize(InitializationInput input) {
      Probe.report(
          WorkerEvent.Kind.FIGURE,
          IdleShardsScenario.SHARDS,
          Stamp.nowMicros(),
          List.of(Integer.toString(BEGUN.incrementAndGet())));
    }

    @Override
    public void processRecords(ProcessRecordsInput batch) {}
  }
}
