package org.openkcl.local.conformance;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.ManualClock;
import org.openkcl.local.model.ConsumerId;
import org.openkcl.local.model.IteratorPosition;
import org.openkcl.local.model.LocalStreams;
import org.openkcl.local.model.NewStream;
import org.openkcl.local.model.ResourcePolicy;
import org.openkcl.local.model.ResourcePolicy.Denial;
import org.openkcl.local.model.StreamDescription;
import org.openkcl.local.model.StreamMode;
import org.openkcl.local.model.StreamNames;

/** A cloud as a case finds it: empty at first, with ways to put streams into it directly. */
final class Stage {
  static final String SHARD = "shardId-000000000000";
  static final String OTHER_SHARD = "shardId-000000000001";

  /** How long a stream is CREATING. */
  static final Duration CREATION = Duration.ofSeconds(1);

  private static int lastName;
  private final LocalCloud cloud;
  private final ManualClock clock;
  private final @Nullable String key;

  Stage(LocalCloud cloud, ManualClock clock) {
    this(cloud, clock, null);
  }

  private Stage(LocalCloud cloud, ManualClock clock, @Nullable String key) {
    this.cloud = cloud;
    this.clock = clock;
    this.key = key;
  }

  LocalCloud cloud() {
    return cloud;
  }

  ManualClock clock() {
    return clock;
  }

  Stage with(String newKey) {
    return new Stage(cloud, clock, newKey);
  }

  String key() {
    if (key == null) {
      throw new IllegalStateException("This stage has no key");
    }
    return key;
  }

  String newKey() {
    return cloud.keys().create("alias/key" + ++lastName);
  }

  /** A new stream with two shards. */
  String stream() {
    return active(NewStream.provisioned("new", 2));
  }

  String active(NewStream kind) {
    String name = creating(kind);
    clock.advance(CREATION);
    return name;
  }

  String creating(NewStream kind) {
    String name = "stream" + ++lastName;
    if (kind.mode() == StreamMode.ON_DEMAND) {
      cloud.changeStreams(streams -> streams.control().account().enable());
    }
    cloud.changeStreams(streams -> streams.createStream(kind.named(name)));
    return name;
  }

  static @Nullable String arn(@Nullable String stream) {
    return stream == null ? null : StreamNames.arn(stream);
  }

  String iterator(String stream) {
    return cloud.streams(
        streams -> streams.shardIterator(stream, SHARD, IteratorPosition.trimHorizon()));
  }

  void put(String stream) {
    cloud.changeStreams(streams -> streams.put(stream, "k", "0", new byte[] {7}));
  }

  void encrypt(String stream) {
    cloud.changeStreams(streams -> streams.control().encryption().start(stream, "KMS", key()));
  }

  void tag(String stream, int count) {
    for (int i = 0; i < count; i++) {
      String name = "key" + i;
      cloud.changeStreams(
          streams -> streams.control().tags().add(StreamNames.arn(stream), Map.of(name, "v")));
    }
  }

  void deny(String stream, String operation) {
    ResourcePolicy policy = new ResourcePolicy(
        "{}", List.of(new Denial(List.of("kinesis:" + operation), List.of("*"))));
    cloud.changeStreams(
        streams -> streams.control().policies().put(StreamNames.arn(stream), policy));
  }

  /** A token for the second page of two streams, one a page. */
  String listing() {
    stream();
    stream();
    String token =
        cloud.streams(streams -> streams.control().listing().after("", 1).nextToken());
    return Objects.requireNonNull(token);
  }

  /** Registers a consumer and returns its ARN. */
  String register(String stream, String name) {
    return cloud.streams(streams -> streams.consumers().register(stream, name).arn());
  }

  /** Registers a consumer c and returns its ARN. */
  String consumer(@Nullable String stream) {
    return register(Objects.requireNonNull(stream), "c");
  }

  /** Subscribes a consumer to the first shard. */
  void subscribe(String consumerArn) {
    cloud.changeStreams(streams -> streams
        .consumers()
        .subscribe(
            ConsumerId.fromArn(consumerArn), SHARD, IteratorPosition.trimHorizon(), () -> {}));
  }

  /** Empties the cloud for the next case. */
  void clear() {
    cloud.faults().clear();
    cloud.keys().subscribed(true);
    cloud.keys().throttleNext(0);
    clock.advance(CREATION);
    cloud.changeStreams(Stage::deleteAll);
  }

  private static void deleteAll(LocalStreams streams) {
    for (StreamDescription stream : streams.listStreams()) {
      streams.deleteStreamAndConsumers(stream.name());
    }
  }
}
