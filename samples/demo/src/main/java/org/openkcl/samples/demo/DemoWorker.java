package org.openkcl.samples.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.openkcl.InitialPosition;
import org.openkcl.Scheduler;
import org.openkcl.WorkerSnapshot;
import org.openkcl.WorkerSnapshot.ShardSnapshot;
import org.openkcl.local.LocalCloud;
import org.openkcl.processor.ShardRecordProcessorFactory;
import org.openkcl.samples.demo.proof.EpochMicros;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/**
 * One worker of the demo's fleet, in a JVM of its own: what a user's program looks like, plus a
 * report on standard output twice a second. Drains and ends on SIGTERM; ends at once when standard
 * input does, which is when the director is gone.
 */
@Command(name = "demo-worker")
final class DemoWorker implements Callable<Integer> {
  private static final long REPORT_EVERY_MILLIS = 500;
  private static final int ORPHANED = 3;
  private static final Set<String> READING = Set.of("STARTING", "CONSUMING", "DRAINING", "ENDING");

  @Option(names = "--worker-id", required = true)
  private String workerId = "";

  @Option(names = "--stream", required = true)
  private String stream = "";

  @Option(names = "--kinesis", required = true)
  private URI kinesis = URI.create("");

  @Option(names = "--dynamo", required = true)
  private URI dynamo = URI.create("");

  @Option(names = "--ledgers", required = true)
  private Path ledgers = Path.of("");

  @Option(names = "--failover-seconds", defaultValue = "10")
  private int failoverSeconds;

  @Option(names = "--sabotage", converter = DemoMain.SabotageConverter.class)
  private Sabotage sabotage = Sabotage.NONE;

  private DemoWorker() {}

  /** Runs one worker until it is told to stop. */
  public static void main(String[] args) {
    endWithStandardInput();
    System.exit(new CommandLine(new DemoWorker()).execute(args));
  }

  @Override
  public Integer call() {
    Consumer<AwsClientBuilder<?, ?>> endpoints = LocalCloud.clientsFor(kinesis, dynamo);
    try (KinesisAsyncClient client =
            KinesisAsyncClient.builder().applyMutation(endpoints::accept).build();
        Scheduler scheduler = Scheduler.builder()
            .applicationName("delays")
            .streamName(stream)
            .initialPosition(InitialPosition.trimHorizon())
            .workerId(workerId)
            .failoverTime(Duration.ofSeconds(failoverSeconds))
            .clients(endpoints)
            .processor(processors(client))
            .build()) {
      scheduler.drainOnSigterm();
      long startMicros = EpochMicros.now();
      every(
          REPORT_EVERY_MILLIS,
          () -> System.out.println(report(startMicros, scheduler.snapshot()).line()));
      scheduler.start().join();
      scheduler.stopped().join();
    }
    return 0;
  }

  private ShardRecordProcessorFactory processors(KinesisAsyncClient client) {
    DelayProcessor.Desk desk = new DelayProcessor.Desk(
        workerId,
        ledgers,
        new AtomicInteger(),
        new Misconduct(sabotage, new FlightStream(client, stream)));
    return () -> new DelayProcessor(desk);
  }

  private static WorkerReport report(long startMicros, WorkerSnapshot snapshot) {
    SortedMap<String, Long> lagMillis = new TreeMap<>();
    for (ShardSnapshot shard : snapshot.shards()) {
      if (READING.contains(shard.state())) {
        lagMillis.put(shard.shardId(), shard.millisBehindLatest());
      }
    }
    return new WorkerReport(startMicros, lagMillis);
  }

  private static void every(long millis, Runnable task) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(runnable -> daemon("reports", runnable));
    ScheduledFuture<?> unused = thread.scheduleAtFixedRate(task, 0, millis, TimeUnit.MILLISECONDS);
  }

  private static void endWithStandardInput() {
    daemon("director", () -> {
          try {
            System.in.transferTo(OutputStream.nullOutputStream());
          } catch (IOException e) {
            // The same as its end.
          }
          Runtime.getRuntime().halt(ORPHANED);
        })
        .start();
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
