package org.openkcl;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.kinesis.AwsClients;
import org.openkcl.kinesis.ConsumerName;
import org.openkcl.kinesis.ConsumerRegistration;
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
import org.openkcl.retrieval.UserRecordSources;

/** Connects a worker to its streams: a catalog and a way of reading for each. */
final class StreamWiring {
  private final Environment environment;
  private final EventLoop loop;
  private final AwsClients aws;
  private final Reading reading;
  private final Map<StreamAddress, Consumer> consumers = new ConcurrentHashMap<>();

  /** What this worker is to a stream that it reads, or has read, by fan-out. */
  private record Consumer(StreamConfig stream, ConsumerName name) {}

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
    StreamConnection kinesis = new StreamConnection(aws, config.address(), config.client());
    ShardCatalog catalog = kinesis.catalog(environment, loop);
    RecordSources polling = polling(config, kinesis);
    Retrieval retrieval = config.retrieval().orElse(common);
    if (!retrieval.subscribes()) {
      return new Connected(catalog, opened(polling), kinesis::close);
    }
    ConsumerName consumer = retrieval.consumer(reading.application());
    consumers.put(config.address(), new Consumer(config, consumer));
    ConsumerRegistration registration = kinesis.registration(environment, loop, consumer);
    if (retrieval.polls()) {
      RecordSources either = new FallbackRecordSources(
          environment,
          fanOut(kinesis, registration, FallbackRecordSources.FAILURES_TOLERATED),
          polling,
          config.address().toString());
      return new Connected(catalog, opened(either), kinesis::close);
    }
    return new Connected(
        new RegisteredStreamCatalog(catalog, registration),
        opened(fanOut(kinesis, registration, FanOutSettings.NEVER_GIVE_UP)),
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

  private RecordSources fanOut(
      StreamConnection kinesis, ConsumerRegistration registration, int failuresTolerated) {
    return new FanOutRecordSources(
        environment,
        loop,
        kinesis.subscriber(environment, registration, reading.budget().limitBytes()),
        new FanOutSettings(reading.polling().maxRecords(), failuresTolerated),
        reading.budget());
  }

  /**
   * Deregisters the consumers of all streams that are, or were, read by fan-out. May be called from
   * any thread.
   */
  CompletionStage<Void> deregisterConsumers() {
    return CompletableFuture.allOf(consumers.values().stream()
        .map(each -> deregister(each).toCompletableFuture())
        .toArray(CompletableFuture<?>[]::new));
  }

  /** The stream may not be read any more, and its own client be closed: it gets another. */
  private CompletionStage<Void> deregister(Consumer consumer) {
    StreamConfig config = consumer.stream();
    StreamConnection kinesis = new StreamConnection(aws, config.address(), config.client());
    return kinesis
        .registration(environment, loop, consumer.name())
        .deregister()
        .whenComplete((done, thrown) -> kinesis.close());
  }
}
