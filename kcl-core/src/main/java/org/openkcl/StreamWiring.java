package org.openkcl;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.kinesis.AwsClients;
import org.openkcl.kinesis.ConsumerRegistration;
import org.openkcl.kinesis.KinesisShardSubscriber;
import org.openkcl.kinesis.RegisteredStreamCatalog;
import org.openkcl.kinesis.StreamAddress;
import org.openkcl.kinesis.StreamConnection;
import org.openkcl.lineage.ShardCatalog;
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

  /**
   * One stream, connected.
   *
   * @param closer ends the connection
   */
  record Connected(ShardCatalog catalog, RecordSources sources, Runnable closer) {}

  Connected connect(StreamConfig config, Retrieval common) {
    StreamAddress stream = config.address();
    StreamConnection kinesis = new StreamConnection(aws, stream, config.client());
    ShardCatalog catalog = kinesis.catalog(environment, loop);
    RecordSources polling = polling(config, kinesis);
    Retrieval retrieval = config.retrieval().orElse(common);
    if (!retrieval.subscribes()) {
      return new Connected(catalog, opened(polling), kinesis::close);
    }
    if (config.client().isPresent()) {
      throw new IllegalArgumentException(
          ("Stream '%s' has a client of its own, so it must be polled:"
                  + " got retrieval=%s. Add .withRetrieval(Retrieval.polling()) to the stream.")
              .formatted(config, retrieval));
    }
    ConsumerRegistration registration = new ConsumerRegistration(
        environment, loop, aws.kinesis(), stream, retrieval.consumer(reading.application()));
    registrations.add(registration);
    if (retrieval.polls()) {
      RecordSources either = new FallbackRecordSources(
          environment,
          fanOut(registration, FallbackRecordSources.FAILURES_TOLERATED),
          polling,
          stream.toString());
      return new Connected(catalog, opened(either), kinesis::close);
    }
    return new Connected(
        new RegisteredStreamCatalog(catalog, registration),
        opened(fanOut(registration, FanOutSettings.NEVER_GIVE_UP)),
        kinesis::close);
  }

  /** User records of what comes out of the stream. */
  private RecordSources opened(RecordSources streamRecords) {
    return new UserRecordSources(streamRecords, reading.opening());
  }

  private RecordSources polling(StreamConfig config, StreamConnection kinesis) {
    return new PollingRecordSources(
        environment,
        loop,
        kinesis.reader(environment),
        config.polling(reading.polling()),
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
