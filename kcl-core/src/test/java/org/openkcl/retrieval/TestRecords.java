package org.openkcl.retrieval;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.openkcl.processor.KinesisClientRecord;

/** Records that differ in their sequence numbers. */
public final class TestRecords {
  private static final Instant ARRIVAL = Instant.parse("2026-01-01T00:00:00Z");

  private TestRecords() {}

  public static List<KinesisClientRecord> of(String... sequenceNumbers) {
    return Arrays.stream(sequenceNumbers).map(TestRecords::plain).toList();
  }

  public static List<String> sequenceNumbers(List<KinesisClientRecord> records) {
    return records.stream().map(KinesisClientRecord::sequenceNumber).toList();
  }

  public static KinesisClientRecord plain(String sequenceNumber) {
    return record(sequenceNumber, 0, false);
  }

  public static KinesisClientRecord record(
      String sequenceNumber, long subSequenceNumber, boolean aggregated) {
    return KinesisClientRecord.builder()
        .sequenceNumber(sequenceNumber)
        .approximateArrivalTimestamp(ARRIVAL)
        .data(ByteBuffer.allocate(1))
        .partitionKey("key")
        .subSequenceNumber(subSequenceNumber)
        .aggregated(aggregated)
        .build();
  }
}
