package org.openkcl.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openkcl.leases.Checkpoint;
import org.openkcl.processor.EncryptionType;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.OddRecord.Kind;
import org.openkcl.records.UserRecords.Opened;

/** Aggregates that an independent library has written: see {@code src/test/node/README.md}. */
class GoldenAggregatesTest {
  private static final Instant ARRIVAL = Instant.parse("2026-01-01T00:00:00Z");
  private final UserRecords userRecords = new UserRecords(AggregateRules.DEFAULT, "s", null);

  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Golden(String name, byte[] bytes, List<Expected> records) {
    @Override
    public String toString() {
      return name;
    }
  }

  record Expected(String partitionKey, @Nullable String explicitHashKey, ByteBuffer data) {}

  static Stream<Golden> golden() throws IOException {
    List<Golden> all = new ArrayList<>();
    try (InputStream file = GoldenAggregatesTest.class.getResourceAsStream("aggregates.tsv")) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
      text.lines().map(line -> line.split("\t", -1)).forEach(parts -> {
        if (parts[0].equals("aggregate")) {
          all.add(new Golden(parts[1], bytes(parts[2]), new ArrayList<>()));
        } else {
          all.get(all.size() - 1)
              .records()
              .add(new Expected(
                  new String(bytes(parts[1]), UTF_8),
                  parts[2].equals("-") ? null : parts[2],
                  ByteBuffer.wrap(bytes(parts[3]))));
        }
      });
    }
    assertThat(all).hasSize(10);
    return all.stream();
  }

  private static byte[] bytes(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void userRecordsComeOutAsTheyWentIn(Golden golden) {
    Opened opened = open(golden.bytes());
    assertThat(opened.findings()).isEmpty();
    assertThat(opened.records())
        .extracting(r -> new Expected(r.partitionKey(), r.explicitHashKey(), r.data()))
        .isEqualTo(golden.records());
    for (int i = 0; i < opened.records().size(); i++) {
      KinesisClientRecord record = opened.records().get(i);
      assertThat(record.subSequenceNumber()).isEqualTo(i);
      assertThat(record.aggregated()).isTrue();
      assertThat(record.sequenceNumber()).isEqualTo("49");
      assertThat(record.approximateArrivalTimestamp()).isEqualTo(ARRIVAL);
      assertThat(record.encryptionType()).isEqualTo(EncryptionType.KMS);
      assertThat(record.data().isReadOnly()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void anyCheckpointInsideLeavesOutExactlyWhatWasProcessed(Golden golden) {
    List<KinesisClientRecord> all = open(golden.bytes()).records();
    for (int i = 0; i < all.size(); i += Math.max(1, all.size() / 20)) {
      Opened rest = userRecords.open(List.of(record(golden.bytes())), new Checkpoint("49", i));
      assertThat(rest.records()).isEqualTo(all.subList(i + 1, all.size()));
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void oneWrongBitMakesItAnOrdinaryRecord(Golden golden) {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 200; i++) {
      byte[] broken = golden.bytes().clone();
      broken[random.nextInt(4, broken.length)] ^= (byte) (1 << random.nextInt(8));
      Opened opened = open(broken);
      assertThat(opened.records()).containsExactly(record(broken));
      assertThat(opened.findings())
          .singleElement()
          .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Kind.LOOKALIKE));
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void aCutOneIsAnOrdinaryRecordWhereverItIsCut(Golden golden) {
    for (int length = 4; length < golden.bytes().length; length += 1 + length / 50) {
      byte[] cut = Arrays.copyOf(golden.bytes(), length);
      assertThat(open(cut).records()).containsExactly(record(cut));
    }
  }

  /** With a checksum that fits whatever the contents have become: reading must be total. */
  @ParameterizedTest
  @MethodSource("golden")
  void nothingThatIsPutIntoAnAggregateMakesReadingFail(Golden golden) {
    SplittableRandom random = new SplittableRandom(11);
    byte[] message = Arrays.copyOfRange(golden.bytes(), 4, golden.bytes().length - 16);
    int corrupt = 0;
    for (int i = 0; i < 2_000; i++) {
      byte[] mutated = mutate(message, random);
      byte[] whole = TestAggregate.wrap(mutated);
      Opened opened = open(whole);
      if (!opened.findings().isEmpty()) {
        assertThat(opened.findings().get(0).kind())
            .isEqualTo(mutated.length == 0 ? Kind.LOOKALIKE : Kind.CORRUPT);
        assertThat(opened.records()).containsExactly(record(whole));
        corrupt++;
      }
    }
    assertThat(corrupt).isPositive();
  }

  private static byte[] mutate(byte[] message, SplittableRandom random) {
    byte[] mutated = message.clone();
    for (int n = random.nextInt(1, 4); n > 0; n--) {
      int at = random.nextInt(Math.min(mutated.length, random.nextBoolean() ? 40 : 1 << 20));
      mutated[at] = (byte) random.nextInt(256);
    }
    return random.nextInt(4) == 0
        ? Arrays.copyOf(mutated, random.nextInt(mutated.length))
        : mutated;
  }

  @Test
  void bytesWithoutAnySenseMakeNothingFail() {
    SplittableRandom random = new SplittableRandom(13);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(1, 60)];
      random.nextBytes(noise);
      Opened opened = open(TestAggregate.wrap(noise));
      assertThat(opened).isNotNull();
    }
  }

  private Opened open(byte[] data) {
    return userRecords.open(List.of(record(data)), Checkpoint.TRIM_HORIZON);
  }

  private static KinesisClientRecord record(byte[] data) {
    return KinesisClientRecord.builder()
        .sequenceNumber("49")
        .approximateArrivalTimestamp(ARRIVAL)
        .data(ByteBuffer.wrap(data))
        .partitionKey("outer")
        .encryptionType(EncryptionType.KMS)
        .build();
  }
}
