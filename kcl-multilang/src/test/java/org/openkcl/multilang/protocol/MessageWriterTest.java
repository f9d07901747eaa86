package org.openkcl.multilang.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.openkcl.processor.KinesisClientRecord;

class MessageWriterTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final MessageWriter writer = new MessageWriter(out);

  @Test
  void everyMemberIsThereAlsoWithoutValue() throws IOException {
    writer.initialize("shardId-000000000001", "TRIM_HORIZON", 0L);
    writer.initialize("s", null, null);
    writer.checkpointReply(new ChildLine.Checkpoint("5", null), null);
    writer.checkpointReply(new ChildLine.Checkpoint(null, null), "ShutdownException");
    writer.call(Call.LEASE_LOST);
    writer.processRecords(List.of(), null);
    assertThat(out.toString(UTF_8)).isEqualTo("""
        {"action":"initialize","shardId":"shardId-000000000001","sequenceNumber":"TRIM_HORIZON","subSequenceNumber":0}
        {"action":"initialize","shardId":"s","sequenceNumber":null,"subSequenceNumber":null}
        {"action":"checkpoint","sequenceNumber":"5","subSequenceNumber":null,"error":null}
        {"action":"checkpoint","sequenceNumber":null,"subSequenceNumber":null,"error":"ShutdownException"}
        {"action":"leaseLost"}
        {"action":"processRecords","records":[],"millisBehindLatest":null}
        """);
  }

  @Test
  void extensionsAreOfferedAndShardsNamedOnlyOnRequest() throws IOException {
    writer.initialize("s", "LATEST", 0L, EnumSet.allOf(Extension.class));
    writer.call(Call.SHARD_ENDED);
    writer.about("s").call(Call.SHARD_ENDED);
    writer.about("t").checkpointReply(new ChildLine.Checkpoint("5", 0L, "t"), null);
    writer.about("t").processRecords(List.of(), 3L);
    writer.initialize("u", "LATEST", 0L, EnumSet.of(Extension.LOG));
    writer.about(null).call(Call.LEASE_LOST);
    assertThat(out.toString(UTF_8)).isEqualTo("""
        {"action":"initialize","shardId":"s","sequenceNumber":"LATEST","subSequenceNumber":0,"extensions":["shards","log"]}
        {"action":"shardEnded"}
        {"action":"shardEnded","shardId":"s"}
        {"action":"checkpoint","shardId":"t","sequenceNumber":"5","subSequenceNumber":0,"error":null}
        {"action":"processRecords","shardId":"t","records":[],"millisBehindLatest":3}
        {"action":"initialize","shardId":"u","sequenceNumber":"LATEST","subSequenceNumber":0,"extensions":["log"]}
        {"action":"leaseLost"}
        """);
  }

  @Test
  void recordsAreOnOneLineWithTheirActionAndEpochMilliseconds() throws IOException {
    KinesisClientRecord record = KinesisClientRecord.builder()
        .data(ByteBuffer.wrap("a\nb".getBytes(UTF_8)))
        .partitionKey("k\"1\n")
        .sequenceNumber("49")
        .approximateArrivalTimestamp(Instant.ofEpochMilli(1_700_000_000_123L))
        .subSequenceNumber(2)
        .build();
    writer.processRecords(List.of(record), 17L);
    assertThat(out.toString(UTF_8)).isEqualTo("""
        {"action":"processRecords","records":[{"action":"record","data":"YQpi","partitionKey":"k\\"1\\n","sequenceNumber":"49","approximateArrivalTimestamp":1700000000123,"subSequenceNumber":2}],"millisBehindLatest":17}
        """);
  }

  @Test
  void dataOfEveryLengthIsStandardBase64WithPaddingAndWithoutLineBreaks() throws IOException {
    Random random = new Random(7);
    for (int length : new int[] {0, 1, 2, 3, 76, 77, 4_000, 100_001}) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      out.reset();
      writer.processRecords(
          List.of(KinesisClientRecord.builder()
              .data(ByteBuffer.wrap(bytes))
              .partitionKey("k")
              .sequenceNumber("1")
              .build()),
          0L);
      assertThat(out.toString(UTF_8))
          .contains("\"data\":\"" + Base64.getEncoder().encodeToString(bytes) + "\"")
          .contains("\"approximateArrivalTimestamp\":null");
    }
  }
}
