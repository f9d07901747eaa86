package org.openkcl.local.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openkcl.local.ManualClock;
import org.openkcl.local.model.IteratorPosition;
import org.openkcl.local.model.ListShardsQuery;
import org.openkcl.local.model.LocalStreams;
import org.openkcl.local.model.LocalStreamsSettings;
import org.openkcl.local.model.RecordGate;
import org.openkcl.local.model.ServiceDelays;
import org.openkcl.local.model.ShardInfo;
import org.openkcl.local.model.StreamNames;
import org.openkcl.local.model.StreamRecord;

class StreamsFolderTest {
  private static final long SEGMENT_BYTES = 64 * 1024;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temporary;

  private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T12:00:00Z"));

  @Test
  void bringsBackWhatWasSettled() throws Exception {
    List<String> put = new ArrayList<>();
    List<ShardInfo> shards;
    try (StreamsFolder folder = open()) {
      LocalStreams streams = folder.streams();
      streams.createStream("orders", 2);
      streams.createStream("gone", 1);
      put.add(put(streams, "orders", "a"));
      put(streams, "gone", "b");
      folder.settle(streams, true);
      streams.split("orders", "shardId-000000000000", BigInteger.TEN);
      streams.deleteStream("gone");
      streams.createStream("gone", 1);
      streams.control().tags().add(StreamNames.arn("orders"), Map.of("team", "blue"));
      folder.settle(streams, true);
      put.add(put(streams, "orders", "c"));
      folder.settle(streams, false);
      shards = shards(streams, "orders");
    }
    try (StreamsFolder folder = open()) {
      LocalStreams streams = folder.streams();
      assertThat(shards(streams, "orders")).isEqualTo(shards);
      assertThat(records(streams, "orders")).isEqualTo(put);
      assertThat(records(streams, "gone")).isEmpty();
      assertThat(streams.control().tags().of(StreamNames.arn("orders")))
          .isEqualTo(Map.of("team", "blue"));
      String next = put(streams, "orders", "d");
      assertThat(new BigInteger(next)).isGreaterThan(new BigInteger(put.get(1)));
      folder.settle(streams, false);
    }
    try (StreamsFolder folder = open()) {
      assertThat(records(folder.streams(), "orders")).hasSize(3);
    }
  }

  @Test
  void keepsANewShardsRecordWithoutBeingToldOfTheShard() throws Exception {
    try (StreamsFolder folder = open()) {
      LocalStreams streams = folder.streams();
      streams.createStream("orders", 1);
      folder.settle(streams, true);
      streams.split("orders", "shardId-000000000000", BigInteger.TEN);
      put(streams, "orders", "a");
      folder.settle(streams, false);
    }
    try (StreamsFolder folder = open()) {
      assertThat(records(folder.streams(), "orders")).hasSize(1);
    }
  }

  /** The folder is not closed: what is in the files is what a killed process leaves. */
  @Test
  void bringsBackASplitThatIsUnderWay() throws Exception {
    LocalStreamsSettings slow = LocalStreamsSettings.defaults().withDelays(ServiceDelays.service());
    Duration delay = ServiceDelays.service().reshard();
    List<String> put = new ArrayList<>();
    StreamsFolder killed = open(folder(), slow);
    killed.streams().createStream("orders", 1);
    clock.advance(ServiceDelays.service().create());
    killed.streams().split("orders", "shardId-000000000000", BigInteger.TEN);
    killed.settle(killed.streams(), true);
    put.add(put(killed.streams(), "orders", "a"));
    killed.settle(killed.streams(), false);

    clock.advance(delay.minusMillis(1));
    StreamsFolder early = open(folder(), slow);
    assertThat(early.streams().describe("orders").status()).isEqualTo("UPDATING");
    put.add(put(early.streams(), "orders", "b"));
    early.settle(early.streams(), false);

    clock.advance(Duration.ofMillis(1));
    try (StreamsFolder late = open(folder(), slow)) {
      assertThat(late.streams().describe("orders").status()).isEqualTo("ACTIVE");
      assertThat(late.streams().describe("orders").openShardCount()).isEqualTo(2);
      put.add(put(late.streams(), "orders", "c"));
      late.settle(late.streams(), false);
    }
    clock.advance(Duration.ofHours(1));
    try (StreamsFolder folder = open(folder(), slow)) {
      List<ShardInfo> shards = shards(folder.streams(), "orders");
      assertThat(shards).hasSize(3);
      assertThat(new BigInteger(shards.get(0).endingSequenceNumber()))
          .isBetween(new BigInteger(put.get(1)), new BigInteger(put.get(2)));
      assertThat(records(folder.streams(), "orders")).isEqualTo(put);
    }
  }

  @Test
  void keepsRecordsForAPeriodThatBecameDueMeanwhile() throws Exception {
    LocalStreamsSettings slow = LocalStreamsSettings.defaults().withDelays(ServiceDelays.service());
    List<String> put = new ArrayList<>();
    StreamsFolder killed = open(folder(), slow);
    killed.streams().createStream("orders", 1);
    clock.advance(ServiceDelays.service().create());
    put(killed.streams(), "orders", "expires");
    clock.advance(Duration.ofHours(24).plusMillis(1));
    put.add(put(killed.streams(), "orders", "stays"));
    killed.streams().control().settings().increaseRetention("orders", 72);
    killed.settle(killed.streams(), true);
    clock.advance(Duration.ofHours(30));
    for (int i = 0; i < 2; i++) {
      try (StreamsFolder folder = open(folder(), slow)) {
        assertThat(records(folder.streams(), "orders")).isEqualTo(put);
      }
    }
  }

  @Test
  void toleratesATornEndWhereverItIsTorn() throws Exception {
    List<String> put = new ArrayList<>();
    try (StreamsFolder folder = open()) {
      LocalStreams streams = folder.streams();
      streams.createStream("orders", 1);
      folder.settle(streams, true);
      for (int i = 0; i < 3; i++) {
        put.add(put(streams, "orders", "record " + i));
        folder.settle(streams, false);
      }
    }
    byte[] whole = Files.readAllBytes(onlySegment(folder()));
    int kept = put.size();
    int lastFrames = whole.length - 160;
    for (int length = whole.length; length >= 0; length -= length > lastFrames ? 1 : 97) {
      for (boolean zeros : new boolean[] {false, true}) {
        byte[] torn = Arrays.copyOf(whole, length);
        Path path = temporary.resolve("torn-" + length + "-" + zeros);
        Files.createDirectories(path);
        Files.write(
            path.resolve("streams-0000000001.log"),
            zeros ? Arrays.copyOf(torn, length + 40) : torn);
        List<String> found = reopened(path);
        assertThat(found).as("torn at %s", length).isEqualTo(put.subList(0, found.size()));
        assertThat(found.size()).as("torn at %s", length).isBetween(kept - 1, kept);
        kept = found.size();
        assertThat(reopened(path)).as("once more").isEqualTo(found);
      }
    }
    assertThat(kept).isZero();
  }

  @Test
  void refusesWhatIsDamagedBeforeTheEnd() throws Exception {
    try (StreamsFolder folder = open()) {
      LocalStreams streams = folder.streams();
      streams.createStream("orders", 1);
      folder.settle(streams, true);
      for (int i = 0; i < 5; i++) {
        put(streams, "orders", "record " + i);
        folder.settle(streams, false);
      }
    }
    Path segment = onlySegment(folder());
    long size = Files.size(segment);
    for (long place : new long[] {3, 13, 17, 100, size / 2, size - 120}) {
      flip(segment, place);
      assertThatThrownBy(this::open)
          .as("damaged at %s", place)
          .isInstanceOf(DamagedFolderException.class)
          .hasMessageContaining("streams-0000000001.log");
      flip(segment, place);
    }
    open().close();
  }

  @Test
  void deletesSegmentsWhoseRecordsHaveExpired() throws Exception {
    try (StreamsFolder folder = open()) {
      LocalStreams streams = folder.streams();
      streams.createStream("orders", 1);
      folder.settle(streams, true);
      for (int day = 0; day < 10; day++) {
        for (int i = 0; i < 200; i++) {
          put(streams, "orders", "x".repeat(1_000));
          folder.settle(streams, false);
        }
        clock.advance(Duration.ofHours(25));
      }
      assertThat(size(folder())).isLessThan(2 * 200 * 1_200 + 2 * SEGMENT_BYTES);
      assertThat(records(streams, "orders")).isEmpty();
    }
    open().close();
    assertThat(size(folder())).as("nothing but an image").isLessThan(10_000);
  }

  @Test
  void refusesAFolderThatSomebodyHas() throws Exception {
    try (FolderLock first = FolderLock.take(folder())) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> FolderLock.take(folder()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("in use by another kcl-local");
    }
    FolderLock.take(folder()).close();
  }

  @Test
  void waitsForTheDiskWhenAsked() throws Exception {
    StreamsFolder.Options options = new StreamsFolder.Options(true, SEGMENT_BYTES);
    try (StreamsFolder folder = StreamsFolder.open(
        folder(), options, clock, LocalStreamsSettings.defaults(), RecordGate.OPEN)) {
      LocalStreams streams = folder.streams();
      streams.createStream("orders", 1);
      folder.await(folder.settle(streams, true));
      for (int i = 0; i < 100; i++) {
        put(streams, "orders", "x".repeat(1_000));
        folder.await(folder.settle(streams, false));
      }
    }
    try (StreamsFolder folder = open()) {
      assertThat(records(folder.streams(), "orders")).hasSize(100);
    }
  }

  private Path folder() {
    return temporary.resolve("streams");
  }

  private StreamsFolder open() throws IOException {
    return open(folder());
  }

  private StreamsFolder open(Path path) throws IOException {
    return open(path, LocalStreamsSettings.defaults());
  }

  private StreamsFolder open(Path path, LocalStreamsSettings settings) throws IOException {
    return StreamsFolder.open(
        path, new StreamsFolder.Options(false, SEGMENT_BYTES), clock, settings, RecordGate.OPEN);
  }

  private List<String> reopened(Path path) throws IOException {
    try (StreamsFolder folder = open(path)) {
      LocalStreams streams = folder.streams();
      return streams.listStreams().isEmpty() ? List.of() : records(streams, "orders");
    }
  }

  private static String put(LocalStreams streams, String stream, String data) {
    return streams.put(stream, "key", null, data.getBytes(UTF_8)).sequenceNumber();
  }

  private static List<ShardInfo> shards(LocalStreams streams, String stream) {
    return streams.listShards(ListShardsQuery.of(stream)).shards();
  }

  private static List<String> records(LocalStreams streams, String stream) {
    List<String> found = new ArrayList<>();
    for (ShardInfo shard : shards(streams, stream)) {
      String iterator =
          streams.shardIterator(stream, shard.shardId(), IteratorPosition.trimHorizon());
      streams.read(iterator, 1_000).records().stream()
          .map(StreamRecord::sequenceNumber)
          .forEach(found::add);
    }
    return found;
  }

  private static Path onlySegment(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .reduce((a, b) -> {
            throw new IllegalStateException("More than one segment: " + a + ", " + b);
          })
          .orElseThrow();
    }
  }

  private static long size(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  private static void flip(Path file, long place) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(place);
      int value = bytes.read();
      bytes.seek(place);
      bytes.write(value ^ 0x55);
    }
  }
}
