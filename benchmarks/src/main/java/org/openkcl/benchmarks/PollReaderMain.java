package org.openkcl.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.openkcl.InitialPosition;
import org.openkcl.Scheduler;
import org.openkcl.SchedulerBuilder;
import org.openkcl.benchmarks.probe.Probe;
import org.openkcl.benchmarks.probe.Stamp;
import org.openkcl.benchmarks.probe.WorkerEvent;
import org.openkcl.local.LocalCloud;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.LeaseLostInput;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownRequestedInput;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;

/**
 * A worker in a JVM of its own that polls, counts and does nothing else. Twice a second it reports a
 * {@link WorkerEvent.Kind#FIGURE} per shard, the bytes read so far, and one each for the calls of
 * GetRecords and those that were refused, as the SDK's attempts; for records of 16 digits, which are
 * a {@link Stamp}, it reports how long they took in microseconds. Ends when its standard input does.
 */
final class PollReaderMain {
  static final String RECORDS = "records";
  static final String CALLS = "calls";
  static final String REFUSED = "refused";
  static final String DELAYS = "delays";
  private static final int STAMP_DIGITS = 16;
  private static final int BAD_REQUEST = 400;

  private final LongAdder records = new LongAdder();
  private final LongAdder calls = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final Map<String, LongAdder> bytes = new ConcurrentHashMap<>();

  private PollReaderMain() {}

  /**
   * Arguments: Kinesis and DynamoDB endpoint, application and stream, worker id, idle millis, and
   * {@code unlimited} to read as fast as the service answers.
   */
  public static void main(String[] args) throws IOException {
    PollReaderMain reader = new PollReaderMain();
    SchedulerBuilder builder = Scheduler.builder();
    if (args.length > 5) {
      builder.readLimits(Double.MAX_VALUE, Long.MAX_VALUE);
    }
    Scheduler scheduler = builder
        .applicationName(args[2])
        .streamName(args[2])
        .workerId(args[3])
        .clients(client -> reader.customize(client, URI.create(args[0]), URI.create(args[1])))
        .initialPosition(InitialPosition.trimHorizon())
        .idleTimeBetweenReads(Duration.ofMillis(Long.parseLong(args[4])))
        .processor(() -> reader.new Counter())
        .build();
    scheduler.start().whenComplete((started, failure) -> {
      if (failure != null) {
        System.err.println("The worker cannot start: " + failure);
        Runtime.getRuntime().halt(1);
      }
    });
    var unused = Executors.newSingleThreadScheduledExecutor()
        .scheduleAtFixedRate(reader::report, 0, 500, TimeUnit.MILLISECONDS);
    while (System.in.read() >= 0) {
      // Only the end counts.
    }
    Runtime.getRuntime().halt(2);
  }

  private void customize(AwsClientBuilder<?, ?> builder, URI kinesis, URI dynamoDb) {
    LocalCloud.clientsFor(kinesis, dynamoDb).accept(builder);
    builder.overrideConfiguration(builder.overrideConfiguration().toBuilder()
        .addExecutionInterceptor(new Attempts())
        .build());
  }

  private void report() {
    bytes.forEach((shard, sum) -> figure(shard, sum.sum()));
    figure(RECORDS, records.sum());
    figure(CALLS, calls.sum());
    figure(REFUSED, refused.sum());
  }

  private static void figure(String name, long value) {
    Probe.report(WorkerEvent.Kind.FIGURE, name, Stamp.nowMicros(), List.of(Long.toString(value)));
  }

  /** Counts the SDK's attempts, retries included. */
  private final class Attempts implements ExecutionInterceptor {
    @Override
    public void afterTransmission(Context.AfterTransmission call, ExecutionAttributes attributes) {
      if (call.request() instanceof GetRecordsRequest) {
        calls.increment();
        if (call.httpResponse().statusCode() == BAD_REQUEST) {
          refused.increment();
        }
      }
    }
  }

  /** Checkpoints at the end only: what is timed is reading. */
  private final class Counter implements ShardRecordProcessor {
    private LongAdder read = new LongAdder();

    @Override
    public void initialize(InitializationInput input) {
      read = bytes.computeIfAbsent(input.shardId(), shard -> new LongAdder());
    }

    @Override
    public void processRecords(ProcessRecordsInput batch) {
      records.add(batch.records().size());
      long now = Stamp.nowMicros();
      List<String> delays = new ArrayList<>();
      for (KinesisClientRecord record : batch.records()) {
        int size = record.data().remaining();
        read.add(size + record.partitionKey().length());
        if (size == STAMP_DIGITS) {
          long put = Long.parseLong(US_ASCII.decode(record.data()).toString());
          delays.add(Long.toString(now - put));
        }
      }
      if (!delays.isEmpty()) {
        Probe.report(WorkerEvent.Kind.FIGURE, DELAYS, now, delays);
      }
    }

    @Override
    public void shardEnded(ShardEndedInput input) {}

    @Override
    public void shutdownRequested(ShutdownRequestedInput input) {}

    @Override
    public void leaseLost(LeaseLostInput input) {}
  }
}
