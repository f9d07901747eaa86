package org.openkcl.multilang.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.openkcl.processor.KinesisClientRecord;

/** Records of a test, with sequence numbers that tell whose they are. */
record Batch(List<KinesisClientRecord> records) {
  private static final BigInteger FIRST =
      new BigInteger("49650000000000000000000000000000000000000000000000000000");
  private static final BigInteger PER_SHARD = BigInteger.TEN.pow(20);
  private static final Instant ARRIVAL = Instant.ofEpochMilli(1_700_000_000_000L);

  Batch {
    records = List.copyOf(records);
  }

  /**
   * Records of a shard.
   *
   * @param shard its number
   * @param from the number of the first
   * @param data their data, over and over
   */
  static Batch of(int shard, int from, int count, List<String> data) {
    List<KinesisClientRecord> records = new ArrayList<>();
    for (int number = from; number < from + count; number++) {
      records.add(KinesisClientRecord.builder()
          .data(ByteBuffer.wrap(data.get(number % data.size()).getBytes(UTF_8)))
          .partitionKey("kéy \"" + number + "\" \u2708")
          .sequenceNumber(FIRST
              .add(PER_SHARD.multiply(BigInteger.valueOf(shard)))
              .add(BigInteger.valueOf(number))
              .toString())
          .approximateArrivalTimestamp(ARRIVAL)
          .build());
    }
    return new Batch(records);
  }

  Set<String> sequenceNumbers() {
    return records.stream()
        .map(KinesisClientRecord::sequenceNumber)
        .collect(Collectors.toUnmodifiableSet());
  }
}
