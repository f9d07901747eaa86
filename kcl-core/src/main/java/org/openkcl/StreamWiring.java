package org.openkcl;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.kinesis.AwsClients;
import org.openkcl.kinesis.ConsumerRegistration;
import org.openkcl.kinesis.KinesisShardCatalog;
import org.openkcl.kinesis.KinesisShardReader;
import org.openkcl.kinesis.KinesisShardSubscriber;
import org.openkcl.kinesis.RegisteredStreamCatalog;
import org.openkcl.kinesis.StreamAddress;
import org.openkcl.lineage.ShardCatalog;
import org.openkcl.processor.StreamIdentifier;
import org.openkcl.retrieval.FallbackRecordSources;
import org.openkcl.retrieval.FanOutRecordSources;
import org.openkcl.retrieval.FanOutSettings;
import org.openkcl.retrieval.MemoryBudget;
import org.openkcl.retrieval.PollSettings;
import org.openkcl.retrieval.PollingRecordSources;
import org.openkcl.retrieval.RecordOpening;
import org.openkcl.retrieval.RecordSources;
import org.openkcl.retrieval.ShardSubscriber;
import org.openkcl.retrieval.TransportSize;
import org.openkcl.retrieval.UserRecordSources;
import org.openkcl.worker.WorkerPorts;

/** Connects a worker to its streams: a catalog and a way of reading for each. */
final class StreamWiring {
  private final Environment environment;
  private final EventLoop loop;
  private final AwsClients aws;
  private final Reading reading;
  private final List<ConsumerRegistration> registrations = new ArrayList<>();

  /**
   * What all streams of a worker have in common.
   *
   * @param application its name is the consumers' unless they have another
   * @param opening takes aggregates apart
   */
  record Reading(
      String application, PollSettings polling, MemoryBudget budget, RecordOpening opening) {}

  StreamWiring(Environment environment, EventLoop loop, AwsClients aws, Reading reading) {
    this.environment = environment;
    this.loop = loop;
    this.aws = aws;
    this.reading = reading;
  }

  WorkerPorts.Stream connect(StreamAddress stream, Retrieval retrieval) {
    ShardCatalog catalog = new KinesisShardCatalog(environment, loop, aws.kinesis(), stream);
    StreamIdentifier identifier = StreamIdentifier.singleStreamInstance(stream.name());
    if (!retrieval.subscribes()) {
      return new WorkerPorts.Stream(identifier, catalog, opened(polling(stream)));
    }
    ConsumerRegistration registration = new ConsumerRegistration(
        environment, loop, aws.kinesis(), stream, retrieval.consumer(reading.application()));
    registrations.add(registration);
    if (retrieval.polls()) {
      RecordSources either = new FallbackRecordSources(
          environment,
          fanOut(registration, FallbackRecordSources.FAILURES_TOLERATED),
          polling(stream),
          stream.toString());
      return new WorkerPorts.Stream(identifier, catalog, opened(either));
    }
    return new WorkerPorts.Stream(
        identifier,
        new RegisteredStreamCatalog(catalog, registration),
        opened(fanOut(registration, FanOutSettings.NEVER_GIVE_UP)));
  }

  /** User records of what comes out of the stream. */
  private RecordSources opened(RecordSources streamRecords) {
    return new UserRecordSources(streamRecords, reading.opening());
  }

  private RecordSources polling(StreamAddress stream) {
    return new PollingRecordSources(
        environment,
        loop,
        new KinesisShardReader(aws.kinesis(), stream),
        reading.polling(),
        reading.budget());
  }

  private RecordSources fanOut(ConsumerRegistration registration, int failuresTolerated) {
    long budgetBytes = reading.budget().limitBytes();
    ShardSubscriber subscriber = new KinesisShardSubscriber(
        registration,
        consumer -> aws.subscriptions(
            TransportSize.of(consumer.openShards(), budgetBytes, aws.kinesisThreads())));
    FanOutSettings settings = new FanOutSettings(reading.polling().maxRecords(), failuresTolerated);
    return new FanOutRecordSources(environment, loop, subscriber, settings, reading.budget());
  }

  /** Deregisters the consumers of all streams that are read by fan-out. */
  CompletionStage<Void> deregisterConsumers() {
    return CompletableFuture.allOf(registrations.stream()
        .map(each -> each.deregister().toCompletableFuture())
        .toArray(CompletableFuture<?>[]::new));
  }
}
