package org.openkcl.fleet.mixed;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.openkcl.InitialPosition;
import org.openkcl.Scheduler;
import org.openkcl.local.LocalCloud;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.LeaseLostInput;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownRequestedInput;

/**
 * One worker of OpenKCL in a JVM of its own, with the options and the reports of the peers ({@code
 * peers/}). Ends at once when its standard input does, so that it never outlives who started it.
 */
public final class OpenKclWorker {
  private OpenKclWorker() {}

  /** Arguments: {@code --name=value}, the names being those of a peer. */
  public static void main(String[] args) throws IOException {
    Map<String, String> options = new HashMap<>();
    for (String arg : args) {
      String[] pair = arg.split("=", 2);
      options.put(pair[0], pair[1]);
    }
    Scheduler scheduler = scheduler(options);
    scheduler.drainOnSigterm();
    print("starting", "-");
    scheduler.start().whenComplete((started, failure) -> {
      if (failure != null) {
        System.err.println("The worker cannot start: " + failure);
        Runtime.getRuntime().halt(1);
      }
    });
    scheduler.stopped().whenComplete((stopped, failure) -> print("ended", "-"));
    while (System.in.read() >= 0) {
      // Only its end matters.
    }
    Runtime.getRuntime().halt(3);
  }

  private static Scheduler scheduler(Map<String, String> options) {
    return Scheduler.builder()
        .applicationName(option(options, "--application"))
        .streamName(option(options, "--stream"))
        .workerId(option(options, "--worker"))
        .failoverTime(Duration.ofMillis(Long.parseLong(option(options, "--failover-millis"))))
        .idleTimeBetweenReads(Duration.ofMillis(Long.parseLong(option(options, "--idle-millis"))))
        .clients(LocalCloud.clientsFor(
            URI.create(option(options, "--kinesis")), URI.create(option(options, "--dynamodb"))))
        .initialPosition(InitialPosition.trimHorizon())
        .processor(Reporting::new)
        .build();
  }

  private static String option(Map<String, String> options, String name) {
    String value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException("The option " + name + " is missing");
    }
    return value;
  }

  /** The line of a {@code PeerEvent} of this moment. */
  private static void print(String kind, String shard, String... values) {
    String line = String.join(" ", "@peer", kind, Long.toString(Story.nowMicros()), shard);
    System.out.println(values.length == 0 ? line : line + " " + String.join(" ", values));
  }

  /** Reports every call; checkpoints after each batch and whenever it is asked to stop. */
  private static final class Reporting implements ShardRecordProcessor {
    private String shard = "-";

    @Override
    public void initialize(InitializationInput input) {
      shard = input.shardId();
      print("initialized", shard, "sequence=" + input.extendedSequenceNumber().sequenceNumber());
    }

    @Override
    public void processRecords(ProcessRecordsInput batch) throws Exception {
      if (batch.records().isEmpty()) {
        return;
      }
      String records = batch.records().stream()
          .map(KinesisClientRecord::sequenceNumber)
          .collect(Collectors.joining(","));
      print("records", shard, "records=" + records);
      batch.checkpointer().checkpoint();
      print("checkpoint", shard);
    }

    @Override
    public void shardEnded(ShardEndedInput input) throws Exception {
      print("shardEnded", shard);
      input.checkpointer().checkpoint();
    }

    @Override
    public void shutdownRequested(ShutdownRequestedInput input) throws Exception {
      print("shutdownRequested", shard);
      input.checkpointer().checkpoint();
    }

    @Override
    public void leaseLost(LeaseLostInput input) {
      print("leaseLost", shard);
    }
  }
}
