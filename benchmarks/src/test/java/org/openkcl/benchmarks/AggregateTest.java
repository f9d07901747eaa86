package org.openkcl.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.records.AggregateRules;
import org.openkcl.records.UserRecords;

class AggregateTest {
  @Test
  void aWorkerFindsTheUserRecordsInTheirShard() {
    Aggregate aggregate = new Aggregate("7");
    for (int i = 0; i < 300; i++) {
      aggregate.add("key-" + i, ("data of " + i).getBytes(US_ASCII));
    }
    KinesisClientRecord record = KinesisClientRecord.builder()
        .sequenceNumber("1")
        .partitionKey("k")
        .data(ByteBuffer.wrap(aggregate.toBytes()))
        .build();
    UserRecords shard =
        new UserRecords(AggregateRules.DEFAULT, "shardId-0", HashKeyRange.of("5", "9"));
    UserRecords.Opened opened = shard.open(List.of(record), Checkpoint.TRIM_HORIZON);
    assertThat(opened.findings()).isEmpty();
    assertThat(opened.records()).hasSize(300);
    assertThat(opened.records().get(299).partitionKey()).isEqualTo("key-299");
    assertThat(US_ASCII.decode(opened.records().get(299).data()).toString())
        .isEqualTo("data of 299");
  }
}
