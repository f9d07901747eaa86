package org.openkcl.benchmarks.jmh;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.openkcl.processor.KinesisClientRecord;

/** Records to be measured with; the same at each start. */
final class Batches {
  private static final BigInteger FIRST =
      new BigInteger("49590338271490256608559692538361571095921575989136588898");
  private static final Instant ARRIVED = Instant.parse("2026-01-01T00:00:00Z");

  private Batches() {}

  /** Records with these bytes, each as a read-only view. */
  static List<KinesisClientRecord> of(int count, byte[] data) {
    List<KinesisClientRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(KinesisClientRecord.builder()
          .sequenceNumber(sequenceNumber(i))
          .approximateArrivalTimestamp(ARRIVED)
          .partitionKey(String.format(Locale.ROOT, "key-%04d", i))
          .data(ByteBuffer.wrap(data).asReadOnlyBuffer())
          .build());
    }
    return records;
  }

  static String sequenceNumber(int index) {
    return FIRST.add(BigInteger.valueOf(index)).toString();
  }

  static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(1).nextBytes(bytes);
    return bytes;
  }
}
