package org.openkcl;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.kinesis.StreamAddress;
import org.openkcl.lineage.FormerStreams;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.processor.StreamIdentifier;
import org.openkcl.worker.StreamSource;
import org.openkcl.worker.StreamSupply;

/** The streams that were configured, or that a tracker names, made ready to be read. */
final class ConfiguredStreams implements StreamSupply {
  private final Parts parts;
  private final StreamSettings settings;
  private final Map<String, StreamSource> made = new HashMap<>(); // confined to the loop

  /**
   * What all streams have in common.
   *
   * @param retrieval how a stream is read unless it says otherwise
   */
  record Parts(Environment environment, EventLoop loop, StreamWiring wiring, Retrieval retrieval) {}

  ConfiguredStreams(Parts parts, StreamSettings settings) {
    this.parts = parts;
    this.settings = settings;
  }

  @Override
  public boolean several() {
    return settings.single() == null;
  }

  @Override
  public Duration interval() {
    return settings.trackingInterval();
  }

  @Override
  public CompletionStage<Wanted> wanted() {
    CompletableFuture<Wanted> wanted = new CompletableFuture<>();
    parts
        .loop()
        .whenDone(
            asked(),
            answer -> {
              try {
                wanted.complete(new Wanted(sourcesOf(answer.configs()), answer.rule()));
              } catch (RuntimeException failure) {
                wanted.completeExceptionally(failure);
              }
            },
            wanted::completeExceptionally);
    return wanted;
  }

  /** What the application says. */
  private record Answer(List<StreamConfig> configs, FormerStreams.Rule rule) {}

  private CompletionStage<Answer> asked() {
    MultiStreamTracker tracker = settings.tracker();
    if (tracker == null) {
      return CompletableFuture.completedFuture(
          new Answer(settings.configs(), FormerStreams.Rule.KEEP));
    }
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    parts.environment().runBlocking("openkcl-streams", () -> {
      try {
        answer.complete(new Answer(
            tracker.streamConfigList(), ruleOf(tracker.formerStreamsLeasesDeletionStrategy())));
      } catch (RuntimeException | Error thrown) {
        answer.completeExceptionally(new StreamFailure(
            StreamFailure.Kind.UNAVAILABLE,
            "The stream tracker could not tell which streams to read: it threw " + thrown,
            thrown));
      }
    });
    return answer;
  }

  private static FormerStreams.Rule ruleOf(FormerStreamsLeasesDeletionStrategy strategy) {
    return new FormerStreams.Rule(
        FormerStreams.Kind.valueOf(strategy.leaseDeletionType().name()),
        strategy.streamIdentifiersForLeaseCleanup().stream()
            .map(StreamIdentifier::serialize)
            .collect(Collectors.toSet()),
        strategy.waitPeriodToDeleteFormerStreams());
  }

  private List<StreamSource> sourcesOf(List<StreamConfig> configs) {
    Set<String> names = new HashSet<>();
    List<StreamSource> sources = new ArrayList<>();
    for (StreamConfig config : configs) {
      if (!names.add(config.toString())) {
        throw new IllegalArgumentException("Stream '" + config + "' is given twice. Give it once.");
      }
      sources.add(made.computeIfAbsent(config.toString(), first -> source(config)));
    }
    return sources;
  }

  private StreamSource source(StreamConfig config) {
    StreamWiring.Connected stream = parts.wiring().connect(config, parts.retrieval());
    return new StreamSource(
        config.toString(),
        several() ? config.streamIdentifier().orElse(null) : identifierOf(config.address()),
        new StreamSource.Reading(settings.positionOf(config), settings.recreated()),
        stream.catalog(),
        stream.sources(),
        () -> {
          made.remove(config.toString());
          stream.closer().run();
        });
  }

  private static StreamIdentifier identifierOf(StreamAddress address) {
    String arn = address.arn();
    return arn == null
        ? StreamIdentifier.singleStreamInstance(address.name())
        : StreamIdentifier.singleStreamInstanceOfArn(arn);
  }
}
