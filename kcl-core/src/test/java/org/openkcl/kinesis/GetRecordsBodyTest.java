package org.openkcl.kinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.openkcl.processor.ChildShard;
import org.openkcl.processor.ChildShard.HashKeyRange;
import org.openkcl.processor.EncryptionType;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.retrieval.ReadReply;

/** Bodies written by another maker's CBOR library, whole and in pieces, and what is no body. */
class GetRecordsBodyTest {
  private static final CBORFactory CBOR = new CBORFactory();
  private static final long ARRIVAL_MILLIS = 1_764_378_000_123L;
  private static final int TIMESTAMP_TAG = 1;

  @FunctionalInterface
  interface Writing {
    void to(CBORGenerator out) throws IOException;
  }

  @Test
  void aReplyWithEverything() throws IOException {
    byte[] body = full();
    for (int size : new int[] {1, 2, 3, 7, 64, body.length}) {
      ReadReply reply = GetRecordsBody.read(pieces(body, size));
      assertThat(reply.nextIterator()).isEqualTo("next");
      assertThat(reply.millisBehindLatest()).isEqualTo(70_000);
      assertThat(reply.childShards())
          .containsExactly(new ChildShard(
              "shardId-000000000001",
              List.of("shardId-000000000000"),
              new HashKeyRange("0", "340282366920938463463374607431768211455")));
      assertThat(reply.records())
          .containsExactly(record("1", "clé", "payload", true), record("2", "b", "", false));
      assertThat(reply.bytes()).isEqualTo(7 + 3 + 1);
    }
  }

  @Test
  void theEndOfAShardHasNoNextIterator() throws IOException {
    ReadReply absent = read(out -> {
      out.writeStartObject();
      out.writeEndObject();
    });
    ReadReply isNull = read(out -> {
      out.writeStartObject();
      out.writeNullField("NextShardIterator");
      out.writeNullField("Records");
      out.writeNullField("MillisBehindLatest");
      out.writeNullField("ChildShards");
      out.writeEndObject();
    });
    assertThat(absent).isEqualTo(isNull).isEqualTo(new ReadReply(List.of(), null, 0, List.of(), 0));
  }

  @Test
  void membersOfTomorrowArePassedOver() throws IOException {
    ReadReply reply = read(out -> {
      out.writeStartObject();
      out.writeFieldName("Tomorrow");
      writeAnything(out);
      out.writeArrayFieldStart("Records");
      out.writeStartObject();
      out.writeFieldName("Later");
      writeAnything(out);
      out.writeStringField("SequenceNumber", "1");
      out.writeStringField("PartitionKey", "a");
      out.writeBinaryField("Data", new byte[] {1});
      out.writeEndObject();
      out.writeEndArray();
      out.writeStringField("NextShardIterator", "next");
      out.writeEndObject();
    });
    assertThat(reply.nextIterator()).isEqualTo("next");
    assertThat(reply.records()).singleElement().satisfies(record -> {
      assertThat(record.approximateArrivalTimestamp()).isNull();
      assertThat(record.data()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
    });
  }

  @Test
  void stringsInPiecesOfUnknownNumberAndTimesWithFractions() throws IOException {
    // {_ "Records": [_ {_ "Data": (_ h'01', h'0203'), "PartitionKey": (_ "a", "b"),
    //   "SequenceNumber": "7", "ApproximateArrivalTimestamp": 1(1764378000123.5) } ] }
    byte[] body = HexFormat.of()
        .parseHex("bf" + "67" + hex("Records") + "9f" + "bf" + "64" + hex("Data") + "5f4101420203ff"
            + "6c" + hex("PartitionKey") + "7f61616162ff" + "6e" + hex("SequenceNumber") + "6137"
            + "781b" + hex("ApproximateArrivalTimestamp") + "c1fb"
            + Long.toHexString(Double.doubleToLongBits(ARRIVAL_MILLIS + 0.5)) + "ff" + "ff" + "ff");
    assertThat(GetRecordsBody.read(pieces(body, 5)).records()).singleElement().satisfies(record -> {
      assertThat(record.data()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
      assertThat(record.partitionKey()).isEqualTo("ab");
      assertThat(record.sequenceNumber()).isEqualTo("7");
      assertThat(record.approximateArrivalTimestamp())
          .isEqualTo(Instant.ofEpochMilli(ARRIVAL_MILLIS));
    });
  }

  @Test
  void aKeyMayBeWrittenInMoreWaysThanOne() throws IOException {
    String name = hex("NextShardIterator");
    for (String key : List.of("71" + name, "7811" + name, "790011" + name, "7a00000011" + name)) {
      byte[] body = HexFormat.of().parseHex("a1" + key + "6161");
      assertThat(GetRecordsBody.read(pieces(body, body.length)).nextIterator()).isEqualTo("a");
    }
    refused("a17b" + hex("ApproximateArrivalTimestamp") + "00", "Ends too early");
  }

  @Test
  void keepingARecordDoesNotKeepTheReply() throws IOException {
    byte[] body = full();
    ReadReply reply = GetRecordsBody.read(pieces(body, body.length));
    Arrays.fill(body, (byte) 0);
    assertThat(UTF_8.decode(reply.records().get(0).data()).toString()).isEqualTo("payload");
  }

  @Test
  void aReplyThatEndsAnywhereElseIsRefused() throws IOException {
    byte[] body = full();
    for (int length = 0; length < body.length; length++) {
      byte[] cut = Arrays.copyOf(body, length);
      assertThatThrownBy(() -> GetRecordsBody.read(pieces(cut, 16)))
          .as("cut to %d bytes", length)
          .isInstanceOf(IOException.class);
    }
    byte[] longer = Arrays.copyOf(body, body.length + 1);
    assertThatThrownBy(() -> GetRecordsBody.read(pieces(longer, 16)))
        .hasMessage("1 bytes follow the end");
  }

  @Test
  void whatCannotBeIsRefusedBeforeMemoryIsTaken() {
    refused("a0a0", "1 bytes follow the end");
    refused("01", "Not a map: 0x1");
    refused("a1f600", "null is a key");
    refused(
        "bb7fffffffffffffff", "Ends too early: 0 bytes are left of at least 9223372036854775807");
    refused("a167" + hex("Records") + "9b00000000ffffffff", "Ends too early");
    refused("a167" + hex("Records") + "81a164" + hex("Data") + "5affffffff", "Ends too early");
    refused("a167" + hex("Records") + "81a0", "No Data");
    refused("a16178" + "81".repeat(40) + "00", "Nested deeper than 32");
    refused("a161781c", "Not a length: 0x1c");
    refused("a172" + hex("MillisBehindLatest") + "6131", "Not a number: 0x61");
  }

  @Test
  void changedBytesGiveAReplyOrARefusalAndNothingElse() throws IOException {
    byte[] body = full();
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = body.clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      try {
        GetRecordsBody.read(pieces(changed, 1 + random.nextInt(changed.length)));
      } catch (IOException expected) {
        refused++;
      }
    }
    assertThat(refused).isBetween(5_000, 20_000);
  }

  private static byte[] full() throws IOException {
    return bytes(out -> {
      out.writeStartObject();
      out.writeArrayFieldStart("Records");
      write(out, "1", "clé", "payload", true);
      write(out, "2", "b", "", false);
      out.writeEndArray();
      out.writeStringField("NextShardIterator", "next");
      out.writeNumberField("MillisBehindLatest", 70_000L);
      out.writeArrayFieldStart("ChildShards");
      out.writeStartObject();
      out.writeStringField("ShardId", "shardId-000000000001");
      out.writeArrayFieldStart("ParentShards");
      out.writeString("shardId-000000000000");
      out.writeEndArray();
      out.writeObjectFieldStart("HashKeyRange");
      out.writeStringField("StartingHashKey", "0");
      out.writeStringField("EndingHashKey", "340282366920938463463374607431768211455");
      out.writeEndObject();
      out.writeEndObject();
      out.writeEndArray();
      out.writeEndObject();
    });
  }

  private static void write(
      CBORGenerator out, String sequenceNumber, String key, String data, boolean encrypted)
      throws IOException {
    out.writeStartObject();
    out.writeFieldName("ApproximateArrivalTimestamp");
    out.writeTag(TIMESTAMP_TAG);
    out.writeNumber(ARRIVAL_MILLIS);
    out.writeBinaryField("Data", data.getBytes(UTF_8));
    if (encrypted) {
      out.writeStringField("EncryptionType", "KMS");
    }
    out.writeStringField("PartitionKey", key);
    out.writeStringField("SequenceNumber", sequenceNumber);
    out.writeEndObject();
  }

  private static void writeAnything(CBORGenerator out) throws IOException {
    out.writeStartObject(4);
    out.writeArrayFieldStart("list");
    out.writeNumber(-5);
    out.writeNumber(70_000);
    out.writeNumber(Long.MIN_VALUE);
    out.writeNumber(1.5f);
    out.writeNumber(2.5);
    out.writeBoolean(true);
    out.writeNull();
    out.writeEndArray();
    out.writeStringField("text", "x".repeat(300));
    out.writeBinaryField("bytes", new byte[70_000]);
    out.writeFieldName("time");
    out.writeTag(TIMESTAMP_TAG);
    out.writeNumber(ARRIVAL_MILLIS);
    out.writeEndObject();
  }

  private static KinesisClientRecord record(
      String sequenceNumber, String key, String data, boolean encrypted) {
    return KinesisClientRecord.builder()
        .sequenceNumber(sequenceNumber)
        .partitionKey(key)
        .data(ByteBuffer.wrap(data.getBytes(UTF_8)))
        .approximateArrivalTimestamp(Instant.ofEpochMilli(ARRIVAL_MILLIS))
        .encryptionType(encrypted ? EncryptionType.KMS : EncryptionType.NONE)
        .build();
  }

  private static void refused(String hex, String message) {
    byte[] body = HexFormat.of().parseHex(hex);
    assertThatThrownBy(() -> GetRecordsBody.read(pieces(body, 3)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  private static ReadReply read(Writing writing) throws IOException {
    return GetRecordsBody.read(pieces(bytes(writing), 10));
  }

  private static byte[] bytes(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CBORGenerator out = CBOR.createGenerator(bytes)) {
      writing.to(out);
    }
    return bytes.toByteArray();
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(UTF_8));
  }

  private static List<ByteBuffer> pieces(byte[] body, int size) {
    List<ByteBuffer> pieces = new ArrayList<>();
    for (int at = 0; at < body.length; at += size) {
      pieces.add(ByteBuffer.wrap(body, at, Math.min(size, body.length - at)));
    }
    return pieces;
  }
}
