package org.openkcl.local.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsImageTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  /** What an image leaves out because it is put in anew. */
  private static final Set<Class<?>> ANEW = Set.of(
      HashKeys.class,
      LocalStreamsSettings.class,
      InstantSource.class,
      RecordLog.class,
      CallRates.class,
      Throttle.class);

  private final LocalStreamsSettings settings = LocalStreamsSettings.defaults();
  private final LocalStreams streams = new LocalStreams(() -> START, settings);

  @Test
  void hasEverythingButTheRecords() throws Exception {
    streams.createStream("orders", 2);
    streams.split("orders", "shardId-000000000000", BigInteger.TEN);
    streams.merge("orders", "shardId-000000000002", "shardId-000000000003");
    streams.control().tags().add(StreamNames.arn("orders"), Map.of("team", "blue"));
    streams.control().keys().create("alias/orders");
    streams.control().encryption().start("orders", "KMS", "alias/orders");
    streams.consumers().register("orders", "reader");
    streams.put("orders", "key", null, "data".getBytes(UTF_8));

    LocalStreams restored = restored();
    ConsumerId reader = ConsumerId.of("orders", "reader");
    assertThat(restored.consumers().describe(reader))
        .isEqualTo(streams.consumers().describe(reader));
    assertThat(restored.listStreams()).isEqualTo(streams.listStreams());
    ListShardsQuery shards = ListShardsQuery.of("orders");
    assertThat(restored.listShards(shards)).isEqualTo(streams.listShards(shards));
    assertThat(restored.control().tags().of(StreamNames.arn("orders")))
        .isEqualTo(Map.of("team", "blue"));
    assertThat(StreamsImage.of(restored)).isEqualTo(StreamsImage.of(streams));

    PutResult next = restored.put("orders", "key", null, "data".getBytes(UTF_8));
    String iterator =
        restored.shardIterator("orders", next.shardId(), IteratorPosition.trimHorizon());
    assertThat(restored.read(iterator, 10).records())
        .extracting(StreamRecord::sequenceNumber)
        .containsExactly(next.sequenceNumber());
  }

  @Test
  void isTheSameUntilMoreThanRecordsChanges() {
    streams.createStream("orders", 2);
    byte[] before = StreamsImage.of(streams);
    streams.put("orders", "key", null, "data".getBytes(UTF_8));
    assertThat(StreamsImage.of(streams)).isEqualTo(before);
    streams.control().tags().add(StreamNames.arn("orders"), Map.of("team", "blue"));
    assertThat(StreamsImage.of(streams)).isNotEqualTo(before);
  }

  @Test
  void copesWithALongLineage() throws Exception {
    streams.createStream("orders", 1);
    String shard = "shardId-000000000000";
    for (int i = 0; i < 2_000; i++) {
      streams.split("orders", shard, BigInteger.ONE.shiftLeft(127));
      streams.merge("orders", Shard.id(3 * i + 1), Shard.id(3 * i + 2));
      shard = Shard.id(3 * i + 3);
    }
    assertThat(restored().describe("orders")).isEqualTo(streams.describe("orders"));
  }

  static Map<String, Consumer<LocalStreams>> changes() {
    String first = "shardId-000000000000";
    return Map.ofEntries(
        Map.entry("split", streams -> streams.split("orders", first, BigInteger.TEN)),
        Map.entry("merge", streams -> streams.merge("orders", first, "shardId-000000000001")),
        Map.entry("count", streams -> streams.updateShardCount("orders", 3)),
        Map.entry(
            "longer", streams -> streams.control().settings().increaseRetention("orders", 48)),
        Map.entry(
            "larger", streams -> streams.control().settings().updateMaxRecordSize("orders", 2_048)),
        Map.entry(
            "monitored",
            streams -> streams.control().settings().enableMonitoring("orders", List.of("ALL"))),
        Map.entry(
            "encrypted",
            streams -> streams.control().encryption().start("orders", "KMS", "alias/aws/kinesis")),
        Map.entry(
            "on demand",
            streams -> streams.control().modes().update("orders", StreamMode.ON_DEMAND, null)),
        Map.entry("warm", streams -> {
          streams.control().account().enable();
          streams.control().modes().update("orders", StreamMode.ON_DEMAND, 9);
        }));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "split",
        "merge",
        "count",
        "longer",
        "larger",
        "monitored",
        "encrypted",
        "on demand",
        "warm"
      })
  void hasAChangeThatIsUnderWay(String change) throws Exception {
    Instant[] now = {START};
    LocalStreamsSettings slow = settings.withDelays(ServiceDelays.service());
    LocalStreams changing = new LocalStreams(() -> now[0], slow);
    changing.createStream("orders", 2);
    now[0] = START.plus(Duration.ofMinutes(5));
    StreamDescription before = changing.describe("orders");
    Objects.requireNonNull(changes().get(change)).accept(changing);
    assertThat(changing.describe("orders").status()).isEqualTo("UPDATING");

    LocalStreams restored =
        StreamsImage.read(StreamsImage.of(changing), () -> now[0], slow, RecordGate.OPEN);
    assertThat(restored.describe("orders").status()).isEqualTo("UPDATING");
    now[0] = START.plus(Duration.ofMinutes(10));
    assertThat(restored.describe("orders")).isEqualTo(changing.describe("orders"));
    assertThat(restored.describe("orders").status()).isEqualTo("ACTIVE");
    assertThat(restored.describe("orders")).isNotEqualTo(before);
    assertThat(restored.listShards(ListShardsQuery.of("orders")))
        .isEqualTo(changing.listShards(ListShardsQuery.of("orders")));
  }

  /** Whoever adds to the model decides here: Serializable, or a transient field. */
  @Test
  void hasRoomForEveryPartOfTheModel() {
    Set<Class<?>> parts = new LinkedHashSet<>(List.of(LocalStreams.class));
    List<String> missing = new ArrayList<>();
    for (List<Class<?>> next = List.copyOf(parts); !next.isEmpty(); ) {
      List<Class<?>> found = new ArrayList<>();
      for (Class<?> part : next) {
        for (Field field : part.getDeclaredFields()) {
          if (!Modifier.isStatic(field.getModifiers())
              && !Modifier.isTransient(field.getModifiers())) {
            classesIn(field.getGenericType()).stream()
                .filter(type -> type.getPackage() == LocalStreams.class.getPackage())
                .filter(type -> !ANEW.contains(type))
                .forEach(type -> {
                  if (!Serializable.class.isAssignableFrom(type)) {
                    missing.add(part.getSimpleName() + "." + field.getName());
                  }
                  if (parts.add(type)) {
                    found.add(type);
                  }
                });
          }
        }
      }
      next = found;
    }
    assertThat(parts).contains(Stream.class, Shard.class, StreamControl.class);
    assertThat(missing).as("parts that are neither Serializable nor transient").isEmpty();
  }

  private LocalStreams restored() throws Exception {
    return StreamsImage.read(StreamsImage.of(streams), () -> START, settings, RecordGate.OPEN);
  }

  private static List<Class<?>> classesIn(Type type) {
    List<Class<?>> classes = new ArrayList<>();
    if (type instanceof Class<?> plain) {
      classes.add(plain.isArray() ? plain.getComponentType() : plain);
    } else if (type instanceof ParameterizedType generic) {
      for (Type argument : generic.getActualTypeArguments()) {
        classes.addAll(classesIn(argument));
      }
    }
    return classes;
  }
}
